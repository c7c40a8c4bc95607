"""What else a value may be whose type nobody knows: bytes are also an integer, a float, a text.

Only readings that make sense are told: a float with a few digits, a text that can be printed. JSON has the one value
that the contract names.
"""

from __future__ import annotations

import struct

from atshell_lwm2m.codec.registry import describe
from atshell_lwm2m.explain.numbers import sensible
from atshell_lwm2m.message import Resource

MIN_TEXT = 4
"""Bytes of a text: three letters are seen in any bytes."""
_LONGEST = 48
_BITS = {4: ">i", 8: ">q"}


def others(resource: Resource, raw: bytes | None = None) -> str:
    """`` (as float 24.5)``, or ""; ``raw`` are the value's bytes, where they are known."""
    value = resource.value
    if resource.type == "opaque" and isinstance(value, str):
        return _text(bytes.fromhex(value))
    if resource.type != "integer" or isinstance(value, bool) or not isinstance(value, int):
        return ""
    if describe(resource.path).type is not None:
        return ""
    return _numbers(value, raw)


def _text(data: bytes) -> str:
    try:
        text = data.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        return ""
    if len(data) < MIN_TEXT or not text.isprintable():
        return ""
    return f' "{text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"}"'


def _numbers(value: int, raw: bytes | None) -> str:
    width = len(raw) if raw is not None else 4 if -(1 << 31) <= value < 1 << 31 else 8
    readings = []
    if width in _BITS and -(1 << 63) <= value < 1 << 63:
        number = sensible(struct.pack(_BITS[width], value))
        if number is not None:
            readings.append(f"as float {number:.9g}")
    if raw is not None and value < 0:
        readings.append(f"unsigned {int.from_bytes(raw, 'big')}")
    return f" ({', '.join(readings)})" if readings else ""
