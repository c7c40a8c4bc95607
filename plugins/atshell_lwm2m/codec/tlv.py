"""OMA LwM2M TLV (LwM2M 1.0 section 6.4.3; LwM2M 1.1 core section 7.4.3).

``parse_records`` turns bytes into a tree and ``encode_records`` turns it back; ``decode`` gives every value its path
and, by the registry, its type, straight from the bytes. A record's header is a type byte (two bits kind, one bit width
of the identifier, two bits width of the length, three bits a short length), the identifier and the length. Object
instances hold resources, multiple resources hold resource instances, the two others hold a value: the tree is never
deeper than three, whatever the bytes say.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from atshell_lwm2m.codec.errors import Malformed, left
from atshell_lwm2m.codec.registry import describe
from atshell_lwm2m.codec.values import from_bytes
from atshell_lwm2m.message import Resource

_INTEGER_WIDTHS = ((1, ">b"), (2, ">h"), (4, ">i"), (8, ">q"))


class Kind(IntEnum):
    """Bits 7 and 6 of the type byte."""

    OBJECT_INSTANCE = 0
    RESOURCE_INSTANCE = 1
    MULTIPLE_RESOURCE = 2
    RESOURCE = 3


_KINDS = tuple(Kind)
_A_KIND = ("an object instance", "a resource instance", "a multiple resource", "a resource")
# What a record may hold: kind -> kinds of its children, for the two kinds that have some.
_CHILDREN = {
    Kind.OBJECT_INSTANCE: frozenset({Kind.MULTIPLE_RESOURCE, Kind.RESOURCE}),
    Kind.MULTIPLE_RESOURCE: frozenset({Kind.RESOURCE_INSTANCE}),
}
_ANY = frozenset(Kind)


@dataclass(frozen=True, slots=True)
class TlvRecord:
    kind: Kind
    id: int
    value: bytes = b""
    """Of a resource or resource instance."""
    children: tuple[TlvRecord, ...] = ()
    """Of an object instance or multiple resource."""


def parse_records(data: bytes) -> list[TlvRecord]:
    """Raises Malformed."""
    return _parse(data, 0, len(data), _ANY)


def _parse(data: bytes, at: int, end: int, allowed: frozenset[Kind]) -> list[TlvRecord]:
    records = []
    while at < end:
        kind, identifier, start, stop = header(data, at, end)
        if kind not in allowed:
            raise _misplaced(kind, at)
        inner = _CHILDREN.get(kind)
        if inner is None:
            records.append(TlvRecord(kind, identifier, data[start:stop]))
        else:
            records.append(TlvRecord(kind, identifier, children=tuple(_parse(data, start, stop, inner))))
        at = stop
    return records


def _misplaced(kind: Kind, at: int) -> Malformed:
    return Malformed(f"{_A_KIND[kind]} may not stand here", at)


def header(data: bytes, at: int, end: int) -> tuple[Kind, int, int, int]:
    """Kind, identifier, and where the value starts and stops. Raises Malformed; the bytes end at ``end``."""
    first = data[at]
    if not first & 0x38:
        # One byte of identifier and the length in the first byte: most records.
        stop = at + 2 + (first & 7)
        if stop <= end:
            return _KINDS[first >> 6], data[at + 1], at + 2, stop
    id_width = 2 if first & 0x20 else 1
    length_width = first >> 3 & 3
    start = at + 1 + id_width + length_width
    if start > end:
        raise Malformed("the data ends inside a TLV header", at)
    identifier = int.from_bytes(data[at + 1 : at + 1 + id_width], "big")
    length = int.from_bytes(data[at + 1 + id_width : start], "big") if length_width else first & 7
    if start + length > end:
        raise Malformed(f"a TLV length of {length} where {left(end - start)}", at)
    return _KINDS[first >> 6], identifier, start, start + length


def last_length(data: bytes) -> int:
    """How many bytes the length of the last value has, which stands in front of it; 0 for a length in the type byte,
    and for a value that is in another record. Raises Malformed."""
    first, kind, at = 0, Kind.OBJECT_INSTANCE, 0
    while at < len(data):
        first = data[at]
        kind, _, _, at = header(data, at, len(data))
    return 0 if kind in _CHILDREN else first >> 3 & 3


def encode_records(records: Iterable[TlvRecord]) -> bytes:
    """Each header as short as it can be."""
    return b"".join(map(_encode, records))


def _encode(record: TlvRecord) -> bytes:
    value = encode_records(record.children) if record.kind in _CHILDREN else record.value
    size = len(value)
    first = record.kind << 6
    if record.id > 0xFF:
        first |= 0x20
    identifier = record.id.to_bytes(2 if record.id > 0xFF else 1, "big")
    if size < 8:
        return bytes((first | size,)) + identifier + value
    width = 1 if size < 1 << 8 else 2 if size < 1 << 16 else 3
    return bytes((first | width << 3,)) + identifier + size.to_bytes(width, "big") + value


def encode_value(value: str | int | float | bool | bytes) -> bytes:
    """The value's bytes (LwM2M 1.0 appendix C): integers in the shortest width, floats in four bytes where exact."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, bool):
        return b"\x01" if value else b"\x00"
    if isinstance(value, int):
        for width, form in _INTEGER_WIDTHS:
            if -(1 << 8 * width - 1) <= value < 1 << 8 * width - 1:
                return struct.pack(form, value)
        raise Malformed(f"the integer {value} needs more than 8 bytes", 0)
    try:
        short = struct.pack(">f", value)
    except OverflowError:
        return struct.pack(">d", value)
    return short if struct.unpack(">f", short)[0] == value or value != value else struct.pack(">d", value)


