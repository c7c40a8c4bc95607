"""What an operator types, to bytes."""

from __future__ import annotations

import re
import struct

from atshell_lwm2m.codec import tlv
from atshell_lwm2m.codec.errors import Malformed
from atshell_lwm2m.codec.registry import ValueType, resource

_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")
_BOOLEANS = {"0": False, "1": True, "false": False, "true": True}


def encode(text: str, path: str) -> bytes:
    """A value that an operator has typed, as TLV carries it (LwM2M 1.0 appendix C).

    ``"…"`` is text and ``0x…`` bytes, whatever the resource is; else the registry's type decides. Opaque values are
    hexadecimal when they look so. Raises Malformed for text that the type cannot hold."""
    if len(text) >= 2 and text[0] == text[-1] == '"':
        return text[1:-1].encode()
    if text[:2] in ("0x", "0X") and (not text[2:] or _HEX.fullmatch(text[2:])):
        return bytes.fromhex(text[2:])
    parts = path.strip("/").split("/")
    entry = resource(int(parts[0]), int(parts[2])) if len(parts) > 2 else None
    kind = entry.type if entry else None
    try:
        return _encode(text, kind)
    except (ValueError, KeyError, OverflowError, struct.error):
        raise Malformed(f"{text!r} is no value of type {kind}", 0) from None


def _encode(text: str, kind: ValueType | None) -> bytes:
    match kind:
        case "integer" | "unsigned" | "time":
            return tlv.encode_value(int(text))
        case "float":
            return tlv.encode_value(float(text))
        case "boolean":
            return tlv.encode_value(_BOOLEANS[text.lower()])
        case "objlnk":
            first, _, second = text.partition(":")
            return struct.pack(">HH", int(first), int(second))
        case "opaque" if _HEX.fullmatch(text):
            return bytes.fromhex(text)
    return text.encode("utf-8", "surrogateescape")
