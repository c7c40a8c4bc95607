"""DTLS 1.2 opened with the keys that are given: datagrams in, plain application data and reasons out (sans-io)."""
