"""The record of a session (contract section 2)."""
