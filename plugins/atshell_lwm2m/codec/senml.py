"""SenML (RFC 8428) in JSON and CBOR, and the JSON of LwM2M 1.0 (section 6.4.4), as LwM2M uses them.

All three are a list of records of names and values with a base name in front. A record's full name is an LwM2M path.
One without a value (a path that a composite read asks for) gives a resource without a value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from atshell_lwm2m.codec import cbor
from atshell_lwm2m.codec.errors import Malformed
from atshell_lwm2m.codec.registry import ValueType, describe
from atshell_lwm2m.codec.values import Typed, from_base64, from_number
from atshell_lwm2m.message import Resource

_PATH = re.compile(r"(?:/[0-9]{1,5}){0,4}/?")
_BYTE = re.compile(r"byte (\d+)")
# RFC 8428 section 6, table 4: what CBOR has for the labels.
_LABELS: dict[int, str] = {-2: "bn", -3: "bt", -4: "bu", -5: "bv", 0: "n", 1: "u", 2: "v", 3: "vs", 4: "vb", 8: "vd"}
Record = Mapping[str, object]


def decode_json(data: bytes) -> list[Resource]:
    """application/senml+json. Raises Malformed."""
    return _resources(_listed(_parsed(data), "a SenML pack"))


def decode_cbor(data: bytes) -> list[Resource]:
    """application/senml+cbor. Raises Malformed."""
    records = _listed(cbor.decode(data), "a SenML pack")
    named = [
        {(_LABELS.get(label, "") if isinstance(label, int) else label): value for label, value in record.items()}
        for record in records
    ]
    return _resources(named)


def decode_lwm2m_json(data: bytes, target: str) -> list[Resource]:
    """application/vnd.oma.lwm2m+json: the base name is the target where it is left out. Raises Malformed."""
    whole = _parsed(data)
    if not isinstance(whole, dict):
        raise Malformed("LwM2M JSON is an object", 0)
    entries = _listed(whole.get("e"), 'the "e" of LwM2M JSON')
    base = whole.get("bn", target)
    if not isinstance(base, str):
        raise Malformed('the "bn" of LwM2M JSON is a text', 0)
    return _resources([{"bn": base}, *entries] if entries else [], joint="/")


def _parsed(data: bytes) -> object:
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        place = _BYTE.search(str(error))
        raise Malformed("no JSON", int(place[1]) if place else 0) from None


def _listed(value: object, what: str) -> list[dict[str, object]]:
    if not isinstance(value, list):
        raise Malformed(f"{what} is a list", 0)
    for record in value:
        if not isinstance(record, dict):
            raise Malformed(f"a record of {what} is a map", 0)
    return value


def _resources(records: list[dict[str, object]], joint: str = "") -> list[Resource]:
    """``joint`` stands between base and name where neither has a slash (LwM2M JSON writes both ways)."""
    base, base_unit = "", None
    found = []
    for record in records:
        if "bn" in record:
            base = _text(record, "bn")
        base_unit = record.get("bu", base_unit)
        name = _text(record, "n") if "n" in record else ""
        if not name and not _has_value(record) and len(records) > 1:
            continue  # It only sets the base.
        path = base + joint + name if joint and name and not base.endswith("/") and name[0] != "/" else base + name
        unit = record.get("u", base_unit)
        found.append(_resource(path, record, unit if isinstance(unit, str) else None))
    return found


def _text(record: Record, key: str) -> str:
    value = record[key]
    if not isinstance(value, str):
        raise Malformed(f'"{key}" is a text', 0)
    return value


_VALUES = ("v", "vs", "sv", "vb", "bv", "vd", "vlo", "ov")


def _has_value(record: Record) -> bool:
    return any(key in record for key in _VALUES)


def _resource(path: str, record: Record, unit: str | None) -> Resource:
    path = "/" + path.strip("/") if path else "/"
    if not _PATH.fullmatch(path):
        raise Malformed(f"the name {path[:40]!r} is no LwM2M path", 0)
    name, expected, own_unit = describe(path)
    typed = _value(record, expected)
    if typed is None:
        return Resource(path, name, expected)
    return Resource(path, name, typed[0], typed[1], unit or own_unit)


def _value(record: Record, expected: ValueType | None) -> Typed | None:
    for key in _VALUES:
        if key in record:
            value = record[key]
            typed = value_of(value, expected, opaque=key == "vd", link=key in ("vlo", "ov"))
            if typed is None:
                raise Malformed(f'"{key}" has a value of another kind', 0)
            return typed
    return None


def value_of(value: object, expected: ValueType | None, *, opaque: bool = False, link: bool = False) -> Typed | None:
    """A value of JSON or CBOR; None when it is none."""
    if isinstance(value, bool):
        return "boolean", value
    if isinstance(value, (int, float)):
        return from_number(value, expected)
    if isinstance(value, bytes):
        return "opaque", value.hex()
    if not isinstance(value, str):
        return None
    if link or expected == "objlnk":
        return "objlnk", value
    if opaque or expected == "opaque":
        raw = from_base64(value)
        return ("opaque", raw) if raw is not None else ("string", value)
    return ("corelnk" if expected == "corelnk" else "string"), value
