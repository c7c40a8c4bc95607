"""TLV payloads of a form that was seen before, decoded with one unpacking.

A device reports the same resources again and again with other values. Where ``tlv.decode`` could read such a payload,
its record headers, and so the places and types of its values, are kept as a layout. The next payload for the same
target with the same length and first bytes is unpacked at once; when all its headers are the layout's, only the values
are new. Anything else, and any value that is not of its registered type, is left to ``tlv.decode``.
"""

from __future__ import annotations

import struct
from collections.abc import Callable

import msgspec

from atshell_lwm2m.codec.errors import Malformed
from atshell_lwm2m.codec.registry import ValueType, describe
from atshell_lwm2m.codec.tlv import leaves
from atshell_lwm2m.message import Resource

MAX_LAYOUTS = 4096
_MAX_LEAVES = 64
_MAX_ALIKE = 8
_HEAD = 3
"""Bytes of the first header that tell layouts of one length apart."""

_PLACE = "the value"
_encode = msgspec.json.Encoder().encode


class NotOfType(ValueError):
    """The bytes are no value of the resource's type."""


def _boolean(raw: bytes) -> bool:
    if raw == b"\x01":
        return True
    if raw == b"\x00":
        return False
    raise NotOfType


def _objlnk(raw: bytes) -> str:
    return f"{raw[0] << 8 | raw[1]}:{raw[2] << 8 | raw[3]}"


Convert = Callable[..., object]
_SIGNED = {1: "b", 2: "h", 4: "i", 8: "q"}
# Type -> width -> how it is unpacked; and what is made of it then. A width that is not here is not of the type.
_CODES: dict[ValueType, tuple[dict[int, str], Convert | None]] = {
    "integer": (_SIGNED, None),
    "time": (_SIGNED, None),
    "unsigned": ({width: code.upper() for width, code in _SIGNED.items()}, None),
    "float": ({4: "f", 8: "d"}, None),
    "boolean": ({1: "1s"}, _boolean),
    "objlnk": ({4: "4s"}, _objlnk),
}
_ANY_WIDTH: dict[ValueType, Convert] = {"string": bytes.decode, "corelnk": bytes.decode, "opaque": bytes.hex}


class Layout:
    __slots__ = ("_converts", "_leads", "_template", "_unpack")

    def __init__(self, data: bytes, target: str) -> None:
        """Raises Malformed for what is no TLV, NotOfType for what layouts do not do."""
        form, last = [">"], 0
        leads: list[bytes] = []
        template: list[str] = []
        converts: list[tuple[int, Convert]] = []
        for path, start, stop in leaves(data, target):
            if len(leads) == _MAX_LEAVES:
                raise NotOfType
            name, kind, unit = describe(path)
            code, convert = _how(kind, stop - start)
            # Between two values stand headers: the leaf's own, and those of what it is in.
            form.append(f"{start - last}s{code}")
            leads.append(data[last:start])
            template.append(_template(Resource(path, name, kind, _PLACE, unit)))
            if convert is not None:
                converts.append((len(template) - 1, convert))
            last = stop
        if last != len(data) or not leads:
            raise NotOfType
        self._unpack = struct.Struct("".join(form)).unpack
        self._leads = tuple(leads)
        self._template = f"[{','.join(template)}]"
        self._converts = converts

    def json(self, data: bytes) -> str | None:
        """The resources as a JSON list; None when the data are of another layout. Their length must be the layout's."""
        found = self._unpack(data)
        if found[::2] != self._leads:
            return None
        values = list(found[1::2])
        try:
            for place, convert in self._converts:
                values[place] = convert(values[place])
        except ValueError:
            return None
        # One call for all values; a comma inside a string makes too many parts.
        parts = _encode(values).decode()[1:-1].split(",")
        if len(parts) != len(values):
            parts = [_encode(value).decode() for value in values]
        return None if "null" in parts else self._template % tuple(parts)  # JSON has no NaN and no infinity.


def _template(resource: Resource) -> str:
    before, after = _encode(resource).decode().replace("%", "%%").split(f'"{_PLACE}"')
    return f"{before}%s{after}"


def _how(kind: ValueType | None, width: int) -> tuple[str, Convert | None]:
    if kind is None:
        raise NotOfType
    convert = _ANY_WIDTH.get(kind)
    if convert is not None:
        return f"{width}s", convert
    codes, convert = _CODES[kind]
    if width not in codes:
        raise NotOfType
    return codes[width], convert


class Layouts:
    """Those that were seen, by target, length and first bytes."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int, bytes], list[Layout]] = {}

    def json(self, data: bytes, target: str) -> str | None:
        """The resources as a JSON list; None when ``tlv.decode`` is to be asked."""
        key = (target, len(data), data[:_HEAD])
        known = self._known.get(key)
        if known is not None:
            for layout in known:
                text = layout.json(data)
                if text is not None:
                    return text
        return self._learn(key, data)

    def _learn(self, key: tuple[str, int, bytes], data: bytes) -> str | None:
        target = key[0]
        known = self._known.get(key, [])
        if len(target) < 2 or len(known) >= _MAX_ALIKE:
            return None  # Without an object nothing has a type.
        try:
            layout = Layout(data, target)
        except (Malformed, NotOfType):
            return None
        if not known and len(self._known) >= MAX_LAYOUTS:
            self._known.clear()
        self._known[key] = [*known, layout]
        return layout.json(data)
