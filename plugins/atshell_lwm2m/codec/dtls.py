"""DTLS records (RFC 6347, RFC 9146, RFC 9147): recognised and named, not opened."""

from __future__ import annotations

_CONTENT = {
    20: "change cipher spec",
    21: "alert",
    22: "handshake",
    23: "application data",
    24: "heartbeat",
    25: "record with connection ID",
    26: "acknowledgement",
}
_HANDSHAKE = {
    0: "Hello Request",
    1: "Client Hello",
    2: "Server Hello",
    3: "Hello Verify Request",
    4: "New Session Ticket",
    11: "Certificate",
    12: "Server Key Exchange",
    13: "Certificate Request",
    14: "Server Hello Done",
    15: "Certificate Verify",
    16: "Client Key Exchange",
    20: "Finished",
}
_VERSIONS = {b"\xfe\xff": "DTLS 1.0", b"\xfe\xfd": "DTLS 1.2", b"\xfe\xfc": "DTLS 1.3", b"\x01\x00": "DTLS 1.0"}
_HEADER = 13


def is_dtls(data: bytes) -> bool:
    """By the first record's header: no CoAP message begins like this, for its version would be 0."""
    return len(data) >= _HEADER and data[0] in _CONTENT and data[1:3] in _VERSIONS


def describe(data: bytes) -> tuple[str, str | None]:
    """The records of a datagram in words, and what is malformed. ``data`` passed ``is_dtls``."""
    names: list[str] = []
    at = 0
    while at < len(data):
        if not is_dtls(data[at : at + _HEADER]):
            return _summary(data, names), f"no DTLS record header at byte {at}"
        # A connection ID has no length of its own; the record can not be followed without the handshake.
        if data[at] == 25:
            names.append(_CONTENT[25])
            break
        length = int.from_bytes(data[at + 11 : at + 13], "big")
        body = data[at + _HEADER : at + _HEADER + length]
        if len(body) < length:
            return _summary(data, names), f"a DTLS record of {length} bytes where {len(body)} are left at byte {at}"
        names.append(_record(data[at], data[at + 3 : at + 5], body))
        at += _HEADER + length
    return _summary(data, names), None


def _summary(data: bytes, names: list[str]) -> str:
    return f"{_VERSIONS[data[1:3]]} {', '.join(names)}".rstrip()


def _record(content: int, epoch: bytes, body: bytes) -> str:
    name = _CONTENT[content]
    if content != 22:
        return name if content != 23 else f"{name}, {len(body)} bytes"
    if epoch != b"\0\0":
        return f"{name} (encrypted)"
    return _HANDSHAKE.get(body[0], name) if body else name
