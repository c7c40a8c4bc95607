"""SenML payloads of a form that was seen before: the same records with other numbers.

A form is learnt from what ``payload.decode`` makes of a payload in which each number was put in place of another one:
where that other one shows in the resources, the number belongs, and the rest is text that stays. No SenML is read here,
so there is nothing in which the two could differ; a number that shows nowhere, or twice, makes the payload unusual.
Only numbers with a point (JSON) or of eight bytes (CBOR) change within a form: whole ones may be shown as floats or as
integers, as their resource's type wants it. Numbers that are limited make a payload unusual too: those in place of them
are larger, and smaller, than any that a form takes.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from typing import TypeVar

import msgspec

from atshell_lwm2m import payload as payloads
from atshell_lwm2m.codec.contentformat import SENML_CBOR, SENML_JSON
from atshell_lwm2m.dissect.about import piece
from atshell_lwm2m.message import Message

MAX_FORMS = 256
_MAX_LENGTH = 1024
_MAX_NUMBERS = 64
_MAX_ALIKE = 8
# Written in JSON as Python and msgspec write it: a few digits, no exponent, no zero at the end.
_NUMBER = re.compile(rb"(?<=:)(-?(?:0|[1-9][0-9]{0,7})\.[0-9]{0,3}[1-9])(?=[,}])")
# RFC 8949 section 3.3: a double follows.
_DOUBLE = b"\xfb"
K = TypeVar("K")
V = TypeVar("V")
_encode = msgspec.json.Encoder().encode
_double = struct.Struct(">d")


_LEAST, _GREATEST = 1e-4, 1e8


def _placeholder(number: int) -> float:
    """One that no device sends, and that JSON shows with just these digits."""
    return 730_031_501.0313 + number * 1000


Made = Callable[[Callable[[int], float]], bytes]
"""The payload with other numbers in their places: one for each place."""


def _template(made: Made, content_format: int, count: int) -> list[str] | None:
    """The piece of JSON with the resources, around the placeholders in order, with empty places for them."""
    below = payloads.decode(made(lambda number: -_placeholder(number)), content_format, "")
    decoded = payloads.decode(made(_placeholder), content_format, "")
    if not decoded.resources or any((decoded.error, decoded.expert, below.error, below.expert)):
        return None
    rest = piece(Message(resources=decoded.resources))
    pieces = []
    for number in range(count):
        before, found, rest = rest.partition(str(_placeholder(number)))
        if not found or str(_placeholder(number)) in rest:
            return None
        pieces += [before, ""]
    return [*pieces, rest]


def _filled(template: list[str], parts: list[str]) -> str:
    pieces = template[:]
    pieces[1::2] = parts
    return "".join(pieces)


class JsonForms:
    """By the text between the numbers."""

    def __init__(self) -> None:
        self._known: dict[tuple[bytes, ...], list[str] | None] = {}

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
        return None if template is None else _filled(template, b",".join(numbers).decode().split(","))

    def _learn(self, key: tuple[bytes, ...], between: list[bytes], count: int) -> list[str] | None:
        def made(placed: Callable[[int], float]) -> bytes:
            return b"".join(
                part + (str(placed(number)).encode() if number < count else b"") for number, part in enumerate(between)
            )

        return _keep(self._known, key, _template(made, SENML_JSON, count))


class CborForms:
    """By length, then by the bytes between the numbers."""

    def __init__(self) -> None:
        self._known: dict[int, list[_CborForm]] = {}

    def json(self, data: bytes) -> str | None:
        """As ``JsonForms.json``."""
        known = self._known.get(len(data))
        if known is not None:
            for form in known:
                text = form.json(data)
                if text is not None:
                    return text
        return self._learn(data, known or [])

    def _learn(self, data: bytes, known: list[_CborForm]) -> str | None:
        if len(data) > _MAX_LENGTH or len(known) >= _MAX_ALIKE:
            return None
        places = _doubles(data)
        if not 0 < len(places) <= _MAX_NUMBERS:
            return None

        def made(placed: Callable[[int], float]) -> bytes:
            tried = bytearray(data)
            for number, place in enumerate(places):
                _double.pack_into(tried, place, placed(number))
            return bytes(tried)

        template = _template(made, SENML_CBOR, len(places))
        if template is None:
            return None
        form = _CborForm(data, places, template)
        _keep(self._known, len(data), [form, *known])
        return form.json(data)


class _CborForm:
    __slots__ = ("_leads", "_template", "_unpack")

    def __init__(self, data: bytes, places: list[int], template: list[str]) -> None:
        starts = [0, *(place + 8 for place in places)]
        between = [stop - start for start, stop in zip(starts, [*places, len(data)], strict=True)]
        self._unpack = struct.Struct(">" + "d".join(f"{size}s" for size in between)).unpack
        self._leads = self._unpack(data)[::2]
        self._template = template

    def json(self, data: bytes) -> str | None:
        found = self._unpack(data)
        if found[::2] != self._leads:
            return None
        # Neither whole nor tiny: those may be shown in another way.
        if any(value % 1 == 0 or not _LEAST < abs(value) < _GREATEST for value in found[1::2]):
            return None
        return _filled(self._template, _encode(found[1::2]).decode()[1:-1].split(","))


def _doubles(data: bytes) -> list[int]:
    """Where one may stand."""
    places = []
    at = data.find(_DOUBLE)
    while 0 <= at < len(data) - 8:
        places.append(at + 1)
        at = data.find(_DOUBLE, at + 9)
    return places


def _keep(table: dict[K, V], key: K, value: V) -> V:
    if len(table) >= MAX_FORMS:
        table.clear()
    table[key] = value
    return value
