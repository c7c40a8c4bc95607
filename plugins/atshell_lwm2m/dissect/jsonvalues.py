"""Payloads to the pieces of a line that show their values.

``payload.decode`` is the measure. For each target and Content-Format there is a reader that does the usual payloads in
a shorter way and asks ``payload.decode`` about every other one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import lru_cache

import msgspec

from atshell_lwm2m import payload as payloads
from atshell_lwm2m.codec.contentformat import OLD_TLV, OPAQUE, SENML_CBOR, SENML_JSON, TEXT, TLV
from atshell_lwm2m.codec.foreign import CARRIES_DATA
from atshell_lwm2m.codec.registry import describe, entry_of
from atshell_lwm2m.dissect.about import piece
from atshell_lwm2m.message import Message, Resource

Pieces = tuple[str, str]
"""What stands before ``request`` (errors and notes), and what stands at the end."""
Reader = Callable[[bytes], Pieces]
Short = Callable[[bytes], str | None]
"""The resources as a JSON list, or None: not usual."""

MAX_READERS = 4096
_SHORT = 256
"""Bytes of a payload that is worth remembering."""
_RESOURCE_DEPTH = 3
# How an integer is written in text/plain and in JSON alike.
_INTEGER = re.compile(rb"-?[1-9][0-9]{0,17}|0")
_PLACE = "the value"
_encode = msgspec.json.Encoder().encode


class Values:
    def __init__(self) -> None:
        self._readers: dict[str | None, dict[int | None, Reader]] = {}
        self._count = 0
        self._seen = lru_cache(maxsize=4096)(_pieces)

    def pieces(self, payload: bytes, content_format: int | None, target: str | None) -> Pieces:
        try:
            reader = self._readers[target][content_format]
        except KeyError:
            reader = self._learn(content_format, target)
        return reader(payload)

    def _learn(self, content_format: int | None, target: str | None) -> Reader:
        if self._count >= MAX_READERS:
            self._readers.clear()
            self._count = 0
        self._count += 1
        reader = self._reader(content_format, target or "")
        self._readers.setdefault(target, {})[content_format] = reader
        return reader

    def _reader(self, content_format: int | None, target: str) -> Reader:
        short, seen = _short(content_format, target), self._seen

        def general(payload: bytes) -> Pieces:
            return (seen if len(payload) <= _SHORT else _pieces)(payload, content_format, target)

        if short is None:
            return general

        def reader(payload: bytes) -> Pieces:
            text = short(payload)
            return general(payload) if text is None else ("", f',"resources":{text}')

        return reader


def _short(content_format: int | None, target: str) -> Short | None:
    if content_format in (TLV, OLD_TLV):
        from atshell_lwm2m.dissect.tlvforms import Layouts

        return Layouts(target).json
    if content_format in (SENML_JSON, SENML_CBOR):
        from atshell_lwm2m.dissect.senmlforms import CborForms, JsonForms

        return (JsonForms() if content_format == SENML_JSON else CborForms()).json
    if content_format in (TEXT, OPAQUE) and target.count("/") >= _RESOURCE_DEPTH:
        return _single(content_format, target)
    return None


def _single(content_format: int, target: str) -> Short | None:
    """The payload is one value."""
    name, kind, unit = describe(target)
    shown = "opaque" if content_format == OPAQUE else kind or "string"
    before, after = _encode([Resource(target, name, shown, _PLACE, unit)]).decode().split(f'"{_PLACE}"')
    if content_format == OPAQUE:
        return None if target.startswith(CARRIES_DATA) else lambda payload: f'{before}"{payload.hex()}"{after}'
    entry = entry_of(target)
    if entry is None or kind not in ("integer", "unsigned", "time"):
        return None
    whole, (least, greatest) = _INTEGER.fullmatch, entry.limits or (-math.inf, math.inf)
    return lambda text: f"{before}{text.decode()}{after}" if whole(text) and least <= int(text) <= greatest else None


def _pieces(payload: bytes, content_format: int | None, target: str) -> Pieces:
    decoded = payloads.decode(payload, content_format, target)
    before = piece(Message(error=decoded.error, expert=decoded.expert))
    return before, piece(Message(resources=decoded.resources))
