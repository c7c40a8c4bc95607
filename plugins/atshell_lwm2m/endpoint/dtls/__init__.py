"""Live DTLS 1.2 with pre-shared keys: OpenSSL under the wires of ``endpoint.udp``.

Import nothing from here before it is needed: OpenSSL takes a noticeable part of a second to load.
"""
