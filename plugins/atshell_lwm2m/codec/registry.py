"""Names, types and units of LwM2M objects and resources, from the OMA LwM2M registry.

``data/objects.tsv`` has a line ``O<tab>object<tab>name`` for each object, followed by a line
``resource<tab>name<tab>operations<tab>type<tab>multiple<tab>unit`` for each of its resources, with a range
(``0..100``) behind it where a number has one. What the table does not know is None: unknown numbers stay numbers.
``extend`` adds what a user knows beyond the table (``atshell_lwm2m.objectfile``).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, NamedTuple, cast

ValueType = Literal["string", "integer", "unsigned", "float", "boolean", "opaque", "time", "objlnk", "corelnk"]


class ResourceEntry(NamedTuple):
    name: str
    type: ValueType | None
    """None for what is executed, not read."""
    unit: str | None
    operations: str
    """Of R, W, E; empty for what the bootstrap server alone may touch."""
    multiple: bool
    limits: tuple[float, float] | None = None
    """The least and the greatest value of a number."""


class ObjectEntry(NamedTuple):
    name: str
    resources: Mapping[int, ResourceEntry]


_own: dict[int, ObjectEntry] = {}


def extend(objects: Mapping[int, ObjectEntry]) -> None:
    """Know these objects too, from now on and everywhere; they win over the table's. Call it before anything is
    decoded: what was decoded already is not decoded anew."""
    _own.update(objects)
    _object.cache_clear()
    describe.cache_clear()


@cache
def _table() -> str:
    # importlib.resources takes longer to import than the table to read.
    return "\n" + (Path(__file__).parent.parent / "data" / "objects.tsv").read_bytes().decode()


@lru_cache(maxsize=1024)
def _object(object_id: int) -> ObjectEntry | None:
    """Read when it is first asked for: most captures are about a few of five hundred objects."""
    if object_id in _own:
        return _own[object_id]
    table = _table()
    head = f"\nO\t{object_id}\t"
    start = table.find(head)
    if start < 0:
        return None
    end = table.find("\nO\t", start + 1)
    name, *lines = table[start + len(head) : end if end >= 0 else len(table)].splitlines()
    resources = {}
    for line in lines:
        if not line.startswith("#"):
            number, title, operations, kind, multiple, unit, *limits = line.split("\t")
            known = cast("ValueType", kind) if kind else None
            resources[int(number)] = ResourceEntry(
                title, known, unit or None, operations, multiple == "*", _range(limits[0]) if limits else None
            )
    return ObjectEntry(name.partition("\t")[0], resources)


def _range(text: str) -> tuple[float, float]:
    least, _, greatest = text.partition("..")
    return float(least), float(greatest)


def object_name(object_id: int) -> str | None:
    found = _object(object_id)
    return found.name if found is not None else None


def resource(object_id: int, resource_id: int) -> ResourceEntry | None:
    found = _object(object_id)
    return found.resources.get(resource_id) if found is not None else None


# Public key or identity, server public key, secret key (object 0), and OSCORE's master secret (object 21).
_SECRET = frozenset({("0", "5"), ("0", "8"), ("21", "0")})


def is_secret(path: str) -> bool:
    """Whether a resource holds a key."""
    parts = path.split("/")
    return len(parts) > 3 and (parts[1], parts[3]) in _SECRET


class Described(NamedTuple):
    name: str | None
    type: ValueType | None
    unit: str | None


_UNKNOWN = Described(None, None, None)


@lru_cache(maxsize=4096)
def describe(path: str) -> Described:
    """What stands at an LwM2M path: the resource's name, type and unit, or the object's name."""
    parts = path.split("/")
    if len(parts) < 2 or parts[0] or not all(map(_is_id, parts[1:])):
        return _UNKNOWN
    if len(parts) > 3:
        entry = entry_of(path)
        return Described(entry.name, entry.type, entry.unit) if entry is not None else _UNKNOWN
    return Described(object_name(int(parts[1])), None, None)


def entry_of(path: str) -> ResourceEntry | None:
    """All that is known of the resource at an LwM2M path."""
    parts = path.split("/")
    if len(parts) < 4 or parts[0] or not (_is_id(parts[1]) and _is_id(parts[3])):
        return None
    return resource(int(parts[1]), int(parts[3]))


def _is_id(part: str) -> bool:
    """Paths come from outside, and Python refuses to read a number of thousands of digits."""
    return len(part) <= 5 and part.isascii() and part.isdecimal()
