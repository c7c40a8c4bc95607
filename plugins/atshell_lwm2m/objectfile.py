"""A user's own objects, for ``--objects``: XML as the OMA registry writes it (LwM2M 1.2 appendix D), or TOML.

    [[objects]]
    id = 33000
    name = "Cabinet"

    [[objects.resources]]
    id = 1
    name = "Door"
    type = "boolean"
    operations = "R"

    [[objects.resources]]
    id = 2
    name = "Fan speed"
    type = "integer"
    range = [0, 100]

XML comes from anywhere: what could make it refer to something else, or grow (a DOCTYPE, and so every entity), is
refused before it is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from xml.parsers import expat

import msgspec

from atshell.errors import AtshellError
from atshell_lwm2m.codec.registry import ObjectEntry, ResourceEntry, ValueType

if TYPE_CHECKING:
    Objects = Mapping[int, ObjectEntry]

MAX_FILE = 4 << 20
"""Bytes. The largest object of the registry has some fifty thousand."""
_LOOKED_AT = 1024
MAX_TOML_LINE = 4096
"""Bytes. Python's reader takes the square of a key with many dots."""
HIGHEST = 65535
TYPES: Mapping[str, ValueType] = {
    "string": "string",
    "integer": "integer",
    "unsigned integer": "unsigned",
    "unsigned": "unsigned",
    "float": "float",
    "boolean": "boolean",
    "opaque": "opaque",
    "time": "time",
    "objlnk": "objlnk",
    "corelnk": "corelnk",
}
"""As the schema of LwM2M.xsd names them, in lower case, and as decoded messages do."""
_HINT = "write it as an object of the OMA registry (XML), or as TOML: [[objects]] with id, name and resources"
_NUMBERS = frozenset({"integer", "unsigned", "float"})
_RANGE = re.compile(r"(-?[0-9]{1,20}(?:\.[0-9]{1,20})?)\s*(?:\.\.|-)\s*(-?[0-9]{1,20}(?:\.[0-9]{1,20})?)", re.ASCII)
_OPERATIONS = re.compile(r"[RWE]*", re.ASCII)


def read_objects(paths: Iterable[Path]) -> dict[int, ObjectEntry]:
    """By object ID; a later file wins. Raises AtshellError, which names file and place."""
    found: dict[int, ObjectEntry] = {}
    for path in paths:
        data = _read(path)
        found |= _from_xml(path, data) if _is_xml(data) else _from_toml(path, data)
    return found


def _is_xml(data: bytes) -> bool:
    """Behind a byte-order mark, of UTF-16 too, which TOML can not be."""
    return data[:_LOOKED_AT].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<")


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE + 1)
    except OSError as error:
        raise AtshellError(f"{path} cannot be read ({error.strerror})", "check --objects") from None
    if len(data) > MAX_FILE:
        raise AtshellError(f"{path} is too long for a file of objects", f"the limit is {MAX_FILE} bytes")
    return data


# TOML

_Id = Annotated[int, msgspec.Meta(ge=0, le=HIGHEST)]


class _Resource(msgspec.Struct, forbid_unknown_fields=True):
    id: _Id
    name: str
    type: ValueType | None = None
    operations: Annotated[str, msgspec.Meta(pattern="^[RWE]*$")] = ""
    multiple: bool = False
    unit: str | None = None
    range: tuple[float, float] | None = None


class _Object(msgspec.Struct, forbid_unknown_fields=True):
    id: _Id
    name: str
    resources: list[_Resource] = []


class _File(msgspec.Struct, forbid_unknown_fields=True):
    objects: list[_Object]


def _from_toml(path: Path, data: bytes) -> dict[int, ObjectEntry]:
    import tomllib

    if (long := next((n for n, line in enumerate(data.split(b"\n"), 1) if len(line) > MAX_TOML_LINE), 0)) > 0:
        raise AtshellError(f"{path}: line {long} is longer than {MAX_TOML_LINE} bytes", _HINT)
    try:
        file = msgspec.convert(tomllib.loads(data.decode("utf-8-sig")), _File)
    except (ValueError, RecursionError) as error:  # not UTF-8, not TOML, not this shape: the message has the place
        raise AtshellError(f"{path}: {error}", _HINT) from None
    return {
        one.id: ObjectEntry(
            one.name,
            {entry.id: _entry(entry) for entry in one.resources},
        )
        for one in file.objects
    }


