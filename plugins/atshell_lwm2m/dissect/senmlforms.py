"""SenML payloads of a form that was seen before: the same records with other numbers.

A form is learnt from what ``payload.decode`` makes of a payload in which each number was put in place of another one:
where that other one shows in the resources, the number belongs, and the rest is text that stays. No SenML is read here,
so there is nothing in which the two could differ; a number that shows nowhere, or twice, makes the payload unusual.
Only numbers with a point (JSON) or of eight bytes (CBOR) change within a form. Whole ones (``21.0``) may be shown as
floats or as integers, as their resource's type wants it: a form takes them when it shows such a one as it is. Numbers
that are limited make a payload unusual too: those in place of them are larger, and smaller, than any that a form takes.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterable
from typing import NamedTuple

import msgspec

from atshell_lwm2m import payload as payloads
from atshell_lwm2m.codec.contentformat import SENML_CBOR, SENML_JSON
from atshell_lwm2m.dissect.about import piece
from atshell_lwm2m.dissect.layouts import Layout, Layouts, Reader, Texts, layout
from atshell_lwm2m.message import Message

MAX_FORMS = 256
_MAX_LENGTH = 1024
_MAX_NUMBERS = 64
# Written in JSON as Python and msgspec write it: a few digits, no exponent, no zero at the end.
_NUMBER = re.compile(rb"(?<=:)(-?(?:(?:0|[1-9][0-9]{0,7})\.[0-9]{0,3}[1-9]|[1-9][0-9]{0,7}\.0))(?=[,}])")
# RFC 8949 section 3.3: a double follows.
_DOUBLE = b"\xfb"
_encode = msgspec.json.Encoder().encode
_double = struct.Struct(">d")


_LEAST, _GREATEST = 1e-4, 1e8


def _placeholder(number: int) -> float:
    """One that no device sends, and that JSON shows with just these digits."""
    return 730_031_501.0313 + number * 1000


def _whole(number: int) -> float:
    return _placeholder(number) // 1


def _small(number: int) -> float:
    """As small as those that a form takes: where something is added to a number, this one shows it."""
    return _LEAST + (number + 1) * 1e-7


Made = Callable[[Callable[[int], float]], bytes]
"""The payload with other numbers in their places: one for each place."""


class _Template(NamedTuple):
    pieces: list[str]
    """Of the JSON of the resources: every second one is empty, for a number."""
    whole: bool
    """Whether it shows whole numbers as they are."""

    def filled(self, numbers: Iterable[str]) -> str:
        pieces = self.pieces[:]
        pieces[1::2] = numbers
        return "".join(pieces)


def _template(made: Made, content_format: int, count: int) -> _Template | None:
    shown = _shown(made(_placeholder), content_format)
    if not shown or not _shown(made(lambda number: -_placeholder(number)), content_format):
        return None
    pieces, rest = [], shown
    for number in range(count):
        before, found, rest = rest.partition(str(_placeholder(number)))
        if not found or str(_placeholder(number)) in rest:
            return None
        pieces += [before, ""]
    template = _Template([*pieces, rest], whole=False)

    def shows(placed: Callable[[int], float]) -> bool:
        return _shown(made(placed), content_format) == template.filled(str(placed(number)) for number in range(count))

    return template._replace(whole=shows(_whole)) if shows(_small) else None


def _shown(data: bytes, content_format: int) -> str:
    """The resources, where nothing is to be said about them."""
    decoded = payloads.decode(data, content_format, "")
    return "" if decoded.error or decoded.expert else piece(Message(resources=decoded.resources))


class JsonForms:
    """By the text between the numbers."""

    def __init__(self) -> None:
        self._known: dict[tuple[bytes, ...], _Template | None] = {}

    def json(self, data: bytes) -> str | None:
        """The resources as a piece of JSON; None when ``payload.decode`` is to be asked."""
        if len(data) > _MAX_LENGTH:
            return None
        split = _NUMBER.split(data)
        between, numbers = split[::2], split[1::2]
        key = tuple(between)
        try:
            template = self._known[key]
        except KeyError:
            if not 0 < len(numbers) <= _MAX_NUMBERS:
                return None
            template = self._learn(key, between, len(numbers))
        if template is None:
            return None
        text = b",".join(numbers).decode()
        if not template.whole and ".0," in text + ",":
            return None
        return template.filled(text.split(","))

    def _learn(self, key: tuple[bytes, ...], between: list[bytes], count: int) -> _Template | None:
        def made(placed: Callable[[int], float]) -> bytes:
            return b"".join(
                part + (str(placed(number)).encode() if number < count else b"") for number, part in enumerate(between)
            )

        if len(self._known) >= MAX_FORMS:
            self._known.clear()
        template = self._known[key] = _template(made, SENML_JSON, count)
        return template


class CborForms(Layouts):
    """By length, then by the bytes between the numbers."""

    __slots__ = ()

    def learn(self, data: bytes) -> Layout | None:
        places = _doubles(data)
        if len(data) > _MAX_LENGTH or not 0 < len(places) <= _MAX_NUMBERS:
            return None

        def made(placed: Callable[[int], float]) -> bytes:
            tried = bytearray(data)
            for number, place in enumerate(places):
                _double.pack_into(tried, place, placed(number))
            return bytes(tried)

        template = _template(made, SENML_CBOR, len(places))
        if template is None:
            return None
        first, *after = template.pieces[::2]
        before = [first, *template.pieces[3::2]]
        readers = [
            Texts(_reader(*around, whole=template.whole), self.room).__getitem__
            for around in zip(before, after, strict=True)
        ]
        return layout(data, [(place, place + 8, "8s") for place in places], readers, again=True)


def _reader(before: str, after: str, *, whole: bool) -> Reader:
    def read(raw: bytes) -> str:
        (number,) = _double.unpack(raw)
        # What is tiny, and zero, may be shown in another way.
        if _LEAST < abs(number) < _GREATEST and (whole or number % 1):
            return f"{before}{_encode(number).decode()}{after}"
        raise ValueError

    return read


def _doubles(data: bytes) -> list[int]:
    """Where one may stand."""
    places = []
    at = data.find(_DOUBLE)
    while 0 <= at < len(data) - 8:
        places.append(at + 1)
        at = data.find(_DOUBLE, at + 9)
    return places
