"""Payloads to the pieces of a line that show their values.

``payload.decode`` is the measure. For each target and Content-Format there is a reader that does the usual payloads in
a shorter way and asks ``payload.decode`` about every other one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import lru_cache

from atshell_lwm2m import payload as payloads
from atshell_lwm2m.codec.contentformat import OLD_TLV, OPAQUE, SENML_CBOR, SENML_JSON, TEXT, TLV
from atshell_lwm2m.codec.foreign import CARRIES_DATA
from atshell_lwm2m.codec.registry import describe, entry_of
from atshell_lwm2m.dissect.about import piece
from atshell_lwm2m.dissect.layouts import Room
from atshell_lwm2m.message import Message, Resource

Pieces = tuple[str, str]
"""What stands before ``request`` (errors and notes), and what stands at the end."""
Short = Callable[[bytes], str | None]
"""The piece at the end where that is all there is, or None: not usual."""

MAX_READERS = 4096
_SHORT = 256
"""Bytes of a payload that is worth remembering."""
_RESOURCE_DEPTH = 3
# How an integer is written in text/plain and in JSON alike.
_INTEGER = re.compile(rb"-?[1-9][0-9]{0,17}|0")
_PLACE = "the value"


class Values:
    def __init__(self) -> None:
        self._known: dict[str | None, dict[int | None, Short]] = {}
        self._count = 0
        self._room = Room()
        self._seen = lru_cache(maxsize=4096)(_pieces)

    def short(self, content_format: int | None, target: str | None) -> Short:
        """For what is of this format, at this target: to be asked before ``pieces``."""
        try:
            return self._known[target][content_format]
        except KeyError:
            return self._learn(content_format, target)

    def pieces(self, payload: bytes, content_format: int | None, target: str | None) -> Pieces:
        """For any payload."""
        return (self._seen if len(payload) <= _SHORT else _pieces)(payload, content_format, target or "")

    def all(self, payload: bytes, content_format: int | None, target: str | None) -> Pieces:
        """In the shorter way, if there is one."""
        try:
            short = self._known[target][content_format]
        except KeyError:
            short = self._learn(content_format, target)
        text = short(payload)
        return self.pieces(payload, content_format, target) if text is None else ("", text)

    def _learn(self, content_format: int | None, target: str | None) -> Short:
        if self._count >= MAX_READERS:
            self._known.clear()
            self._count = 0
        self._count += 1
        found = self._known.setdefault(target, {})[content_format] = self._made(content_format, target or "")
        return found

    def _made(self, content_format: int | None, target: str) -> Short:
        if content_format in (TLV, OLD_TLV):
            from atshell_lwm2m.dissect.tlvforms import TlvForms

            return TlvForms(target, self._room).__getitem__
        if content_format in (SENML_JSON, SENML_CBOR):
            from atshell_lwm2m.dissect.senmlforms import CborForms, JsonForms

            return JsonForms().json if content_format == SENML_JSON else CborForms(self._room).__getitem__
        if content_format in (TEXT, OPAQUE) and target.count("/") >= _RESOURCE_DEPTH:
            return _single(content_format, target) or _never
        return _never


def nothing(_payload: bytes) -> str:
    """For payloads that hold no values."""
    return ""


def _never(_payload: bytes) -> None:
    """None is short."""


def _single(content_format: int, target: str) -> Short | None:
    """The payload is one value."""
    name, kind, unit = describe(target)
    shown = "opaque" if content_format == OPAQUE else kind or "string"
    before, after = piece(Message(resources=[Resource(target, name, shown, _PLACE, unit)])).split(f'"{_PLACE}"')
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
