"""Handshake messages from their fragments (RFC 6347 section 4.2.3), in whatever order and however often they come.

A message grows from its beginning; what lies further on waits, a few pieces at most. So a fragment costs as much as it
is long, whatever lengths and offsets it claims. A fragment that contradicts what is there begins the message anew: it
is of another handshake with the same numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

HEADER = 12
MAX_MESSAGE = 8_192
MAX_PIECES = 32
MAX_PARTIAL = 4


@dataclass(frozen=True, slots=True)
class HandshakeMessage:
    kind: int
    sequence: int
    body: bytes

    @property
    def whole(self) -> bytes:
        """As it enters a handshake's hash: in one fragment (RFC 6347 section 4.2.6)."""
        length = len(self.body).to_bytes(3, "big")
        return bytes([self.kind]) + length + self.sequence.to_bytes(2, "big") + bytes(3) + length + self.body


@dataclass(slots=True)
class _Partial:
    data: bytearray = field(default_factory=bytearray)
    pieces: dict[int, bytes] = field(default_factory=dict)

    @property
    def waiting(self) -> int:
        return sum(map(len, self.pieces.values()))

    def add(self, offset: int, piece: bytes) -> None:
        if offset > len(self.data):
            if len(self.pieces) < MAX_PIECES and self.waiting + len(piece) <= MAX_MESSAGE:
                self.pieces[offset] = piece
            return
        self._join(offset, piece)
        # What waited may follow now; and so what follows that.
        for start in sorted(self.pieces):
            if start <= len(self.data):
                self._join(start, self.pieces.pop(start))

    def _join(self, offset: int, piece: bytes) -> None:
        known = self.data[offset : offset + len(piece)]
        if known == piece[: len(known)]:
            self.data += piece[len(known) :]
            return
        self.pieces.clear()
        self.data[:] = piece if offset == 0 else b""


class Fragments:
    """Of one direction of a conversation."""

    def __init__(self) -> None:
        self._partial: dict[tuple[int, int, int, int], _Partial] = {}

    def take(self, epoch: int, body: bytes) -> Iterator[HandshakeMessage]:
        """The messages that a handshake record completes; what is malformed ends it."""
        at = 0
        while at + HEADER <= len(body):
            kind, length = body[at], int.from_bytes(body[at + 1 : at + 4], "big")
            sequence = int.from_bytes(body[at + 4 : at + 6], "big")
            offset = int.from_bytes(body[at + 6 : at + 9], "big")
            size = int.from_bytes(body[at + 9 : at + HEADER], "big")
            at += HEADER
            piece = body[at : at + size]
            at += size
            if len(piece) < size or offset + size > length or length > MAX_MESSAGE:
                return
            whole = piece if size == length else self._joined((epoch, kind, sequence, length), offset, piece)
            if whole is not None:
                yield HandshakeMessage(kind, sequence, whole)

    def _joined(self, key: tuple[int, int, int, int], offset: int, piece: bytes) -> bytes | None:
        partial = self._partial.get(key)
        if partial is None:
            if len(self._partial) >= MAX_PARTIAL:
                del self._partial[next(iter(self._partial))]
            partial = self._partial[key] = _Partial()
        partial.add(offset, piece)
        if len(partial.data) < key[3]:
            return None
        del self._partial[key]
        return bytes(partial.data)
