"""The CoAP message over UDP (RFC 7252 section 3): lenient, with the place of what is wrong.

``read`` gives a plain tuple, for it runs once a datagram: type, code, message ID, token, options, payload, error.
What stands before the first error is decoded; behind it nothing is guessed.
"""

from __future__ import annotations

from atshell_lwm2m.codec.errors import left
from atshell_lwm2m.codec.options import NO_OPTIONS, OptionList, read_options
from atshell_lwm2m.message import MessageType

CON, NON, ACK, RST = range(4)
TYPES: tuple[MessageType, ...] = ("CON", "NON", "ACK", "RST")
CODES = tuple(f"{code >> 5}.{code & 31:02}" for code in range(256))

EMPTY, GET, POST, PUT, DELETE, FETCH, PATCH, IPATCH = range(8)

# RFC 7252 section 12.1, RFC 7959, RFC 8132, RFC 8516 (4.29), RFC 8768 (5.08), RFC 8323 (7.xx).
CODE_NAMES: dict[int, str] = {
    0: "Empty",
    1: "GET",
    2: "POST",
    3: "PUT",
    4: "DELETE",
    5: "FETCH",
    6: "PATCH",
    7: "iPATCH",
    0x41: "Created",
    0x42: "Deleted",
    0x43: "Valid",
    0x44: "Changed",
    0x45: "Content",
    0x5F: "Continue",
    0x80: "Bad Request",
    0x81: "Unauthorized",
    0x82: "Bad Option",
    0x83: "Forbidden",
    0x84: "Not Found",
    0x85: "Method Not Allowed",
    0x86: "Not Acceptable",
    0x88: "Request Entity Incomplete",
    0x89: "Conflict",
    0x8C: "Precondition Failed",
    0x8D: "Request Entity Too Large",
    0x8F: "Unsupported Content-Format",
    0x96: "Unprocessable Entity",
    0x9D: "Too Many Requests",
    0xA0: "Internal Server Error",
    0xA1: "Not Implemented",
    0xA2: "Bad Gateway",
    0xA3: "Service Unavailable",
    0xA4: "Gateway Timeout",
    0xA5: "Proxying Not Supported",
    0xA8: "Hop Limit Reached",
    0xE1: "CSM",
    0xE2: "Ping",
    0xE3: "Pong",
    0xE4: "Release",
    0xE5: "Abort",
}
_RESERVED_CLASSES = frozenset({1, 6})
SIGNALING_CLASS = 7
"""Of connections (RFC 8323 section 5)."""

Read = tuple[int | None, int, int, bytes, OptionList, bytes, str | None]


def read(data: bytes) -> Read:
    """Type (None when nothing at all could be read), code, message ID, token, options, payload, error."""
    if len(data) < 4 or data[0] >> 6 != 1:
        return None, 0, 0, b"", NO_OPTIONS, b"", _no_header(data)
    first, code = data[0], data[1]
    kind, mid = first >> 4 & 3, data[2] << 8 | data[3]
    length, at = first & 15, 4
    if length > 12:
        length, at, problem = token_length(data, length, at)
        if problem is not None:
            return kind, code, mid, b"", NO_OPTIONS, b"", problem
    start = at + length
    if start > len(data):
        return (
            kind,
            code,
            mid,
            b"",
            NO_OPTIONS,
            b"",
            f"a token of {length} bytes where {left(len(data) - at)} at byte {at}",
        )
    if code == EMPTY:
        # RFC 7252 section 4.1: an Empty message is the header alone.
        error = "an empty message ends behind its message ID, but there is more at byte 4" if len(data) > 4 else None
        return kind, code, mid, data[at:start], NO_OPTIONS, b"", error
    token = data[at:start]
    if start == len(data):
        return kind, code, mid, token, NO_OPTIONS, b"", _reserved(code)
    options, payload, error = read_rest(data, start)
    return kind, code, mid, token, options, payload, error or _reserved(code)


def token_length(data: bytes, nibble: int, at: int) -> tuple[int, int, str | None]:
    """Length and place of a token whose length is not in the header; what is wrong with it. ``at`` is where the bytes
    that extend the header stand. RFC 7252 reserved 9 to 15; RFC 8974 section 2.1 updates it: 0 to 12 are lengths,
    13 and 14 say where the length stands, 15 alone is left reserved."""
    width = nibble - 12
    if width == 3:
        return 0, at, f"a token length of {nibble} is reserved at byte 0"
    if at + width > len(data):
        return 0, at, f"the message ends inside an extended token length at byte {at}"
    return int.from_bytes(data[at : at + width], "big") + (13 if width == 1 else 269), at + width, None


def token_of(data: bytes) -> bytes:
    """Of a message that ``read`` found no fault in."""
    length = data[0] & 15
    return data[4 : 4 + length] if length < 13 else read(data)[3]


def read_rest(data: bytes, start: int, code: int = GET) -> tuple[OptionList, bytes, str | None]:
    """What stands behind the token: options, payload, error. The code matters where it makes the options mean
    something else (RFC 8323 section 5)."""
    options = read_options(data, start, code)
    end = start + options.end
    problem = options.error
    if problem is not None:
        error = f"{problem[0]} at byte {start + problem[1]}"
        # A bad value leaves the rest readable, a bad length does not.
        payload = data[end + 1 :] if end < len(data) and data[end] == 0xFF else b""
        return options, payload, error
    payload = data[end + 1 :]
    if not payload and end < len(data):
        return options, b"", f"a payload marker with nothing behind it at byte {end}"
    return options, payload, None


def _no_header(data: bytes) -> str:
    if not data:
        return "an empty datagram at byte 0"
    if len(data) < 4:
        return f"a header of 4 bytes where {left(len(data))} at byte 0"
    return f"CoAP version {data[0] >> 6} is not 1 at byte 0"


def _reserved(code: int) -> str | None:
    return f"code {CODES[code]} is of a reserved class at byte 1" if code >> 5 in _RESERVED_CLASSES else None


def code_name(code: str) -> str:
    """``Not Found`` for ``4.04``; empty when it has no name."""
    major, _, minor = code.partition(".")
    return CODE_NAMES.get(int(major) << 5 | int(minor), "") if major.isdecimal() and minor.isdecimal() else ""
