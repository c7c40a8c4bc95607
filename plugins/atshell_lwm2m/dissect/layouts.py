"""Payloads of a form that was seen before, read with one unpacking.

Devices send the same payloads again and again with other values. A layout says at which bytes of a payload the values
stand, and what all other bytes are. A payload that fits is unpacked at once, and each value goes to its reader, which
gives the piece of JSON from one value to the next. Most values come again, and so do whole payloads: what was made of
them is kept, as far as there is room.

What is read in this way must be just what ``payload.decode`` says; which payloads have a layout, and which values a
reader takes, is for those that make them (``tlvforms``, ``senmlforms``) to know.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from operator import call
from typing import NamedTuple
from weakref import WeakValueDictionary

Reader = Callable[..., str]
"""The JSON around one value, and its own. Raises ValueError for a value that is not usual."""
Place = tuple[int, int, str]
"""Where a value starts and stops, and how ``struct`` unpacks it."""

MAX_TEXTS = 1 << 15
"""Each of some hundred bytes."""
MAX_LAYOUTS = 1 << 14
"""Each of two kilobytes."""
_MAX_LENGTHS = 256
_MAX_ALIKE = 8
_MAX_FAILURES = 256
"""Payloads without a layout after which no more are looked for."""
_number = int.from_bytes


class Room:
    """For what is kept of all targets together. When it is full all is forgotten; what comes again is soon there
    again."""

    def __init__(self) -> None:
        self._texts, self._layouts = MAX_TEXTS, MAX_LAYOUTS
        self.texts: WeakValueDictionary[int, Layouts | Texts] = WeakValueDictionary()
        self.layouts: WeakValueDictionary[int, Layouts] = WeakValueDictionary()

    def text(self) -> None:
        """One more is kept."""
        self._texts -= 1
        if self._texts < 0:
            self._texts = MAX_TEXTS
            for table in self.texts.values():
                table.clear()

    def layout(self) -> None:
        """One more is kept."""
        self._layouts -= 1
        if self._layouts < 0:
            self._layouts = MAX_LAYOUTS
            for owner in self.layouts.values():
                owner.forget()


class Texts(dict[object, str]):
    """What a reader gave, by the value. To be called as ``texts.__getitem__``."""

    __slots__ = ("__weakref__", "_read", "_room")

    def __init__(self, read: Reader, room: Room) -> None:
        super().__init__()
        self._read, self._room = read, room
        room.texts[id(self)] = self

    def __missing__(self, value: object) -> str:
        text = self[value] = self._read(value)
        self._room.text()
        return text


class Layout(NamedTuple):
    mask: int
    """Of the payload as a number: the bytes that are no values."""
    fixed: int
    """What they are."""
    unpack: Callable[[bytes], tuple[object, ...]]
    readers: Sequence[Reader]
    """One for each value."""
    again: bool
    """Whether payloads come again."""
    others: list[Layout]
    """Further ones of the same length."""

    def fits(self, data: bytes) -> bool:
        """Of data of its length."""
        return _number(data, "big") & self.mask == self.fixed

    def json(self, data: bytes) -> str | None:
        """Of data that fit."""
        try:
            return "".join(map(call, self.readers, self.unpack(data)))
        except ValueError:
            return None


def layout(data: bytes, places: Sequence[Place], readers: Sequence[Reader], *, again: bool, open_: int = 0) -> Layout:
    """``open_``: so many bytes at the end may be others the next time."""
    form, at = [">"], 0
    mask = bytearray(b"\xff" * (len(data) - open_) + bytes(open_))
    for start, stop, code in places:
        form.append(f"{start - at}x{code}")
        mask[start:stop] = bytes(stop - start)
        at = stop
    compared = _number(mask, "big")
    unpack = struct.Struct(f"{''.join(form)}{len(data) - at}x").unpack
    return Layout(compared, _number(data, "big") & compared, unpack, readers, again, [])


class Layouts(dict[bytes, str | None]):
    """The layouts of one target; and what was made of payloads that may come again.

    ``layouts[payload]`` is the resources as a piece of JSON, or None when ``payload.decode`` is to be asked."""

    __slots__ = ("__weakref__", "_failures", "_known", "room")

    def __init__(self, room: Room) -> None:
        super().__init__()
        self.room = room
        self._known: dict[int, Layout] = {}
        """By the length of the payload."""
        self._failures = 0
        room.texts[id(self)] = room.layouts[id(self)] = self

    def forget(self) -> None:
        """The layouts."""
        self._known.clear()
        self._failures = 0

    def learn(self, data: bytes) -> Layout | None:
        """The layout of this payload. May raise ValueError where it has none."""
        raise NotImplementedError

    def __missing__(self, data: bytes) -> str | None:
        try:
            mask, fixed, unpack, readers, again, others = self._known[len(data)]
            if _number(data, "big") & mask == fixed:
                text = "".join(map(call, readers, unpack(data)))
                if again:
                    self[data] = text
                    self.room.text()
                return text
        except KeyError:
            return self.unknown(data)
        except ValueError:
            return None
        for other in others:
            if other.fits(data):
                return other.json(data)
        return self.unknown(data)

    def unknown(self, data: bytes) -> str | None:
        """Of a payload that fits none."""
        first = self._known.get(len(data))
        if self._failures >= _MAX_FAILURES or (first is not None and len(first.others) >= _MAX_ALIKE):
            return None
        try:
            found = self.learn(data)
        except ValueError:
            found = None
        if found is None:
            self._failures += 1
            return None
        self.room.layout()
        if first is not None:
            first.others.append(found)
        else:
            if len(self._known) >= _MAX_LENGTHS:
                self._known.clear()
            self._known[len(data)] = found
        return found.json(data)
