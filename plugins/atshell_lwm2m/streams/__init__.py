"""CoAP over TCP, TLS and WebSockets: segments in, messages and what is missing out (sans-io)."""
