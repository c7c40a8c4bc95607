"""Layouts of TLV payloads.

Where ``tlv.decode`` could read a payload its record headers, and so the places and types of its values, are its
layout. A long payload seldom has the same length twice when it ends with a text; then its layout ends in front of that.

Values that are not of their registered type, and those of which something may be to be told
(``atshell_lwm2m.explain``), are left to ``payload.decode``, as are resources without a type.
"""

from __future__ import annotations

from typing import NamedTuple

from atshell_lwm2m.codec.foreign import CARRIES_DATA
from atshell_lwm2m.codec.registry import ResourceEntry, entry_of
from atshell_lwm2m.codec.tlv import last_length, leaves
from atshell_lwm2m.dissect.layouts import Layout, Layouts, Reader, Room, layout
from atshell_lwm2m.dissect.tlvvalues import NotOfType, code, comes_again, reader

_LONG = 160
"""Bytes."""
_MAX_LENGTH = 4096
_MAX_LEAVES = 64
_MAX_ENDS = 8
_ANY_WIDTH = frozenset({"string", "corelnk", "opaque"})
_FIRST, _NEXT, _LAST = ',"resources":[', ",", "]"


class _Leaf(NamedTuple):
    path: str
    entry: ResourceEntry
    start: int
    stop: int

    @property
    def width(self) -> int:
        return self.stop - self.start


class _TextAtEnd(NamedTuple):
    before: Layout
    start: int
    """Of the text."""
    width: int
    """Bytes of its length, which stands in front of it."""
    read: Reader

    def json(self, data: bytes, before: bytes) -> str | None:
        # Data that end before the text have no such length.
        if int.from_bytes(before[self.start - self.width :], "big") != len(data) - self.start:
            return None
        text = self.before.json(before)
        try:
            return None if text is None else text + self.read(data[self.start :])
        except ValueError:
            return None


class TlvForms(Layouts):
    """Those of one target that were seen."""

    __slots__ = ("_ends", "_target")

    def __init__(self, target: str, room: Room) -> None:
        super().__init__(room)
        self._target = target
        self._ends: list[_TextAtEnd] = []

    def forget(self) -> None:
        super().forget()
        self._ends.clear()

    def unknown(self, data: bytes) -> str | None:
        if len(data) > _LONG:
            for end in self._ends:
                before = data[: end.start]
                if end.before.fits(before):
                    return end.json(data, before)
        return super().unknown(data)

    def learn(self, data: bytes) -> Layout | None:
        if len(self._target) < 2 or len(data) > _MAX_LENGTH:
            return None  # Without an object nothing has a type.
        found = _leaves(data, self._target)
        readers = self._readers(found)
        again = all(comes_again(leaf.entry, leaf.width) for leaf in found)
        last = found[-1]
        width = last_length(data) if len(data) > _LONG and last.entry.type in _ANY_WIDTH else 0
        if width and len(self._ends) < _MAX_ENDS:
            before = layout(data[: last.start], _places(found[:-1]), readers[:-1], again=False, open_=width)
            self.room.layout()
            self._ends.append(_TextAtEnd(before, last.start, width, readers[-1]))
        return layout(data, _places(found), readers, again=again)

    def _readers(self, found: list[_Leaf]) -> list[Reader]:
        around = [("", _NEXT) for _ in found]
        around[0] = _FIRST, around[0][1]
        around[-1] = around[-1][0], _LAST
        return [
            reader(leaf.path, leaf.entry, leaf.width, place, self.room)
            for leaf, place in zip(found, around, strict=True)
        ]


def _places(found: list[_Leaf]) -> list[tuple[int, int, str]]:
    return [(leaf.start, leaf.stop, code(leaf.entry, leaf.width)) for leaf in found]


def _leaves(data: bytes, target: str) -> list[_Leaf]:
    """Raises ValueError where not all of the data are values of known types."""
    found: list[_Leaf] = []
    for path, start, stop in leaves(data, target):
        entry = entry_of(path)
        if entry is None or (entry.type == "opaque" and path.startswith(CARRIES_DATA)) or len(found) == _MAX_LEAVES:
            raise NotOfType
        found.append(_Leaf(path, entry, start, stop))
    if not found or found[-1].stop != len(data):
        raise NotOfType
    return found
