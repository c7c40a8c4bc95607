"""Bytes to values and back: CoAP headers and options, and the payload formats of LwM2M. No I/O, no clock."""
