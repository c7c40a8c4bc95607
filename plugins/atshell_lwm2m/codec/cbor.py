"""As much of CBOR (RFC 8949) as payloads need: bytes to Python values, with caps for hostile input.

Integers, byte and text strings, arrays, maps, floats, booleans and null; indefinite lengths; tags are dropped, but for
those of numbers (SenML may send decimal fractions, RFC 8428 section 6). Each
item costs at least one byte and nesting has a cap, so the work is linear in the data.
"""

from __future__ import annotations

import math
import struct

from atshell_lwm2m.codec.errors import Malformed, left

Cbor = int | float | str | bytes | bool | None | list["Cbor"] | dict["int | str | tuple[int, ...]", "Cbor"]

_MAX_DEPTH = 16
_MAX_BIG = 32
"""Bytes of an integer: more than any value has."""
_INDEFINITE = 31
_FLOATS = {25: (">e", 2), 26: (">f", 4), 27: (">d", 8)}
_SIMPLE: dict[int, bool | None] = {20: False, 21: True, 22: None, 23: None}


def decode(data: bytes) -> Cbor:
    """The one item that ``data`` is. Raises Malformed."""
    value, end = _item(data, 0, _MAX_DEPTH)
    if end < len(data):
        raise Malformed(f"{len(data) - end} bytes behind the CBOR item", end)
    return value


def _item(data: bytes, at: int, depth: int) -> tuple[Cbor, int]:
    if depth == 0:
        raise Malformed(f"CBOR nested deeper than {_MAX_DEPTH}", at)
    major, info, argument, start = _head(data, at)
    if major == 0:
        return argument, start
    if major == 1:
        return -1 - argument, start
    if major in (2, 3):
        return _string(data, at, major, info, argument, start)
    if major == 4:
        return _array(data, info, argument, start, depth)
    if major == 5:
        return _map(data, info, argument, start, depth)
    if major == 6:
        value, end = _item(data, start, depth - 1)
        return _tagged(argument, value), end
    return _simple(data, at, info, start)


def _head(data: bytes, at: int) -> tuple[int, int, int, int]:
    """Major type, additional information, argument, and where the head ends."""
    if at >= len(data):
        raise Malformed("the data ends where a CBOR item should begin", at)
    major, info = data[at] >> 5, data[at] & 31
    if info < 24:
        return major, info, info, at + 1
    if info == _INDEFINITE and major in (2, 3, 4, 5, 7):
        return major, info, 0, at + 1
    if info > 27:
        raise Malformed(f"a CBOR head of 0x{data[at]:02x} is reserved", at)
    width = 1 << info - 24
    if at + 1 + width > len(data):
        raise Malformed("the data ends inside a CBOR head", at)
    return major, info, int.from_bytes(data[at + 1 : at + 1 + width], "big"), at + 1 + width


def _string(data: bytes, at: int, major: int, info: int, size: int, start: int) -> tuple[str | bytes, int]:
    if info == _INDEFINITE:
        raw, end = _chunks(data, major, start)
    else:
        raw, end = data[start : start + size], start + size
        if end > len(data):
            raise Malformed(f"a CBOR string of {size} bytes where {left(len(data) - start)}", at)
    if major == 2:
        return raw, end
    try:
        return raw.decode(), end
    except UnicodeDecodeError:
        raise Malformed("a CBOR text string that is not UTF-8", at) from None


def _chunks(data: bytes, major: int, at: int) -> tuple[bytes, int]:
    parts = []
    while not _broken(data, at):
        kind, info, size, start = _head(data, at)
        if kind != major or info == _INDEFINITE or start + size > len(data):
            raise Malformed("a wrong part of a CBOR string", at)
        parts.append(data[start : start + size])
        at = start + size
    return b"".join(parts), at + 1


def _broken(data: bytes, at: int) -> bool:
    """Whether the break of an indefinite length stands here."""
    return at < len(data) and data[at] == 0xFF


def _array(data: bytes, info: int, size: int, at: int, depth: int) -> tuple[list[Cbor], int]:
    items: list[Cbor] = []
    while not _broken(data, at) if info == _INDEFINITE else len(items) < size:
        value, at = _item(data, at, depth - 1)
        items.append(value)
    return items, at + (info == _INDEFINITE)


def _map(data: bytes, info: int, size: int, at: int, depth: int) -> tuple[dict[int | str | tuple[int, ...], Cbor], int]:
    items: dict[int | str | tuple[int, ...], Cbor] = {}
    count = 0
    while not _broken(data, at) if info == _INDEFINITE else count < size:
        key, after = _item(data, at, depth - 1)
        value, end = _item(data, after, depth - 1)
        items[_key(key, at)] = value
        at = end
        count += 1
    return items, at + (info == _INDEFINITE)


def _key(key: Cbor, at: int) -> int | str | tuple[int, ...]:
    """Numbers and texts (SenML), and the paths that LwM2M CBOR has as keys."""
    if isinstance(key, (int, str)):
        return key
    if isinstance(key, list) and all(type(part) is int for part in key):
        return tuple(part for part in key if isinstance(part, int))
    raise Malformed("a CBOR map key that is no number, text or path", at)


def _tagged(tag: int, value: Cbor) -> Cbor:
    """RFC 8949 section 3.4.3: a byte string that is a large integer; 3.4.4: an exponent of ten or two, and a
    mantissa."""
    if tag in (2, 3) and isinstance(value, bytes) and len(value) <= _MAX_BIG:
        number = int.from_bytes(value, "big")
        return number if tag == 2 else -1 - number
    if tag in (4, 5) and isinstance(value, list) and len(value) == 2:
        exponent, mantissa = value
        if type(exponent) is int and type(mantissa) is int:
            return float(f"{mantissa}e{exponent}") if tag == 4 else _binary(mantissa, exponent)
    return value


def _binary(mantissa: int, exponent: int) -> float:
    try:
        return math.ldexp(mantissa, exponent)
    except OverflowError:
        return math.copysign(math.inf, mantissa)


def _simple(data: bytes, at: int, info: int, start: int) -> tuple[float | bool | None, int]:
    if info in _FLOATS:
        form, width = _FLOATS[info]
        return float(struct.unpack(form, data[start - width : start])[0]), start
    if info in _SIMPLE:
        return _SIMPLE[info], start
    raise Malformed(f"the CBOR item 0x{data[at]:02x} is not known", at)
