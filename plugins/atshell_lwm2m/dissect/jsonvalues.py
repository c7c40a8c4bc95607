"""Payloads to the pieces of a line that show their values."""

from __future__ import annotations

from functools import lru_cache

from atshell_lwm2m import payload as payloads
from atshell_lwm2m.codec.contentformat import OLD_TLV, TLV
from atshell_lwm2m.codec.tlvlayout import Layouts
from atshell_lwm2m.dissect.about import piece
from atshell_lwm2m.message import Message

_SHORT = 256
"""Bytes of a payload that is worth remembering."""


class Values:
    """Two pieces for a payload: what stands before ``request`` (errors and notes), and what stands at the end."""

    def __init__(self) -> None:
        self._layouts = Layouts()
        self._short = lru_cache(maxsize=4096)(_pieces)

    def pieces(self, payload: bytes, content_format: int | None, target: str | None) -> tuple[str, str]:
        if content_format in (TLV, OLD_TLV):
            text = self._layouts.json(payload, target or "")
            if text is not None:
                return "", f',"resources":{text}'
        return (self._short if len(payload) <= _SHORT else _pieces)(payload, content_format, target or "")


def _pieces(payload: bytes, content_format: int | None, target: str) -> tuple[str, str]:
    decoded = payloads.decode(payload, content_format, target)
    before = piece(Message(error=decoded.error, expert=decoded.expert))
    return before, piece(Message(resources=decoded.resources))
