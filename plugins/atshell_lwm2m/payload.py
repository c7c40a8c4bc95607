"""Payloads to resources: by Content-Format on a message, by looking at it for a pasted one."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from atshell_lwm2m import explain
from atshell_lwm2m.codec import contentformat as formats
from atshell_lwm2m.codec import foreign, linkformat, tlv
from atshell_lwm2m.codec.errors import Malformed
from atshell_lwm2m.codec.registry import describe
from atshell_lwm2m.codec.values import from_bytes, from_text
from atshell_lwm2m.message import Expert, Resource

_NAMES = {
    formats.TEXT: "text",
    formats.LINK: "link format",
    formats.OPAQUE: "opaque",
    formats.CBOR: "CBOR",
    formats.TLV: "TLV",
    formats.OLD_TLV: "TLV",
    formats.LWM2M_JSON: "LwM2M JSON",
    formats.OLD_JSON: "LwM2M JSON",
    formats.SENML_JSON: "SenML JSON",
    formats.SENML_CBOR: "SenML CBOR",
    formats.ETCH_JSON: "SenML-ETCH JSON",
    formats.ETCH_CBOR: "SenML-ETCH CBOR",
    formats.LWM2M_CBOR: "LwM2M CBOR",
}
_RESOURCE_DEPTH = 3
_SHORT = 256


@dataclass(frozen=True, slots=True)
class Decoded:
    """Messages share these: the lists are not to be changed."""

    resources: list[Resource] = field(default_factory=list)
    expert: list[Expert] = field(default_factory=list)
    error: str | None = None


def decode(data: bytes, content_format: int | None, target: str) -> Decoded:
    """The resources in a message's payload. ``target`` is the LwM2M path it is about, "" when unknown.

    Devices report the same values again and again: short payloads are read once."""
    return _decode_short(data, content_format, target) if len(data) <= _SHORT else _decode(data, content_format, target)


def _decode(data: bytes, content_format: int | None, target: str) -> Decoded:
    if content_format is None:
        return _without_format(data, target)
    try:
        found = _by_format(data, content_format, target)
    except Malformed as error:
        why = explain.of_payload(data, content_format, target)
        return Decoded(expert=[why] if why else [], error=f"{_NAMES[content_format]}: {error} of the payload")
    named = foreign.of_resources(found)
    return Decoded(found, [*([named] if named else []), *explain.of_values(found, data, content_format, target)])


_decode_short = lru_cache(maxsize=4096)(_decode)


def _by_format(data: bytes, content_format: int, target: str) -> list[Resource]:
    match content_format:
        case formats.TLV | formats.OLD_TLV:
            return tlv.decode(data, target)
        case formats.LINK:
            return links(data)
        case formats.TEXT | formats.OPAQUE | formats.CBOR:
            return [single(data, content_format, target)] if target.count("/") >= _RESOURCE_DEPTH else []
    return _self_naming(data, content_format, target)


def _self_naming(data: bytes, content_format: int, target: str) -> list[Resource]:
    """Formats that are met less, and whose readers are imported when they are."""
    from atshell_lwm2m.codec import lwm2mcbor, senml

    match content_format:
        case formats.SENML_JSON | formats.ETCH_JSON:
            return senml.decode_json(data)
        case formats.LWM2M_JSON | formats.OLD_JSON:
            return senml.decode_lwm2m_json(data, target)
        case formats.SENML_CBOR | formats.ETCH_CBOR:
            return senml.decode_cbor(data)
        case formats.LWM2M_CBOR:
            return lwm2mcbor.decode(data)
    return []


def single(data: bytes, content_format: int, target: str) -> Resource:
    """A payload that is one value. Raises Malformed."""
    name, expected, unit = describe(target)
    if content_format == formats.TEXT:
        kind, value = from_text(data, expected)
    elif content_format == formats.CBOR:
        from atshell_lwm2m.codec import cbor, senml

        typed = senml.value_of(cbor.decode(data), expected)
        if typed is None:
            raise Malformed("no single value", 0)
        kind, value = typed
    else:
        kind, value = "opaque", data.hex()
    return Resource(target, name, kind, value, unit)


def links(data: bytes) -> list[Resource]:
    """The paths that a Discover answers with. Raises Malformed."""
    paths = [link.path for link in linkformat.parse(text(data))]
    return [Resource(path, describe(path).name) for path in paths]


def text(data: bytes) -> str:
    """Raises Malformed."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise Malformed("not UTF-8", error.start) from None


def _without_format(data: bytes, target: str) -> Decoded:
    """Old modules leave the Content-Format out. It is TLV when it reads as TLV for this very target, text otherwise.
    No text begins like that: TLV resources have a first byte of 0xC0 and more, instances and lists control
    characters or a byte that begins no UTF-8 character."""
    if data and _fits(data, target):
        resources, how = tlv.decode(data, target), "TLV"
    elif target.count("/") >= _RESOURCE_DEPTH:
        resources, how = [single(data, formats.TEXT, target)], "text"
    else:
        return Decoded()
    return Decoded(resources, [Expert("note", "content-format-missing", f"no Content-Format: read as {how}")])


def _fits(data: bytes, target: str) -> bool:
    try:
        records = tlv.parse_records(data)
    except Malformed:
        return False
    parts = target.split("/")
    if len(parts) > _RESOURCE_DEPTH:
        return len(records) == 1 and records[0].kind >= tlv.Kind.MULTIPLE_RESOURCE and str(records[0].id) == parts[3]
    if len(parts) == _RESOURCE_DEPTH:
        return all(record.kind >= tlv.Kind.MULTIPLE_RESOURCE for record in records)
    return len(parts) == 2 and all(record.kind != tlv.Kind.RESOURCE_INSTANCE for record in records)


def raw(data: bytes, target: str) -> Resource:
    """An opaque value that is typed by its target, as TLV would."""
    name, expected, unit = describe(target)
    kind, value = from_bytes(data, expected)
    return Resource(target, name, kind, value, unit)
