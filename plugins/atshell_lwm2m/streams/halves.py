"""One direction of a TCP connection put in order (RFC 9293 section 3.4): what is sent twice counts once, what comes too
early waits, and what never comes is told.

A gap is given up when the other side has acknowledged what lies in it, for then it is the capture that lacks it, or
when too much waits behind it. Sequence numbers go round; they are compared by their distance.
"""

from __future__ import annotations

from collections.abc import Iterator

MAX_PIECES = 256
MAX_WAITING = 1 << 20
"""Bytes."""
_ROUND = 1 << 32
SYN = 2

Chunk = bytes | int
"""Bytes of a segment, or so many that are not in the capture."""


class Half:
    def __init__(self) -> None:
        self._first: int | None = None
        self._next: int | None = None
        self._waiting: dict[int, bytes] = {}
        """By sequence number."""
        self._size = 0

    def begins_anew(self, sequence: int, flags: int) -> bool:
        """Whether this is the SYN of another connection; one that comes again, however late, has the first number."""
        return bool(flags & SYN) and self._first is not None and self._first != (sequence + 1) % _ROUND

    def take(self, sequence: int, flags: int, data: bytes, missing: int) -> Iterator[Chunk]:
        if flags & SYN:
            sequence = (sequence + 1) % _ROUND
        if self._next is None and (data or missing or flags & SYN):
            self._first = self._next = sequence
        if not (data or missing) or self._next is None:
            return
        ahead = self._ahead(sequence)
        if ahead > 0:
            yield from self._later(sequence, data)
            return
        if -ahead < len(data) + missing:
            yield from self._now(data[-ahead:], missing)
            yield from self._follow()

    def _ahead(self, sequence: int) -> int:
        distance = (sequence - (self._next or 0)) % _ROUND
        return distance if distance < _ROUND // 2 else distance - _ROUND

    def _now(self, data: bytes, missing: int = 0) -> Iterator[Chunk]:
        self._next = ((self._next or 0) + len(data) + missing) % _ROUND
        if data:
            yield data
        if missing:
            yield missing

    def _later(self, sequence: int, data: bytes) -> Iterator[Chunk]:
        before = self._waiting.get(sequence, b"")
        if len(data) > len(before):
            self._waiting[sequence] = data
            self._size += len(data) - len(before)
        if len(self._waiting) > MAX_PIECES or self._size > MAX_WAITING:
            yield from self._give_up()

    def _follow(self) -> Iterator[Chunk]:
        """What waited and is next now."""
        while self._waiting:
            first = min(self._waiting, key=self._ahead)
            ahead = self._ahead(first)
            if ahead > 0:
                return
            data = self._waiting.pop(first)
            self._size -= len(data)
            if -ahead < len(data):
                yield from self._now(data[-ahead:])

    def _give_up(self) -> Iterator[Chunk]:
        """What lies before the first that waits will not come."""
        gap = self._ahead(min(self._waiting, key=self._ahead))
        if gap > 0:
            yield from self._now(b"", gap)
        yield from self._follow()

    def acknowledged(self, number: int) -> Iterator[Chunk]:
        """By the other side, up to here."""
        while self._waiting and self._ahead(number) > 0 and self._ahead(min(self._waiting, key=self._ahead)) > 0:
            if self._ahead(number) < self._ahead(min(self._waiting, key=self._ahead)):
                return
            yield from self._give_up()
