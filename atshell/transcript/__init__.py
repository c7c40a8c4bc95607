"""The record of a session: ``*.at.jsonl``."""
