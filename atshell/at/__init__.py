"""The AT language, sans-io: bytes in, events out (ITU-T V.250, 3GPP TS 27.007)."""
