"""Capture files: records, link layers and UDP datagrams. Nothing here knows CoAP, but for the guess in ``traffic``."""
