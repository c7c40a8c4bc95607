"""Datagrams to messages with a meaning: exchanges, observe relations, registrations, operations."""
