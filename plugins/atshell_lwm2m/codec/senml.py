"""SenML (RFC 8428) and SenML-ETCH (RFC 8790) in JSON and CBOR, and the JSON of LwM2M 1.0 (section 6.4.4).

All of them are a list of records of names and values with a base name in front. A record's full name is an LwM2M path.
One without a value (a path that a composite read asks for, or null, which removes) gives a resource without a value.
A base value is added to the numbers; a base time and a time give the value's moment, in seconds: since 1970, or, where
it is less than 2^28, from now (RFC 8428 section 4.5.3).
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
LABELS: dict[int, str] = {
    -1: "bver", -2: "bn", -3: "bt", -4: "bu", -5: "bv", -6: "bs",
    0: "n", 1: "u", 2: "v", 3: "vs", 4: "vb", 5: "s", 6: "t", 7: "ut", 8: "vd",
}  # fmt: skip
VERSION = 10
"""Of RFC 8428; what a higher one would mean is not known (section 4.4)."""
_MAX_UNIT = 64
"""Characters; the longest that is registered has less than ten (IANA "SenML Units")."""
Record = Mapping[str, object]
_SENML_VALUES = ("v", "vs", "vb", "vd", "vlo")
_LWM2M_VALUES = ("v", "sv", "bv", "ov")


def decode_json(data: bytes) -> list[Resource]:
    """application/senml+json. Raises Malformed."""
    return _senml(_listed(_parsed(data), "a SenML pack"))


def decode_cbor(data: bytes) -> list[Resource]:
    """application/senml+cbor. Raises Malformed."""
    records = _listed(cbor.decode(data), "a SenML pack")
    return _senml([{_label(label): value for label, value in record.items()} for record in records])


def _label(label: object) -> str:
    """Its name in JSON; a number that nobody knows has none."""
    if isinstance(label, int):
        return LABELS.get(label, "")
    if not isinstance(label, str):
        raise Malformed("a SenML label that is neither a number nor a text", 0)
    return label


def decode_lwm2m_json(data: bytes, target: str) -> list[Resource]:
    """application/vnd.oma.lwm2m+json: the base name is the target where it is left out. Raises Malformed."""
    whole = _parsed(data)
    if not isinstance(whole, dict):
        raise Malformed("LwM2M JSON is an object", 0)
    entries = _listed(whole.get("e"), 'the "e" of LwM2M JSON')
    base = whole.get("bn", target)
    if not isinstance(base, str):
        raise Malformed('the "bn" of LwM2M JSON is a text', 0)
    return _lwm2m_json(base, whole.get("bt", 0), entries)


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


def _senml(records: list[dict[str, object]]) -> list[Resource]:
    base: dict[str, object] = {"bn": "", "bt": 0, "bv": 0, "bu": None}
    found = []
    for record in records:
        _understood(record)
        base.update((name, record[name]) for name in base if name in record)
        name = _text(record, "n") if "n" in record else ""
        if not name and not _has_value(record, _SENML_VALUES) and len(records) > 1:
            continue  # It only sets the base.
        unit = _unit(record.get("u", base["bu"]))
        path = _text(base, "bn") + name
        value = _with_base(_value_in(record, _SENML_VALUES), base)
        moment = _moment(base["bt"], record["t"]) if "t" in record else _moment(base["bt"], 0)
        found.append(_resource(path, value, unit, moment))
    return found


def _unit(unit: object) -> str | None:
    """A base unit comes with every record: a long one would make a small payload very large."""
    return unit[:_MAX_UNIT] if isinstance(unit, str) else None


def _understood(record: Record) -> None:
    version = record.get("bver", VERSION)
    if isinstance(version, bool) or not isinstance(version, int) or version > VERSION:
        raise Malformed(f"SenML version {str(version)[:20]!r} is not known", 0)
    must = next((key for key in record if key.endswith("_")), None)
    if must is not None:
        raise Malformed(f"the label {must[:40]!r} is to be understood, and is not", 0)


def _with_base(value: _Value, base: Record) -> _Value:
    """The base value is added to a number, and stands for one that is left out."""
    more = base["bv"]
    if isinstance(more, bool) or not isinstance(more, (int, float)):
        raise Malformed('"bv" is a number', 0)
    label, held = value or ("v", 0)
    if not more or label != "v" or isinstance(held, bool) or not isinstance(held, (int, float)):
        return value
    return label, held + more


def _lwm2m_json(base: str, base_time: object, entries: list[dict[str, object]]) -> list[Resource]:
    """Base name and name are written with and without a slash between them."""
    found = []
    for entry in entries:
        name = _text(entry, "n") if "n" in entry else ""
        joint = "/" if name and not base.endswith("/") and name[0] != "/" else ""
        moment = _moment(base_time, entry.get("t", 0))
        found.append(_resource(base + joint + name, _value_in(entry, _LWM2M_VALUES), None, moment))
    return found


def _moment(base: object, time: object) -> float | None:
    """None where nothing is said of time, which means now."""
    for one in (base, time):
        if isinstance(one, bool) or not isinstance(one, (int, float)) or abs(one) > 1 << 53:
            raise Malformed('"t" is a number', 0)
    moment = base + time  # type: ignore[operator]  # both were looked at
    return moment or None


def _text(record: Record, key: str) -> str:
    value = record[key]
    if not isinstance(value, str):
        raise Malformed(f'"{key}" is a text', 0)
    return value


_Value = tuple[str, object] | None
"""A label and what stands there."""


def _has_value(record: Record, labels: tuple[str, ...]) -> bool:
    return any(key in record for key in labels)


def _value_in(record: Record, labels: tuple[str, ...]) -> _Value:
    """None where there is none, or null (RFC 8790 section 3.2.2: what stands there is to be removed)."""
    label = next((one for one in labels if one in record), None)
    return (label, record[label]) if label is not None and record[label] is not None else None


def _resource(path: str, value: _Value, unit: str | None, moment: float | None) -> Resource:
    path = "/" + path.strip("/") if path else "/"
    if not _PATH.fullmatch(path):
        raise Malformed(f"the name {path[:40]!r} is no LwM2M path", 0)
    name, expected, own_unit = describe(path)
    if value is None:
        return Resource(path, name, expected, time=moment)
    label, held = value
    typed = value_of(held, expected, opaque=label == "vd", link=label in ("vlo", "ov"))
    if typed is None:
        raise Malformed(f'"{label}" has a value of another kind', 0)
    return Resource(path, name, typed[0], typed[1], unit or own_unit, moment)


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