def _entry(one: _Resource) -> ResourceEntry:
    limits = one.range if one.type in _NUMBERS else None
    return ResourceEntry(one.name, one.type, one.unit or None, one.operations, one.multiple, limits)


# XML


@dataclass(slots=True)
class _Element:
    """An object or a resource that is being read: the texts of the elements in it, and where it began."""

    line: int
    texts: dict[str, str] = field(default_factory=dict)
    resources: dict[int, ResourceEntry] = field(default_factory=dict)


class _Fault(Exception):
    """Raised with what is wrong in the line where the reader stands, or in ``line``."""

    def __init__(self, what: str, line: int | None = None) -> None:
        super().__init__(what)
        self.line = line


class _Reader:
    """An object's ``Item`` elements become resources when they end, and an ``Object`` an entry."""

    def __init__(self) -> None:
        self.objects: dict[int, ObjectEntry] = {}
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self._object: _Element | None = None
        self._item: _Element | None = None
        self._text = ""

    def _doctype(self, *_: object) -> None:
        raise _Fault("a DOCTYPE is not read, for it can refer to other files")

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._text = ""
        line = self.parser.CurrentLineNumber
        if name == "Object":
            self._object = _Element(line)
        elif name == "Item" and self._object is not None:
            self._item = _Element(line, {"ID": attributes.get("ID", "")})

    def _characters(self, text: str) -> None:
        self._text += text

    def _end(self, name: str) -> None:
        if name == "Item" and self._object is not None and self._item is not None:
            number, entry = _resource(self._item)
            self._object.resources[number] = entry
            self._item = None
        elif name == "Object" and self._object is not None:
            number = _number(self._object, "ObjectID")
            self.objects[number] = ObjectEntry(_name(self._object), self._object.resources)
            self._object = None
        elif (inside := self._item or self._object) is not None:
            inside.texts.setdefault(name, self._text.strip())
        self._text = ""


def _resource(item: _Element) -> tuple[int, ResourceEntry]:
    number, texts = _number(item, "ID"), item.texts
    named = texts.get("Type", "").lower()
    kind = TYPES.get(named)
    if named and kind is None:
        raise _Fault(
            f"resource {number} has the type {texts['Type']!r}, which is none of {', '.join(TYPES)}", item.line
        )
    operations = texts.get("Operations", "").upper()
    if _OPERATIONS.fullmatch(operations) is None:
        raise _Fault(f"resource {number} has the operations {texts['Operations']!r}, not some of RWE", item.line)
    multiple = texts.get("MultipleInstances", "").lower() == "multiple"
    limits = _limits(texts.get("RangeEnumeration", "")) if kind in _NUMBERS else None
    return number, ResourceEntry(_name(item), kind, texts.get("Units") or None, operations, multiple, limits)


def _limits(text: str) -> tuple[float, float] | None:
    """``0..100``, also written ``0-100``; a list of values, and of a text the number of its bytes, is no range."""
    match = _RANGE.fullmatch(text)
    if match is None:
        return None
    least, greatest = float(match[1]), float(match[2])
    return (least, greatest) if least < greatest else None


def _name(element: _Element) -> str:
    name = " ".join(element.texts.get("Name", "").split())
    if not name:
        raise _Fault("there is no Name", element.line)
    return name


def _number(element: _Element, what: str) -> int:
    text = element.texts.get(what, "")
    if not (text.isascii() and text.isdecimal() and len(text) <= 5 and int(text) <= HIGHEST):
        raise _Fault(f"{what} is {text!r}, not a number from 0 to {HIGHEST}", element.line)
    return int(text)


def _from_xml(path: Path, data: bytes) -> dict[int, ObjectEntry]:
    reader = _Reader()
    try:
        reader.parser.Parse(data, True)
    except _Fault as fault:
        line = reader.parser.CurrentLineNumber if fault.line is None else fault.line
        raise AtshellError(f"{path}, line {line}: {fault}", _HINT) from None
    except expat.ExpatError as error:
        raise AtshellError(f"{path}, line {error.lineno}: not XML ({expat.ErrorString(error.code)})", _HINT) from None
    except (ValueError, LookupError) as error:  # an encoding that nobody knows
        raise AtshellError(f"{path}: not XML ({error})", _HINT) from None
    if not reader.objects:
        raise AtshellError(f"{path}: there is no Object in it", _HINT)
    return reader.objects
