"""A WebSocket, from its handshake to the messages in its frames (RFC 6455, RFC 8323 section 4).

The handshake asks for the subprotocol ``coap``. A frame holds a message, or a part of one; control frames stand between
them and say nothing of CoAP. Compressed messages (RFC 7692) are unpacked, which is what common libraries agree upon.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from atshell_lwm2m.streams.found import Found

MAX_HEAD = 16_384
MAX_MESSAGE = 4 * 1024 * 1024
_END = b"\r\n\r\n"
_UPGRADE = re.compile(rb"\r\nupgrade:[ \t]*websocket[ \t]*\r\n", re.IGNORECASE)
_COAP = re.compile(rb"\r\nsec-websocket-protocol:[^\r\n]*\bcoap\b", re.IGNORECASE)
_ALONE = re.compile(rb"\b(client|server)_no_context_takeover\b", re.IGNORECASE)
_TEXT, _BINARY, _CONTROL = 1, 2, 8
_FLUSHED = b"\0\0\xff\xff"
"""What the end of a compressed message leaves out (RFC 7692 section 7.2.1)."""


def begins(data: bytes | bytearray) -> bool:
    """Whether a stream may be one that becomes a WebSocket."""
    return data[:4] == b"GET " or data[:9] == b"HTTP/1.1 "


class WebSocket:
    """One direction."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._open = False
        self.refused = False
        """It is HTTP, but not for CoAP."""
        self._message = bytearray()
        self._kind = 0
        self._packed = False
        self._left_out = 0
        self._lost = False
        self._holed = 0
        self._inflate: zlib._Decompress | None = None

    def feed(self, data: bytes) -> Iterator[Found]:
        """``data`` begins where a segment does."""
        if self.refused:
            return
        gone = min(self._left_out, len(data))
        self._left_out -= gone
        data = data[gone:]
        if self._lost and data:
            if not self._may_begin(data):
                return
            self._lost = False
        self._held += data
        if self._open or self._opened():
            yield from self._frames()

    def _opened(self) -> bool:
        """Whether the handshake is over."""
        end = self._held.find(_END)
        if end < 0:
            self.refused = len(self._held) > MAX_HEAD
            return False
        head = bytes(self._held[: end + 2])
        if not (_UPGRADE.search(head) and _COAP.search(head)) or head.startswith(b"HTTP/1.1 ") != (
            b" 101 " in head[:14]
        ):
            self.refused = True
            self._held.clear()
            return False
        del self._held[: end + len(_END)]
        self._open = True
        return True

    def _frames(self) -> Iterator[Found]:
        held, at = self._held, 0
        while not self._left_out:
            found = _frame(held, at)
            if found is None:
                break
            start, mask, length = found
            first = held[at]
            if length > MAX_MESSAGE:
                yield Found(b"", f"a WebSocket frame of {length} bytes is longer than {MAX_MESSAGE}", whole=False)
                self._left_out, at = max(start + length - len(held), 0), min(start + length, len(held))
                continue
            if start + length > len(held):
                break
            at = start + length
            yield from self._take(first, _unmasked(bytes(held[start:at]), mask))
        del held[:at]

    def _take(self, first: int, data: bytes) -> Iterator[Found]:
        kind = first & 15
        if kind >= _CONTROL:
            return
        if kind:
            self._kind, self._packed = kind, bool(first & 0x40)
            self._message.clear()
        if len(self._message) + len(data) > MAX_MESSAGE:
            yield Found(b"", f"a message in WebSocket frames is longer than {MAX_MESSAGE} bytes", whole=False)
            self._message.clear()
            return
        self._message += data
        if first & 0x80:
            whole = bytes(self._message)
            self._message.clear()
            yield self._whole(whole)

    def _whole(self, data: bytes) -> Found:
        if self._kind != _BINARY:
            return Found(data, "a WebSocket frame of text holds no CoAP", whole=False)
        if self._packed:
            unpacked = self._unpacked(data)
            if unpacked is None:
                return Found(data, "a compressed WebSocket message that can't be unpacked", whole=False)
            data = unpacked
        return Found(data, framed=False)

    def _unpacked(self, data: bytes) -> bytes | None:
        """With what was said before, which it may point at."""
        if self._inflate is None:
            self._inflate = zlib.decompressobj(-15)
        try:
            return self._inflate.decompress(data + _FLUSHED, MAX_MESSAGE)
        except zlib.error:
            self._inflate = None
            return None

    def gap(self, size: int) -> Iterator[Found]:
        """So many bytes are not in the capture. If they end in the frame that has begun, the next one's place is
        known."""
        if self._left_out >= size:
            self._left_out -= size
            return
        size -= self._left_out
        self._left_out = 0
        found = _frame(self._held, 0) if self._open else None
        left = found[0] + found[2] - len(self._held) if found is not None else 0
        if left >= size:
            self._left_out = left - size
        else:
            self._lost = True
        self._held.clear()
        self._message.clear()
        self._inflate = None
        if self._open:
            yield Found(b"", f"{size} bytes of the stream are not in the capture", whole=False)

    def _may_begin(self, data: bytes) -> bool:
        """Whether a frame that is usual begins here."""
        return data[0] in (0x82, 0xC2, 0x88, 0x89, 0x8A) and _frame(bytearray(data), 0) is not None


def _frame(data: bytearray, at: int) -> tuple[int, bytes, int] | None:
    """Where the payload of the frame at this place begins, its mask, and its length; None while that is not there."""
    if len(data) < at + 2:
        return None
    length = data[at + 1] & 0x7F
    width = {126: 2, 127: 8}.get(length, 0)
    start = at + 2 + width + (4 if data[at + 1] & 0x80 else 0)
    if len(data) < start:
        return None
    if width:
        length = int.from_bytes(data[at + 2 : at + 2 + width], "big")
    return start, bytes(data[start - 4 : start]) if data[at + 1] & 0x80 else b"", length


def _unmasked(data: bytes, mask: bytes) -> bytes:
    """RFC 6455 section 5.3."""
    if not mask or not data:
        return data
    key = (mask * (len(data) // 4 + 1))[: len(data)]
    return (int.from_bytes(data, "big") ^ int.from_bytes(key, "big")).to_bytes(len(data), "big")
