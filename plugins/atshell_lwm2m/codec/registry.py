"""Names, types and units of LwM2M objects and resources, from the OMA LwM2M registry.

``data/objects.tsv`` has a line ``O<tab>object<tab>name`` for each object, followed by a line
``resource<tab>name<tab>operations<tab>type<tab>multiple<tab>unit`` for each of its resources. It is read at the first
question. What the table does not know is None: unknown numbers stay numbers.
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


@cache
def _tables() -> tuple[dict[int, str], dict[tuple[int, int], ResourceEntry]]:
    objects: dict[int, str] = {}
    resources: dict[tuple[int, int], ResourceEntry] = {}
    current = -1
    table = files("atshell_lwm2m").joinpath("data", "objects.tsv").read_text("utf-8")
    for line in table.splitlines():
        fields = line.split("\t")
        if fields[0] == "O":
            current = int(fields[1])
            objects[current] = fields[2]
        elif not line.startswith("#"):
            number, name, operations, kind, multiple, unit = fields
            entry = ResourceEntry(
                name, cast("ValueType", kind) if kind else None, unit or None, operations, multiple == "*"
            )
            resources[current, int(number)] = entry
    return objects, resources


def object_name(object_id: int) -> str | None:
    return _tables()[0].get(object_id)


def resource(object_id: int, resource_id: int) -> ResourceEntry | None:
    return _tables()[1].get((object_id, resource_id))


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
