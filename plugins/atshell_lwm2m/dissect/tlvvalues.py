"""Values of TLV straight to the JSON of their resources.

``reader`` makes a function for one resource and one width: it takes the value as ``struct`` unpacks it by ``code`` and
gives the whole resource. What is not of its type, and what ``atshell_lwm2m.explain`` may have something to tell about,
raises ValueError. Most values come again: for those the reader is a table of what it gave.
"""

from __future__ import annotations

import struct
from collections.abc import Callable

import msgspec

from atshell_lwm2m.codec.registry import ResourceEntry, ValueType
from atshell_lwm2m.dissect.layouts import Reader, Room, Texts
from atshell_lwm2m.explain.numbers import TINY, WHOLE, usual
from atshell_lwm2m.explain.values import HEXADECIMAL, SPELLED
from atshell_lwm2m.message import Resource

_COMES_AGAIN = 2, 16
"""Bytes that a whole number, and a text, may have to be kept: those of four are counters and times. Floats all are."""

_PLACE = "the value"
_encode = msgspec.json.Encoder().encode


class NotOfType(ValueError):
    """The bytes are no value of the resource's type, or not a usual one."""


def reader(path: str, entry: ResourceEntry, width: int, around: tuple[str, str], room: Room) -> Reader:
    """``around``: what stands before the resource, and behind it. Raises NotOfType for a width its type has not."""
    shown = _encode(Resource(path, entry.name, entry.type, _PLACE, entry.unit)).decode()
    before, after = shown.split(f'"{_PLACE}"')
    read = _of_type(entry, width, around[0] + before, after + around[1])
    return Texts(read, room).__getitem__ if comes_again(entry, width) else read


def comes_again(entry: ResourceEntry, width: int) -> bool:
    """Whether it is worth to keep what was made of a value."""
    return entry.type == "float" or width <= _COMES_AGAIN[entry.type not in WHOLE]


def code(entry: ResourceEntry, width: int) -> str:
    """Whole numbers come as such, all else as bytes."""
    if entry.type not in WHOLE:
        return f"{width}s"
    letter = _INTEGERS.get(width)
    if letter is None:
        raise NotOfType
    return letter.upper() if entry.type == "unsigned" else letter


_INTEGERS = {1: "b", 2: "h", 4: "i", 8: "q"}
_DIGITS = b"0123456789"
_FLOATS = {4: struct.Struct(">f"), 8: struct.Struct(">d")}


def _of_type(entry: ResourceEntry, width: int, before: str, after: str) -> Reader:
    if entry.type in WHOLE:
        return _whole(*usual(entry), before, after)
    if entry.type == "float":
        return _float(_FLOATS.get(width), *usual(entry), before, after)
    if entry.type == "string":
        return _string(before, after)
    convert = _CONVERT.get(entry.type) if entry.type else None
    if convert is None:
        raise NotOfType
    return lambda raw: f"{before}{_encode(convert(raw)).decode()}{after}"


def _whole(least: float, greatest: float, before: str, after: str) -> Reader:
    def read(number: int) -> str:
        if least <= number <= greatest:
            return f"{before}{number}{after}"
        raise NotOfType

    return read


def _float(form: struct.Struct | None, least: float, greatest: float, before: str, after: str) -> Reader:
    if form is None:
        raise NotOfType
    unpack = form.unpack

    def read(raw: bytes) -> str:
        (number,) = unpack(raw)
        if least <= number <= greatest and not 0 < abs(number) < TINY:
            return f"{before}{_encode(number).decode()}{after}"
        raise NotOfType

    return read


def _string(before: str, after: str) -> Reader:
    def read(raw: bytes) -> str:
        # What SPELLED finds begins with a digit.
        if raw and (not raw[-1] or (raw[0] in _DIGITS and SPELLED.fullmatch(raw))):
            raise NotOfType
        return f"{before}{_encode(raw.decode()).decode()}{after}"

    return read


def _boolean(raw: bytes) -> bool:
    if raw not in (b"\x00", b"\x01"):
        raise NotOfType
    return raw == b"\x01"


def _objlnk(raw: bytes) -> str:
    if len(raw) != 4:
        raise NotOfType
    return f"{raw[0] << 8 | raw[1]}:{raw[2] << 8 | raw[3]}"


def _opaque(raw: bytes) -> str:
    if HEXADECIMAL.fullmatch(raw):
        raise NotOfType
    return raw.hex()


_CONVERT: dict[ValueType, Callable[[bytes], object]] = {
    "corelnk": bytes.decode,
    "opaque": _opaque,
    "boolean": _boolean,
    "objlnk": _objlnk,
}
