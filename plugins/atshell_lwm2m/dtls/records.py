"""DTLS records: a datagram is cut into them, and each has a name (RFC 6347 section 4.1, RFC 9146 section 4, RFC 9147
section 4). Nothing is opened here, and nothing remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from atshell_lwm2m.codec.errors import left
from atshell_lwm2m.dtls.alerts import alert

CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, APPLICATION_DATA, CONNECTION_ID = 20, 21, 22, 23, 25
UNIFIED = 0x20
"""Stands for the content of a DTLS 1.3 record with the short header, whose first byte is ``001.....``."""
CONTENT = {
    CHANGE_CIPHER_SPEC: "change cipher spec",
    ALERT: "alert",
    HANDSHAKE: "handshake",
    APPLICATION_DATA: "application data",
    24: "heartbeat",
    CONNECTION_ID: "record with connection ID",
    26: "acknowledgement",
}
MESSAGES = {
    0: "Hello Request",
    1: "Client Hello",
    2: "Server Hello",
    3: "Hello Verify Request",
    4: "New Session Ticket",
    8: "Encrypted Extensions",
    11: "Certificate",
    12: "Server Key Exchange",
    13: "Certificate Request",
    14: "Server Hello Done",
    15: "Certificate Verify",
    16: "Client Key Exchange",
    20: "Finished",
}
DTLS10, DTLS12, DTLS13 = b"\xfe\xff", b"\xfe\xfd", b"\xfe\xfc"
# OpenSSL's DTLS1_BAD_VER, from before RFC 4347.
VERSIONS = {DTLS10: "DTLS 1.0", DTLS12: "DTLS 1.2", DTLS13: "DTLS 1.3", b"\x01\x00": "DTLS 1.0"}
HEADER = 13
_CID_AT = 11
_MESSAGE_HEADER = 12


@dataclass(frozen=True, slots=True)
class Record:
    content: int
    version: bytes
    number: bytes
    """Epoch and sequence number, eight bytes: what the keys are used with."""
    cid: bytes
    body: bytes

    @property
    def epoch(self) -> int:
        return int.from_bytes(self.number[:2], "big")


def is_dtls(data: bytes) -> bool:
    """By the first record's header: no CoAP message begins like this, for its version would be 0."""
    return len(data) >= HEADER and data[0] in CONTENT and data[1:3] in VERSIONS


def is_unified(data: bytes) -> bool:
    """A DTLS 1.3 record with the short header, if this is DTLS 1.3 at all: nothing else in it can be checked."""
    return len(data) >= 2 and data[0] & 0xE0 == UNIFIED


def split(data: bytes, cid_length: Callable[[bytes], int | None], modern: bool = False) -> Iterator[Record | str]:
    """The records of a datagram; a string says what is malformed, and is the last. ``cid_length`` is asked with what
    begins with a connection ID, which has no length of its own. ``modern`` allows DTLS 1.3's short header."""
    at = 0
    while at < len(data):
        if modern and is_unified(data[at:]):
            at, record = _unified(data, at)
            yield record
            continue
        if not is_dtls(data[at : at + HEADER]):
            yield f"no DTLS record header at byte {at}"
            return
        start = at + _CID_AT
        if data[at] == CONNECTION_ID:
            known = cid_length(data[start:])
            # Without the handshake nobody knows where it ends.
            if known is None:
                yield Record(CONNECTION_ID, data[at + 1 : at + 3], data[at + 3 : start], b"", b"")
                return
            start += known
        length, body = int.from_bytes(data[start : start + 2], "big"), start + 2
        if len(data) < body + length:
            yield f"a DTLS record of {length} bytes where {left(max(0, len(data) - body))} at byte {at}"
            return
        yield Record(
            data[at],
            data[at + 1 : at + 3],
            data[at + 3 : at + _CID_AT],
            data[at + _CID_AT : start],
            data[body : body + length],
        )
        at = body + length


def _unified(data: bytes, at: int) -> tuple[int, Record]:
    """RFC 9147 section 4: the bits say whether connection ID, two bytes of sequence number and a length follow."""
    bits = data[at]
    start = at + 1 + (2 if bits & 8 else 1)
    end = len(data)
    if bits & 4 and not bits & 16:
        end = min(end, start + 2 + int.from_bytes(data[start : start + 2], "big"))
        start += 2
    return max(end, at + 1), Record(UNIFIED, DTLS13, bytes([0, bits & 3]) + bytes(6), b"", data[start:end])


def name(content: int, body: bytes, sealed: bool) -> str:
    """What a record is, in words. ``sealed`` is one that is encrypted and was not opened."""
    if content == UNIFIED:
        return f"encrypted record, {len(body)} bytes"
    label = CONTENT.get(content, f"content type {content}")
    if content == APPLICATION_DATA:
        return f"{label}, {len(body)} bytes"
    if content == CONNECTION_ID:
        return f"{label}, {len(body)} bytes" if body else label
    if content not in (HANDSHAKE, ALERT):
        return label
    if sealed:
        return f"{label} (encrypted)"
    if content == ALERT:
        return alert(body)
    return ", ".join(_messages(body)) or label


def _messages(body: bytes) -> Iterator[str]:
    """The handshake messages of a record; of a message in fragments each has its name (RFC 6347 section 4.2.3)."""
    at = 0
    while at < len(body):
        yield MESSAGES.get(body[at], "handshake")
        at += _MESSAGE_HEADER + int.from_bytes(body[at + 9 : at + 12], "big")
