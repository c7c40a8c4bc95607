"""What an operator types, to a value; how each Content-Format carries it is said in ``pack``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from atshell_lwm2m.codec.registry import ValueType, resource

_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")
_LINK = re.compile(r"([0-9]{1,5}):([0-9]{1,5})")
_BOOLEANS = {"0": False, "1": True, "false": False, "true": True}
_WHOLE: dict[ValueType | None, range] = {
    "integer": range(-(1 << 63), 1 << 63),
    "time": range(-(1 << 63), 1 << 63),
    "unsigned": range(1 << 64),
}
_WHOLE_HINT = "say a whole number"
_HINTS: dict[ValueType | None, str] = {
    "float": "say a number",
    "boolean": "say 0 or 1",
    "objlnk": "say OBJECT:INSTANCE",
}


@dataclass(frozen=True, slots=True)
class Content:
    """A value, and what it is: ``value`` of an opaque one is bytes, of an object link ``object:instance``."""

    kind: ValueType
    value: str | int | float | bool | bytes


def read_value(text: str, path: str) -> Content:
    """A value that an operator has typed for the resource at ``path``.

    ``"…"`` is text and ``0x…`` bytes, whatever the resource is; else the registry's type decides, and what it does
    not know is text. Opaque values are hexadecimal when they look so. Raises ValueError for text that the type cannot
    hold."""
    if len(text) >= 2 and text[0] == text[-1] == '"':
        return Content("string", text[1:-1])
    if text[:2] in ("0x", "0X") and (not text[2:] or _HEX.fullmatch(text[2:])):
        return Content("opaque", bytes.fromhex(text[2:]))
    kind = type_of(path)
    try:
        return _typed(text, kind)
    except (ValueError, KeyError):
        raise ValueError(f"{text[:40]!r} is no value of type {kind}: {_HINTS.get(kind, _WHOLE_HINT)}") from None


def type_of(path: str) -> ValueType | None:
    parts = path.strip("/").split("/")
    entry = resource(int(parts[0]), int(parts[2])) if len(parts) > 2 else None
    return entry.type if entry else None


def _typed(text: str, kind: ValueType | None) -> Content:
    """Raises ValueError and KeyError."""
    match kind:
        case "integer" | "unsigned" | "time":
            number = int(text)
            if number not in _WHOLE[kind]:
                raise ValueError(text)
            return Content(kind, number)
        case "float":
            return Content(kind, float(text))
        case "boolean":
            return Content(kind, _BOOLEANS[text.lower()])
        case "objlnk":
            match = _LINK.fullmatch(text)
            if match is None or int(match[1]) > 0xFFFF or int(match[2]) > 0xFFFF:
                raise ValueError(text)
            return Content(kind, text)
        case "opaque":
            return Content(kind, bytes.fromhex(text) if _HEX.fullmatch(text) else _bytes(text))
    return Content(kind or "string", text)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
