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
RESOURCES = ',"resources":['
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
    # What SPELLED finds begins with a digit.
    if raw[-1:] == b"\0" or (raw[:1].isdigit() and SPELLED.fullmatch(raw)):
        raise NotOfType
    return raw.decode()


def _opaque(raw: bytes) -> str:
    if HEXADECIMAL.fullmatch(raw):
        raise NotOfType
    return raw.hex()


Convert = Callable[..., object]
Leaf = tuple[str, ResourceEntry, int, int, str, Convert | None]
"""Path, registry, where the value starts and ends, how it is unpacked, and what is made of it then."""
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
    __slots__ = ("_bounds", "_converts", "_fixed", "_floats", "_mask", "_pieces", "_unpack")

    def __init__(self, data: bytes, target: str, *, texts: bool) -> None:
        """With ``texts``, what is no number may be another one the next time; without, it belongs to the layout. Raises
        Malformed for what is no TLV, NotOfType for what layouts do not do."""
        found = _leaves(data, target)
        form, last = [">"], 0
        mask = bytearray(b"\xff" * len(data))
        pieces = [RESOURCES]
        self._converts: list[tuple[int, Convert]] = []
        self._bounds: list[tuple[int, float, float]] = []
        """Of numbers: where they stand in what is unpacked, and which are usual."""
        self._floats = False
        """Whether there are any of which the text tells whether they are usual."""
        texts = texts and any(convert is not None for *_, convert in found)
        for path, entry, start, stop, code, convert in found:
            before, after = _around(path, entry)
            pieces[-1] += before
            if convert is not None and not texts:
                pieces[-1] += _encode(convert(data[start:stop])).decode() + after
                continue
            place = len(form) - 1
            if convert is not None:
                self._converts.append((place, convert))
            elif entry.type == "float" and entry.limits is None and not texts:
                self._floats = True
            elif not _always(code, *usual(entry)):
                self._bounds.append((place, *usual(entry)))
            # Between two values stand headers: the leaf's own, and those of what it is in.
            form.append(f"{start - last}x{code}")
            mask[start:stop] = bytes(stop - start)
            pieces += ("", after)
            last = stop
        pieces[-1] = f"{pieces[-1][:-1]}]"
        self._unpack = struct.Struct(f"{''.join(form)}{len(data) - last}x").unpack
        self._mask = int.from_bytes(mask, "big")
        self._fixed = int.from_bytes(data, "big") & self._mask
        """All bytes that are no values."""
        self._pieces = pieces
        """Of the text: every second one is where a value goes."""

    def json(self, data: bytes) -> str | None:
        """The resources as a piece of JSON; None when the data are of another layout. Their length must be the
        layout's."""
        if int.from_bytes(data, "big") & self._mask != self._fixed:
            return None
        values: tuple[object, ...] | list[object] = self._unpack(data)
        for place, least, greatest in self._bounds:
            number: float = values[place]  # type: ignore[assignment]
            if not least <= number <= greatest or (-TINY < number < TINY and number):
                return None
        if self._converts:
            values = list(values)
            try:
                for place, convert in self._converts:
                    values[place] = convert(values[place])
            except ValueError:
                return None
        text = _encode(values).decode()
        if self._floats and ("e" in text or "0.000" in text or "n" in text):
            return None  # Huge, tiny, or no number: all that are not usual, and a few that are.
        pieces = self._pieces[:]
        if len(values) == 1:
            pieces[1] = text[1:-1]
            return "".join(pieces)
        # A comma inside a string makes too many parts.
        parts = text[1:-1].split(",")
        if len(parts) != len(values):
            parts = [_encode(value).decode() for value in values]
        pieces[1::2] = parts
        return "".join(pieces)


def _leaves(data: bytes, target: str) -> list[Leaf]:
    found: list[Leaf] = []
    end = 0
    for path, start, end in leaves(data, target):
        entry = _typed(path)
        if len(found) == _MAX_LEAVES:
            raise NotOfType
        found.append((path, entry, start, end, *_how(entry.type, end - start)))
    if end != len(data) or not found:
        raise NotOfType
    return found


def _around(path: str, entry: ResourceEntry) -> tuple[str, str]:
    """What stands before and behind the value in the list of resources."""
    before, after = _encode(Resource(path, entry.name, entry.type, _PLACE, entry.unit)).decode().split(f'"{_PLACE}"')
    return before, f"{after},"


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
        """The resources as a piece of JSON; None when ``payload.decode`` is to be asked."""
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
            layout = Layout(data, self._target, texts=bool(known))
        except (Malformed, ValueError):
            return None
        if not known and len(self._known) >= _MAX_LENGTHS:
            self._known.clear()
        self._known[len(data)] = [layout, *known]
        return layout.json(data)
