"""Raw values to typed ones (LwM2M 1.0 appendix C, LwM2M 1.1 core appendix C).

Every function gives ``(type, value)``. The registry's type decides. A text that is no UTF-8 is opaque. Where the type
is unknown, or the bytes can not be of it, a guess is made: printable UTF-8 of two bytes and more is a string, 1, 2, 4
and 8 bytes are an integer, all else is opaque. Opaque values are hexadecimal; an object link is ``object:instance``; a
float that is no number is its name.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
import struct
from collections.abc import Callable

from atshell_lwm2m.codec.registry import ValueType

Value = str | int | float | bool
Typed = tuple[ValueType, Value]

_TEXTS = frozenset({"string", "corelnk"})
_INTEGER_WIDTHS = frozenset({1, 2, 4, 8})
_INTEGER = re.compile(r"[+-]?[0-9]{1,20}")
_FLOAT = re.compile(r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,4})?")
_OBJLNK = re.compile(r"[0-9]{1,5}:[0-9]{1,5}")
_BOOLEANS = {"0": False, "1": True, "false": False, "true": True}


def from_bytes(raw: bytes, kind: ValueType | None) -> Typed:
    """A value as TLV and LwM2M CBOR's byte strings carry it."""
    if kind is not None:
        value = _FROM_BYTES[kind](raw)
        if value is not None:
            return kind, value
        if kind in _TEXTS and raw:
            return "opaque", raw.hex()
    return guess(raw)


def guess(raw: bytes) -> Typed:
    """For a value whose type nobody knows."""
    if len(raw) > 1:
        text = _string(raw)
        if text is not None and text.isprintable():
            return "string", text
    if len(raw) in _INTEGER_WIDTHS:
        return "integer", int.from_bytes(raw, "big", signed=True)
    return ("opaque", raw.hex()) if raw else ("string", "")


def _string(raw: bytes) -> str | None:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return None


def _integer(raw: bytes) -> int | None:
    return int.from_bytes(raw, "big", signed=True) if len(raw) in _INTEGER_WIDTHS else None


def _unsigned(raw: bytes) -> int | None:
    return int.from_bytes(raw, "big") if len(raw) in _INTEGER_WIDTHS else None


def _float(raw: bytes) -> float | str | None:
    if len(raw) == 4:
        return finite(struct.unpack(">f", raw)[0])
    return finite(struct.unpack(">d", raw)[0]) if len(raw) == 8 else None


def _boolean(raw: bytes) -> bool | None:
    return raw == b"\x01" if raw in (b"\x00", b"\x01") else None


def _objlnk(raw: bytes) -> str | None:
    return "{}:{}".format(*struct.unpack(">HH", raw)) if len(raw) == 4 else None


_FROM_BYTES: dict[ValueType, Callable[[bytes], Value | None]] = {
    "string": _string,
    "integer": _integer,
    "unsigned": _unsigned,
    "float": _float,
    "boolean": _boolean,
    "opaque": bytes.hex,
    "time": _integer,
    "objlnk": _objlnk,
    "corelnk": _string,
}


def finite(number: float) -> float | str:
    """JSON has no NaN and no infinity: they become text."""
    return number if math.isfinite(number) else str(number)


def from_text(raw: bytes, kind: ValueType | None) -> Typed:
    """A value as text/plain carries it: decimal numbers, 0 and 1, Base64 for opaque ones."""
    text = _string(raw)
    if text is None:
        return "opaque", raw.hex()
    value = _text_value(text, kind)
    return (kind, value) if kind is not None and value is not None else ("string", text)


def _text_value(text: str, kind: ValueType | None) -> Value | None:
    match kind:
        case "integer" | "unsigned" | "time":
            return _text_integer(text)
        case "float":
            return finite(float(text)) if _FLOAT.fullmatch(text) else None
        case "boolean":
            return _BOOLEANS.get(text)
        case "opaque":
            return from_base64(text)
        case "objlnk":
            return text if _OBJLNK.fullmatch(text) else None
    return text


def _text_integer(text: str) -> int | None:
    return bounded(int(text)) if _INTEGER.fullmatch(text) else None


def bounded(number: int) -> int | None:
    """JSON readers can hold 64 bits."""
    return number if -(1 << 63) <= number < 1 << 64 else None


def from_base64(text: str) -> str | None:
    """Base64 in either alphabet, padded or not (SenML leaves the padding out, RFC 8428 section 4.3) to hexadecimal."""
    plain = text.rstrip("=").translate({ord("-"): "+", ord("_"): "/"})
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True).hex()
    except (binascii.Error, ValueError):
        return None


def from_number(number: int | float, kind: ValueType | None) -> Typed:
    """A number of JSON or CBOR: ``5.0`` is an integer where the registry says so."""
    if isinstance(number, float):
        if not number.is_integer() or abs(number) >= 1 << 63 or kind not in ("integer", "unsigned", "time"):
            return "float", finite(number)
        number = int(number)
    whole = bounded(number)
    if whole is None:
        return "string", str(number) if number.bit_length() < 512 else "(number out of range)"
    if kind == "float":
        return "float", float(whole)
    return (kind if kind in ("unsigned", "time") else "integer"), whole
