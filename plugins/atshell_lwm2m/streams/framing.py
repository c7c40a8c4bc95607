"""A stream cut into the CoAP messages that it is made of (RFC 8323 section 3.2).

Only as much is kept as the message that is not whole yet. Where bytes are missing, the lengths say where the next
message begins if the gap ends inside a message whose header is there. Otherwise the beginning of a segment is tried,
where most senders begin a message: what stands there must look like one.
"""

from __future__ import annotations

from collections.abc import Iterator

from atshell_lwm2m.codec.coaptcp import looks_like_message, measure
from atshell_lwm2m.streams.found import Found

MAX_MESSAGE = 4 * 1024 * 1024 + 1024
_SHOWN = 1024


class Framing:
    def __init__(self, *, lost: bool = False) -> None:
        """``lost`` is in the middle of a stream, nobody knows where."""
        self._lost = lost
        self._held = bytearray()
        self._needed = 1
        self._left_out = 0
        """Bytes until the next message, of one that is not shown whole."""

    def feed(self, data: bytes) -> Iterator[Found]:
        """``data`` begins where a segment does."""
        if self._left_out:
            gone = min(self._left_out, len(data))
            self._left_out -= gone
            data = data[gone:]
        if not data:
            return
        if self._lost:
            if not looks_like_message(data):
                yield Found(data, "no CoAP message begins at byte 0 of this segment", whole=False)
                return
            self._lost = False
        self._held += data
        if len(self._held) >= self._needed:
            yield from self._cut()

    def _cut(self) -> Iterator[Found]:
        held, at = self._held, 0
        while True:
            size = measure(held, at)
            if size is None:
                self._needed = len(held) - at + 1
                break
            if size.whole > MAX_MESSAGE:
                yield self._too_long(at, size.whole)
                return
            if at + size.whole > len(held):
                self._needed = size.whole
                break
            yield Found(bytes(held[at : at + size.whole]))
            at += size.whole
        del held[:at]

    def _too_long(self, at: int, whole: int) -> Found:
        start = bytes(self._held[at : at + _SHOWN])
        self._left_out = max(whole - (len(self._held) - at), 0)
        self._held.clear()
        self._needed = 1
        return Found(start, f"a message of {whole} bytes is longer than {MAX_MESSAGE} at byte 0", whole=False)

    def gap(self, size: int) -> Iterator[Found]:
        """So many bytes are not in the capture."""
        if self._left_out >= size:
            self._left_out -= size
            return
        size -= self._left_out
        self._left_out = 0
        if self._lost:
            return
        held = bytes(self._held)
        self._held.clear()
        self._needed = 1
        known = measure(held)
        left = known.whole - len(held) if known is not None else 0
        if left >= size:
            self._left_out = left - size
        else:
            self._lost = True
        text = f"{size} bytes of the stream are not in the capture at byte {len(held)}"
        yield Found(held, text, whole=False)
