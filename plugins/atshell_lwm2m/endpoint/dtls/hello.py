"""What a server looks at before OpenSSL does: whether a datagram begins a handshake, and whose."""

from __future__ import annotations

from atshell_lwm2m.dtls.records import HANDSHAKE, HEADER, is_dtls

_CLIENT_HELLO = 1
_OPEN = b"\0\0"
"""The epoch in which nothing is protected."""
_RANDOM = slice(HEADER + 14, HEADER + 46)
"""Behind the header of the message and the version (RFC 6347 section 4.2.2)."""


def client_random(datagram: bytes) -> bytes | None:
    """The random of the Client Hello that a datagram begins with; None where it does not."""
    begins = is_dtls(datagram) and datagram[0] == HANDSHAKE and datagram[3:5] == _OPEN
    if not begins or len(datagram) < _RANDOM.stop or datagram[HEADER] != _CLIENT_HELLO:
        return None
    return datagram[_RANDOM]
