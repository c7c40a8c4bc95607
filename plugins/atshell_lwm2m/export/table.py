"""Records as CSV (RFC 4180), a row a record, with the columns of the records' own fields.

What is nested becomes columns of its own (``registration.lt``), what is a list is joined with `` | `` (so
``resources.path`` and ``resources.value`` go side by side). Spreadsheets take a cell that begins with ``=``, ``+``,
``-`` or ``@`` for a formula: text from the network that does so gets a ``'`` in front, and its control characters are
made visible. Numbers stay numbers.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import attrgetter
from types import UnionType
from typing import NamedTuple, Union, get_args, get_origin

import msgspec

from atshell.styled import visible
from atshell_lwm2m.message import NO_TIME, Seconds

JOINT = " | "
_FORMULA = frozenset("=+-@＝＋－＠\t\r\n")


class Column(NamedTuple):
    name: str
    read: Callable[[object], object]


class _Line:
    """What csv.writer writes to: it keeps the last line."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> int:
        self.text = text
        return len(text)


def csv_lines(records: Iterable[object], kind: type[msgspec.Struct]) -> Iterator[str]:
    """Lines with their line feeds, the first one the columns' names."""
    found = columns(kind)
    line = _Line()
    writer = csv.writer(line, lineterminator="\n")
    writer.writerow([column.name for column in found])
    yield line.text
    for record in records:
        writer.writerow([cell(column.read(record)) for column in found])
        yield line.text


def columns(kind: type[msgspec.Struct]) -> list[Column]:
    found = []
    for field in msgspec.structs.fields(kind):
        inner, listed = _inner(field.type)
        if inner is None:
            found.append(Column(field.encode_name, attrgetter(field.name)))
            continue
        for part in msgspec.structs.fields(inner):
            read = _each(field.name, part.name) if listed else _part(field.name, part.name)
            found.append(Column(f"{field.encode_name}.{part.encode_name}", read))
    return found


def _inner(annotation: object) -> tuple[type[msgspec.Struct] | None, bool]:
    """The record that a field holds, and whether it holds a list of them."""
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return annotation, False
    origin = get_origin(annotation)
    if origin in (list, UnionType, Union):
        for argument in get_args(annotation):
            found = _inner(argument)[0]
            if found is not None:
                return found, origin is list
    return None, False


def _part(name: str, part: str) -> Callable[[object], object]:
    read, read_part = attrgetter(name), attrgetter(part)

    def value(record: object) -> object:
        holder = read(record)
        return None if holder is None else read_part(holder)

    return value


def _each(name: str, part: str) -> Callable[[object], object]:
    read, read_part = attrgetter(name), attrgetter(part)
    return lambda record: [read_part(one) for one in read(record)]


def cell(value: object) -> str:
    if value is None or value is NO_TIME:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Seconds):
        return value.digits
    if isinstance(value, (int, float)):
        return str(value)
    return defused(visible(_text(value), keep=""))


def _text(value: object) -> str:
    if isinstance(value, tuple) and len(value) == 3:
        return f"{value[1]}={value[2]}"  # An option: number, name, value.
    if isinstance(value, dict):
        return JOINT.join(f"{key}={one}" for key, one in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return JOINT.join("" if one is None else cell(one) if not isinstance(one, (str, tuple)) else _text(one)
                          for one in value)  # fmt: skip
    return str(value)


def defused(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    if not text:
        return text
    return f"'{text}" if text[:1] in _FORMULA or text.strip()[:1] in _FORMULA else text
