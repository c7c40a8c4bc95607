"""Standard commands: ITU-T V.250, 3GPP TS 27.005 and TS 27.007."""
