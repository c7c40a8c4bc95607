"""The CoAP message over TCP and WebSockets (RFC 8323 sections 3.2 and 4.2): no type and no message ID, and over TCP its
length in front.

``measure`` tells a stream's reader how long the next message is as soon as that can be known; ``read`` takes a whole
one. Both are lenient as ``coap.read`` is, and say the same kind of thing.
"""

from __future__ import annotations

from typing import NamedTuple

from atshell_lwm2m.codec.coap import CODE_NAMES, CODES, EMPTY, NON, Read, read_rest, token_length
from atshell_lwm2m.codec.errors import left
from atshell_lwm2m.codec.options import NO_OPTIONS, OPTIONS

CSM, PING, PONG, RELEASE, ABORT = range(0xE1, 0xE6)
MAX_HEADER = 6
"""Bytes in front of the token, without what extends its length."""
_RESERVED_CLASSES = frozenset({1, 6})


class Size(NamedTuple):
    header: int
    """Bytes up to and with the code."""
    token: int
    """Bytes of the token and of what extends its length."""
    whole: int


def measure(data: bytes | bytearray, at: int = 0) -> Size | None:
    """Of the message that begins here; None as long as too little of it is there. A reserved token length is taken
    for no token: the message ends where its length says."""
    if len(data) <= at:
        return None
    nibble, token = data[at] >> 4, data[at] & 15
    width = max(nibble - 12, 0)
    header = 2 + (4 if width == 3 else width)
    if len(data) < at + header:
        return None
    length = nibble
    if width:
        length = int.from_bytes(data[at + 1 : at + header - 1], "big") + (13, 269, 65805)[width - 1]
    if token > 12:
        extends = token - 12
        if extends == 3:
            return Size(header, 0, header + length)
        if len(data) < at + header + extends:
            return None
        more = int.from_bytes(data[at + header : at + header + extends], "big")
        token = extends + more + (13 if extends == 1 else 269)
    return Size(header, token, header + token + length)


def read(data: bytes) -> Read:
    """A whole message, as it stands in a stream. It counts as non-confirmable with message ID 0."""
    size = measure(data)
    if size is None:
        what = f"a header of {len(data)} bytes is cut at byte 0" if data else "an empty message at byte 0"
        return None, 0, 0, b"", NO_OPTIONS, b"", what
    if size.whole != len(data):
        return None, 0, 0, b"", NO_OPTIONS, b"", f"a message of {size.whole} bytes where {len(data)} are at byte 0"
    return _read(data, size.header)


def read_in_frame(data: bytes) -> Read:
    """A message that a WebSocket frame holds: there the length stands for nothing and is 0 (RFC 8323 section 4.2)."""
    if len(data) < 2:
        return None, 0, 0, b"", NO_OPTIONS, b"", f"a header of 2 bytes where {left(len(data))} at byte 0"
    return _read(data, 2)


def _read(data: bytes, at: int) -> Read:
    code, length = data[at - 1], data[0] & 15
    if length > 12:
        length, at, problem = token_length(data, length, at)
        if problem is not None:
            return NON, code, 0, b"", NO_OPTIONS, b"", problem
    start = at + length
    if start > len(data):
        return (
            NON,
            code,
            0,
            b"",
            NO_OPTIONS,
            b"",
            f"a token of {length} bytes where {left(len(data) - at)} at byte {at}",
        )
    token = data[at:start]
    if code == EMPTY or start == len(data):
        # RFC 8323 section 3.4: an Empty message is to be ignored, whatever it holds.
        return NON, code, 0, token, NO_OPTIONS, b"", _reserved(code)
    options, payload, error = read_rest(data, start, code)
    return NON, code, 0, token, options, payload, error or _reserved(code)


def _reserved(code: int) -> str | None:
    return f"code {CODES[code]} is of a reserved class" if code >> 5 in _RESERVED_CLASSES else None


def looks_like_begin(data: bytes | bytearray) -> bool:
    """Whether a stream that starts like this is CoAP: the first message of each side is a CSM (RFC 8323
    section 5.3)."""
    size = measure(data)
    return size is not None and data[size.header - 1] == CSM and not data[0] & 15 and size.whole <= 64


def looks_like_message(data: bytes) -> bool:
    """Whether a whole and faultless message, as it is usual, begins here: in the middle of a stream it must be
    plain."""
    size = measure(data)
    if size is None or size.whole > len(data) or data[size.header - 1] not in CODE_NAMES or not data[size.header - 1]:
        return False
    kind, code, _, _, options, _, error = read(bytes(data[: size.whole]))
    return kind is not None and error is None and (code > 0xE0 or all(one[0] in OPTIONS for one in options.options))
