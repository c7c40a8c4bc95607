"""Values between AT and the wire: ``<type>`` and ``<value>`` to bytes, what is written to text (sections 3.9, 3.12).

1 string   2 opaque   3 integer   4 float   5 bool   6 hex string
"""

from __future__ import annotations

import math
import re
import struct
from decimal import Decimal

STRING, OPAQUE, INTEGER, FLOAT, BOOL, HEX = range(1, 7)
TYPES = frozenset(range(1, 7))
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})*")
_INTEGER = re.compile(r"[+-]?[0-9]{1,19}")
_FLOAT = re.compile(r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,3})?")
_BOOLEANS = {"0": b"\x00", "1": b"\x01", "false": b"\x00", "true": b"\x01"}
WHOLE, DECIMALS = 10, 9
"""Digits of a float before and behind the point that ``+MIPLWRITE`` can print (section 3.12)."""
_WIDTHS = frozenset({1, 2, 4, 8})


class BadValue(ValueError):
    """The text is no value of that type."""


def to_wire(kind: int, text: str, quoted: bool) -> bytes:
    """As TLV carries it (LwM2M 1.0 appendix C). Raises BadValue.

    A string must stand in quotes, others may. Opaque and hex strings are hexadecimal and go as the bytes that they
    stand for. Integers and floats take the least width, which is why ``<len>`` is not needed.
    """
    from atshell_lwm2m.codec.errors import Malformed
    from atshell_lwm2m.codec.tlv import encode_value

    if kind == STRING:
        if not quoted:
            raise BadValue
        return text.encode("utf-8", "surrogateescape")
    if kind in (OPAQUE, HEX):
        if not _HEX.fullmatch(text):
            raise BadValue
        return bytes.fromhex(text)
    if kind == BOOL:
        if text.lower() not in _BOOLEANS:
            raise BadValue
        return _BOOLEANS[text.lower()]
    if not (_INTEGER if kind == INTEGER else _FLOAT).fullmatch(text):
        raise BadValue
    try:
        return encode_value(int(text) if kind == INTEGER else float(text))
    except Malformed:
        raise BadValue from None


def to_plain(kind: int, raw: bytes) -> bytes:
    """The same value as text/plain carries it."""
    shown = None if kind in (STRING, OPAQUE, HEX) else from_wire(kind, raw)
    return raw if shown is None else shown.encode()


def from_wire(kind: int, raw: bytes) -> str | None:
    """What ``+MIPLWRITE`` prints; None when the bytes are no value of that type."""
    if kind in (OPAQUE, HEX):
        return raw.hex().upper()
    if kind == STRING:
        return _string(raw)
    if kind == INTEGER:
        return str(int.from_bytes(raw, "big", signed=True)) if len(raw) in _WIDTHS else None
    if kind == FLOAT:
        return _float(raw)
    return str(raw[0]) if raw in (b"\x00", b"\x01") else None


def from_plain(kind: int, raw: bytes) -> str | None:
    """The same for a value that came as text/plain."""
    text = _string(raw)
    if text is None or kind == STRING:
        return text
    if kind in (OPAQUE, HEX):
        return raw.hex().upper()
    try:
        return from_wire(kind, to_wire(kind, text, quoted=False))
    except BadValue:
        return None


def _string(raw: bytes) -> str | None:
    """Text that can stand in a line; what would end or hide it is better shown as hexadecimal."""
    text = raw.decode("utf-8", "surrogateescape")
    return text if all(char >= " " and char != "\x7f" for char in text) else None


def _float(raw: bytes) -> str | None:
    """The shortest text without an exponent that is read back as the same bytes; None for what is no number."""
    if len(raw) not in (4, 8):
        return None
    form, most = (">d", 17) if len(raw) == 8 else (">f", 9)
    number: float = struct.unpack(form, raw)[0]
    if not math.isfinite(number):
        return None
    texts = (f"{number:.{digits}g}" for digits in range(1, most))
    text = next((text for text in texts if _packed(form, text) == raw), f"{number:.{most}g}")
    return f"{Decimal(text):f}"


def _packed(form: str, text: str) -> bytes | None:
    try:
        return struct.pack(form, float(text))
    except OverflowError:  # rounded up beyond the greatest float
        return None


def printed(text: str) -> str | None:
    """A float with no more digits than ``+MIPLWRITE`` has; None when there are too many before the point."""
    whole, _, decimals = text.partition(".")
    if len(whole.lstrip("-")) > WHOLE:
        return None
    return text if len(decimals) <= DECIMALS else f"{Decimal(text):.{DECIMALS}f}".rstrip("0").rstrip(".")