def decode(data: bytes, path: str) -> list[Resource]:
    """The values with their paths. ``path`` is the target: ``/3``, ``/3/0``, ``/3/0/5``; ``""`` when it is unknown,
    then paths begin with the outermost identifier and nothing has a name. Raises Malformed."""
    found: list[Resource] = []
    known = path.rstrip("/") != ""
    for leaf, start, stop in leaves(data, path):
        name, expected, unit = describe(leaf) if known else (None, None, None)
        type_, value = from_bytes(data[start:stop], expected)
        found.append(Resource(leaf, name, type_, value, unit))
    return found


def leaves(data: bytes, path: str) -> Iterator[tuple[str, int, int]]:
    """The path of every value, and where it starts and stops. Raises Malformed.

    A client may leave out the object instance when it answers for a whole single-instance object (LwM2M 1.0 section
    6.4.3.1): then it is instance 0."""
    base = path.rstrip("/").split("/")
    top = base[0] if len(base) < 2 else f"/{base[1]}"
    instance = top if len(base) < 2 else f"{top}/{base[2]}" if len(base) > 2 else f"{top}/0"
    above = {
        Kind.OBJECT_INSTANCE: top,
        Kind.RESOURCE_INSTANCE: "/".join(base[:4]),
        Kind.MULTIPLE_RESOURCE: instance,
        Kind.RESOURCE: instance,
    }
    at, end = 0, len(data)
    while at < end:
        kind, identifier, start, at = header(data, at, end)
        inner = _CHILDREN.get(kind)
        if inner is None:
            yield f"{above[kind]}/{identifier}", start, at
        else:
            yield from _leaves(data, f"{above[kind]}/{identifier}", inner, start, at)


def _leaves(data: bytes, path: str, allowed: frozenset[Kind], at: int, end: int) -> Iterator[tuple[str, int, int]]:
    """What a record holds from ``at`` to ``end``."""
    while at < end:
        kind, identifier, start, stop = header(data, at, end)
        if kind not in allowed:
            raise _misplaced(kind, at)
        inner = _CHILDREN.get(kind)
        if inner is None:
            yield f"{path}/{identifier}", start, stop
        else:
            yield from _leaves(data, f"{path}/{identifier}", inner, start, stop)
        at = stop
