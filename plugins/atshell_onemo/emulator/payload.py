"""Collected values to a payload: TLV by default, what ``<contentType>`` or the platform's Accept asks otherwise."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass

from atshell_lwm2m.codec.contentformat import LINK, LWM2M_JSON, OLD_TLV, OPAQUE, TEXT, TLV
from atshell_lwm2m.codec.tlv import Kind, TlvRecord, encode_records
from atshell_onemo.emulator.model import Value
from atshell_onemo.emulator.values import BOOL, FLOAT, HEX, INTEGER, STRING, from_wire, to_plain

FORMATS = {0: TEXT, 1: LINK, 2: OPAQUE, 3: TLV, 4: LWM2M_JSON}
"""``<contentType>`` of section 3.9 to CoAP's number."""
SINGLE = frozenset({TEXT, LINK, OPAQUE})
"""Formats that hold one value. Links are written as the user gives them."""


@dataclass(frozen=True, slots=True)
class Form:
    """How a notification is written."""

    content_format: int | None
    encoded: bool = True
    """False where the value goes out as it is, whatever it is called (section 3.9, footnote 4)."""

    @property
    def single(self) -> bool:
        return self.content_format in SINGLE or not (self.encoded or self.content_format == TLV)


PLAIN = Form(None)
"""As the platform has it by default."""


def supported(content_format: int | None, depth: int) -> bool:
    """Whether a read of a path of that depth can be answered so."""
    return content_format in (None, TLV, OLD_TLV, LWM2M_JSON) or (content_format in (TEXT, OPAQUE) and depth == 3)


def encode(values: Sequence[Value], target: tuple[int, ...], content_format: int | None = None) -> tuple[bytes, int]:
    """The payload and its format. ``target`` is the path of the request or observation that this answers; for the
    formats of one value, the first is taken."""
    if content_format in SINGLE:
        first = values[0]
        return (first.raw if content_format == OPAQUE else to_plain(first.kind, first.raw)), content_format or TEXT
    if content_format == LWM2M_JSON:
        return _json(values, target), LWM2M_JSON
    return _tlv(values, len(target)), OLD_TLV if content_format == OLD_TLV else TLV


def notified(values: Sequence[Value], target: tuple[int, ...], form: Form) -> tuple[bytes, int]:
    """The same for a notification."""
    if not form.encoded and form.single:
        return to_plain(values[0].kind, values[0].raw), form.content_format or TEXT
    return encode(values, target, form.content_format)


def _tlv(values: Sequence[Value], depth: int) -> bytes:
    if depth > 1:
        return encode_records(TlvRecord(Kind.RESOURCE, one.resource, one.raw) for one in values)
    instances: dict[int, list[TlvRecord]] = {}
    for one in values:
        instances.setdefault(one.instance, []).append(TlvRecord(Kind.RESOURCE, one.resource, one.raw))
    return encode_records(
        TlvRecord(Kind.OBJECT_INSTANCE, number, children=tuple(records)) for number, records in instances.items()
    )


def _json(values: Sequence[Value], target: tuple[int, ...]) -> bytes:
    """LwM2M 1.0 section 6.4.4."""
    entries = [_entry(one, len(target)) for one in values]
    base = "/" + "/".join(map(str, target[:2])) + "/"
    return json.dumps({"bn": base, "e": entries}, separators=(",", ":"), ensure_ascii=False).encode()


def _entry(value: Value, depth: int) -> dict[str, object]:
    name = str(value.resource) if depth > 1 else f"{value.instance}/{value.resource}"
    shown = from_wire(value.kind, value.raw)
    if value.kind in (INTEGER, FLOAT) and shown is not None:
        return {"n": name, "v": int(shown) if value.kind == INTEGER else float(shown)}
    if value.kind == BOOL:
        return {"n": name, "bv": value.raw == b"\x01"}
    if value.kind in (STRING, HEX):
        return {"n": name, "sv": value.raw.decode("utf-8", "replace")}
    return {"n": name, "sv": base64.b64encode(value.raw).decode()}
