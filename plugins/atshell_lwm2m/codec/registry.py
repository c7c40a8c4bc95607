"""Names, types and units of LwM2M objects and resources, from the OMA LwM2M registry.

``data/objects.tsv`` has a line ``O<tab>object<tab>name`` for each object, followed by a line
``resource<tab>name<tab>operations<tab>type<tab>multiple<tab>unit`` for each of its resources. What the
table does not know is None: unknown numbers stay numbers.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files
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


class _Object(NamedTuple):
    name: str
    resources: dict[int, ResourceEntry]


@cache
def _table() -> str:
    return "\n" + files("atshell_lwm2m").joinpath("data", "objects.tsv").read_text("utf-8")


@lru_cache(maxsize=1024)
def _object(object_id: int) -> _Object | None:
    """Read when it is first asked for: most captures are about a few of five hundred objects."""
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
            number, title, operations, kind, multiple, unit = line.split("\t")
            known = cast("ValueType", kind) if kind else None
            resources[int(number)] = ResourceEntry(title, known, unit or None, operations, multiple == "*")
    return _Object(name.partition("\t")[0], resources)


def object_name(object_id: int) -> str | None:
    found = _object(object_id)
    return found.name if found is not None else None


def resource(object_id: int, resource_id: int) -> ResourceEntry | None:
    found = _object(object_id)
    return found.resources.get(resource_id) if found is not None else None


class Described(NamedTuple):
    name: str | None
    type: ValueType | None
    unit: str | None


_UNKNOWN = Described(None, None, None)


@lru_cache(maxsize=4096)
def describe(path: str) -> Described:
    """What stands at an LwM2M path: the resource's name, type and unit, or the object's name."""
    parts = path.split("/")
    if len(parts) < 2 or not all(part.isdecimal() for part in parts[1:]):
        return _UNKNOWN
    if len(parts) > 3:
        entry = resource(int(parts[1]), int(parts[3]))
        return Described(entry.name, entry.type, entry.unit) if entry is not None else _UNKNOWN
    return Described(object_name(int(parts[1])), None, None)
