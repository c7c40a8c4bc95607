"""TLV payloads of a form that was seen before, decoded with one unpacking.

A device reports the same resources again and again with other values. Where ``tlv.decode`` could read such a payload,
its record headers, and so the places and types of its values, are kept as a layout. The next payload for the same
target with the same length is unpacked at once; when all its headers are the layout's, only the values are new.
Anything else, any value that is not of its registered type, and any of which something may be to be told
(``atshell_lwm2m.explain``), is left to ``payload.decode``.
"""

from __future__ import annotations

import struct
from collections.abc import Callable

import msgspec

from atshell_lwm2m.codec.errors import Malformed
from atshell_lwm2m.codec.foreign import CARRIES_DATA
from atshell_lwm2m.codec.registry import ResourceEntry, ValueType, entry_of
from atshell_lwm2m.codec.tlv import leaves
from atshell_lwm2m.explain.numbers import TINY, usual
from atshell_lwm2m.explain.values import HEXADECIMAL, SPELLED
from atshell_lwm2m.message import Resource

_MAX_LENGTHS = 256
_MAX_LENGTH = 160
"""Bytes. What is longer is seldom of the same length twice."""
_MAX_LEAVES = 64
_MAX_ALIKE = 8

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


def _string(raw: bytes) -> str:
    if raw.endswith(b"\0") or SPELLED.fullmatch(raw):
        raise NotOfType
    return raw.decode()


def _opaque(raw: bytes) -> str:
    if HEXADECIMAL.fullmatch(raw):
        raise NotOfType
    return raw.hex()


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
_ANY_WIDTH: dict[ValueType, Convert] = {"string": _string, "corelnk": bytes.decode, "opaque": _opaque}


class Layout:
    __slots__ = ("_bounds", "_converts", "_leads", "_pieces", "_unpack")

    def __init__(self, data: bytes, target: str) -> None:
        """Raises Malformed for what is no TLV, NotOfType for what layouts do not do."""
        form, last = [">"], 0
        leads: list[bytes] = []
        pieces = ["["]
        converts: list[tuple[int, Convert]] = []
        bounds: list[tuple[int, float, float]] = []
        for path, start, stop in leaves(data, target):
            if len(leads) == _MAX_LEAVES:
                raise NotOfType
            entry = _typed(path)
            code, convert = _how(entry.type, stop - start)
            if convert is not None:
                converts.append((len(leads), convert))
            elif (limits := usual(entry)) and not _always(code, *limits):
                bounds.append((2 * len(leads) + 1, *limits))
            # Between two values stand headers: the leaf's own, and those of what it is in.
            form.append(f"{start - last}s{code}")
            leads.append(data[last:start])
            resource = Resource(path, entry.name, entry.type, _PLACE, entry.unit)
            before, after = _encode(resource).decode().split(f'"{_PLACE}"')
            pieces[-1] += before
            pieces += ("", f"{after},")
            last = stop
        if last != len(data) or not leads:
            raise NotOfType
        pieces[-1] = f"{pieces[-1][:-1]}]"
        self._unpack = struct.Struct("".join(form)).unpack
        self._leads = tuple(leads)
        self._pieces = pieces
        """Of the text: every second one is where a value goes."""
        self._converts = converts
        self._bounds = bounds
        """Of numbers: where they stand in what is unpacked, and which are usual."""

    def json(self, data: bytes) -> str | None:
        """The resources as a JSON list; None when the data are of another layout. Their length must be the layout's."""
        found = self._unpack(data)
        if found[::2] != self._leads:
            return None
        for place, least, greatest in self._bounds:
            number: float = found[place]
            if not least <= number <= greatest or (-TINY < number < TINY and number):
                return None
        values: tuple[object, ...] | list[object] = found[1::2]
        if self._converts:
            values = list(values)
            try:
                for place, convert in self._converts:
                    values[place] = convert(values[place])
            except ValueError:
                return None
        # One call for all values; a comma inside a string makes too many parts.
        parts = _encode(values).decode()[1:-1].split(",")
        if len(parts) != len(values):
            parts = [_encode(value).decode() for value in values]
        pieces = self._pieces[:]
        pieces[1::2] = parts
        return "".join(pieces)


def _typed(path: str) -> ResourceEntry:
    entry = entry_of(path)
    if entry is None or (entry.type == "opaque" and path.startswith(CARRIES_DATA)):
        raise NotOfType
    return entry


def _always(code: str, least: float, greatest: float) -> bool:
    """Whether every number of this form is within the limits."""
    size = 8 * struct.calcsize(code)
    if code in "fd":
        return False
    lowest = -1 << size - 1 if code.islower() else 0
    return least <= lowest and lowest + (1 << size) - 1 <= greatest


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
    """Those of one target that were seen, by length."""

    def __init__(self, target: str) -> None:
        self._target = target
        self._known: dict[int, list[Layout]] = {}

    def json(self, data: bytes) -> str | None:
        """The resources as a JSON list; None when ``payload.decode`` is to be asked."""
        known = self._known.get(len(data))
        if known is not None:
            for layout in known:
                text = layout.json(data)
                if text is not None:
                    return text
        return self._learn(data)

    def _learn(self, data: bytes) -> str | None:
        known = self._known.get(len(data), [])
        if len(data) > _MAX_LENGTH or len(self._target) < 2 or len(known) >= _MAX_ALIKE:
            return None  # Without an object nothing has a type.
        try:
            layout = Layout(data, self._target)
        except (Malformed, NotOfType):
            return None
        if not known and len(self._known) >= _MAX_LENGTHS:
            self._known.clear()
        self._known[len(data)] = [layout, *known]
        return layout.json(data)
