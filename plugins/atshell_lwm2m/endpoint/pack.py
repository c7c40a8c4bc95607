"""Values to a payload, in each Content-Format that a server writes.

TLV and plain values stand below the request's target; SenML names every value in full, so a composite request, which
has no target, needs nothing else. LwM2M 1.0 section 6.4, LwM2M 1.1 core section 7.4.
"""

from __future__ import annotations

import base64
import json
import math
import struct
from collections.abc import Callable, Iterable, Mapping, Sequence

from atshell_lwm2m.codec import contentformat as formats
from atshell_lwm2m.codec.tlv import Kind, TlvRecord, encode_records, encode_value
from atshell_lwm2m.endpoint import cborout
from atshell_lwm2m.endpoint.content import Content

Path = tuple[int, ...]
Values = Mapping[Path, Content]
"""By path in full: ``(3, 0, 14)``."""
Plain = str | int | float | bool

RESOURCE_DEPTH = 3
# RFC 8428 section 6, table 4; "vlo" is LwM2M's own and has no number (LwM2M 1.1 core section 7.4.5).
_LABELS: dict[str, int | str] = {"n": 0, "v": 2, "vs": 3, "vb": 4, "vd": 8, "vlo": "vlo"}


def pack(values: Values, target: Path, content_format: int) -> bytes:
    """Raises ValueError where the format cannot hold them."""
    packer = _PACKERS.get(content_format)
    if packer is None:
        raise ValueError(f"nothing can be written as {formats.name(content_format)}: {CHOICE}")
    return packer(values, target)


def pack_paths(paths: Sequence[str], content_format: int) -> bytes:
    """What a composite read or observation asks for."""
    names: list[dict[str, object]] = [{"n": path} for path in paths]
    if content_format == formats.SENML_JSON:
        return _json(names)
    return cborout.encode([{_LABELS["n"]: path} for path in paths])


def raw_value(content: Content) -> bytes:
    """As TLV and opaque carry it (LwM2M 1.0 appendix C)."""
    value = content.value
    if isinstance(value, str):
        if content.kind == "objlnk":
            first, _, second = value.partition(":")
            return struct.pack(">HH", int(first), int(second))
        return value.encode("utf-8", "surrogateescape")
    if content.kind == "unsigned" and isinstance(value, int) and value >= 1 << 63:
        return value.to_bytes(8, "big")
    return encode_value(value)


# TLV


def _tlv(values: Values, target: Path) -> bytes:
    return encode_records(_records(values, target))


def _records(values: Values, target: Path) -> list[TlvRecord]:
    """The records for what stands below ``target``; of a resource its own."""
    depth = len(target)
    if depth == RESOURCE_DEPTH and set(values) == {target}:
        return [TlvRecord(Kind.RESOURCE, target[-1], raw_value(values[target]))]
    if depth > RESOURCE_DEPTH:
        return [TlvRecord(Kind.RESOURCE_INSTANCE, target[-1], raw_value(content)) for content in values.values()]
    if depth == RESOURCE_DEPTH:
        return [_record(target, values)]
    below: dict[int, dict[Path, Content]] = {}
    for path, content in values.items():
        below.setdefault(path[depth], {})[path] = content
    return [_record((*target, number), held) for number, held in below.items()]


def _record(path: Path, values: Values) -> TlvRecord:
    if path in values:
        return TlvRecord(Kind.RESOURCE, path[-1], raw_value(values[path]))
    if len(path) == RESOURCE_DEPTH:
        instances = (TlvRecord(Kind.RESOURCE_INSTANCE, one[-1], raw_value(held)) for one, held in values.items())
        return TlvRecord(Kind.MULTIPLE_RESOURCE, path[-1], children=tuple(instances))
    return TlvRecord(Kind.OBJECT_INSTANCE, path[-1], children=tuple(_records(values, path)))


# SenML, and the JSON of LwM2M 1.0


def _senml_json(values: Values, target: Path) -> bytes:
    return _json({"n": text_of(path), **_senml(content)} for path, content in values.items())


def _senml_cbor(values: Values, target: Path) -> bytes:
    return cborout.encode(
        [
            {_LABELS[label]: value for label, value in {"n": text_of(path), **_senml(content, opaque=bytes)}.items()}
            for path, content in values.items()
        ]
    )


def _senml(content: Content, opaque: Callable[[bytes], str | bytes] | None = None) -> dict[str, Plain | bytes]:
    """RFC 8428 section 4.3; in JSON bytes are Base64 with the URL's alphabet and without padding."""
    value = content.value
    if isinstance(value, bytes):
        return {"vd": opaque(value) if opaque else base64.urlsafe_b64encode(value).rstrip(b"=").decode()}
    if content.kind == "objlnk":
        return {"vlo": value}
    label = "vb" if isinstance(value, bool) else "vs" if isinstance(value, str) else "v"
    return {label: _shown(value)}


def _lwm2m_json(values: Values, target: Path) -> bytes:
    """LwM2M 1.0 section 6.4.4: names below a base name."""
    base = target[: RESOURCE_DEPTH - 1]
    entries = [{"n": text_of(path[len(base) :])[1:], **_lwm2m_value(content)} for path, content in values.items()]
    return json.dumps({"bn": text_of(base) + "/", "e": entries}, separators=(",", ":")).encode()


def _lwm2m_value(content: Content) -> dict[str, Plain]:
    value = content.value
    if isinstance(value, bytes):
        return {"sv": base64.b64encode(value).decode()}
    if content.kind == "objlnk":
        return {"ov": value}
    label = "bv" if isinstance(value, bool) else "sv" if isinstance(value, str) else "v"
    return {label: _shown(value)}


def _json(records: Iterable[Mapping[str, object]]) -> bytes:
    return json.dumps(list(records), separators=(",", ":")).encode()


def _shown(value: Plain) -> Plain:
    """JSON has no word for what is no number, and nobody expects one in CBOR."""
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{value} cannot be written in SenML or JSON")
    return _printable(value) if isinstance(value, str) else value


def _printable(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


# Formats of a single value


def _single(values: Values, target: Path) -> Content:
    if len(values) != 1 or len(target) < RESOURCE_DEPTH:
        raise ValueError("that format holds a single value: name one resource")
    return next(iter(values.values()))


def _text(values: Values, target: Path) -> bytes:
    """LwM2M 1.0 section 6.4.1."""
    content = _single(values, target)
    value = content.value
    if isinstance(value, bytes):
        return base64.b64encode(value)
    if isinstance(value, bool):
        return b"1" if value else b"0"
    return str(value).encode("utf-8", "surrogateescape")


def _opaque(values: Values, target: Path) -> bytes:
    return raw_value(_single(values, target))


def _cbor(values: Values, target: Path) -> bytes:
    value = _single(values, target).value
    return cborout.encode(_printable(value) if isinstance(value, str) else value)


def text_of(path: Path) -> str:
    return "/" + "/".join(map(str, path))


_PACKERS: dict[int, Callable[[Values, Path], bytes]] = {
    formats.TEXT: _text,
    formats.OPAQUE: _opaque,
    formats.CBOR: _cbor,
    formats.SENML_JSON: _senml_json,
    formats.SENML_CBOR: _senml_cbor,
    formats.TLV: _tlv,
    formats.LWM2M_JSON: _lwm2m_json,
    formats.OLD_TLV: _tlv,
    formats.OLD_JSON: _lwm2m_json,
}
CHOICE = "say one of " + ", ".join(formats.name(number) for number in _PACKERS)
