"""CBOR (RFC 8949) written, as far as SenML and single values need it: each head as short as it can be."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

Item = str | bytes | bool | int | float | Sequence["Item"] | Mapping[int | str, "Item"]

_UNSIGNED, _NEGATIVE, _BYTES, _TEXT, _ARRAY, _MAP = range(6)
_BOOLEANS = {False: b"\xf4", True: b"\xf5"}
_WIDTHS = ((24, ">B"), (25, ">H"), (26, ">I"), (27, ">Q"))


def encode(item: Item) -> bytes:
    """Integers have 64 bits at most."""
    match item:
        case bool():
            return _BOOLEANS[item]
        case int():
            return _head(_UNSIGNED, item) if item >= 0 else _head(_NEGATIVE, -1 - item)
        case float():
            return _float(item)
        case bytes():
            return _head(_BYTES, len(item)) + item
        case str():
            raw = item.encode("utf-8", "replace")
            return _head(_TEXT, len(raw)) + raw
        case Mapping():
            return _head(_MAP, len(item)) + b"".join(encode(key) + encode(value) for key, value in item.items())
    return _head(_ARRAY, len(item)) + b"".join(map(encode, item))


def _head(major: int, argument: int) -> bytes:
    if argument < 24:
        return bytes((major << 5 | argument,))
    for (info, form), bits in zip(_WIDTHS, (8, 16, 32, 64), strict=True):
        if argument < 1 << bits:
            return bytes((major << 5 | info,)) + struct.pack(form, argument)
    raise ValueError(f"{argument} has more than 64 bits")


def _float(number: float) -> bytes:
    """The shortest of the three widths that keeps the value (RFC 8949 section 4.1)."""
    for head, form in ((b"\xf9", ">e"), (b"\xfa", ">f")):
        try:
            packed = struct.pack(form, number)
        except OverflowError:
            continue
        if struct.unpack(form, packed)[0] == number or number != number:
            return head + packed
    return b"\xfb" + struct.pack(">d", number)
