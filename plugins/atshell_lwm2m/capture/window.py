"""The bytes of a capture that are being looked at.

A reader stands at ``at`` in ``data`` and asks whether as much as it wants ``holds``: what is missing is read then, and
what lies behind is forgotten. So a reader can look ahead, and go back to where it stood when what it saw can not be.
"""

from __future__ import annotations

from typing import Protocol

_PIECE = 1 << 18


class Stream(Protocol):
    """Where a capture's bytes come from: a file, a pipe, something that unpacks, a capture that goes on."""

    def read1(self, size: int = ..., /) -> bytes:
        """What is there, at most ``size`` bytes and at least one; nothing at the end."""
        ...


class Window:
    """Reads at least as much as it holds, so that the copying stays linear whatever is asked for."""

    __slots__ = ("_ended", "_read1", "at", "data")

    def __init__(self, stream: Stream, data: bytes = b"") -> None:
        self._read1 = stream.read1
        self.data = data
        self.at = 0
        self._ended = False

    def holds(self, size: int) -> bool:
        """Whether so many bytes lie ahead, after what is missing of them has been read."""
        ahead = len(self.data) - self.at
        if ahead >= size or self._ended:
            return ahead >= size
        pieces = [self.data[self.at :]]
        while ahead < size and not self._ended:
            pieces.append(self._read1(max(_PIECE, size)))
            ahead += len(pieces[-1])
            self._ended = not pieces[-1]
        self.data, self.at = b"".join(pieces), 0
        return ahead >= size

    def read1(self, size: int = _PIECE, /) -> bytes:
        """The window as a stream: what it holds, then what follows."""
        if self.at == len(self.data):
            return self._read1(size)
        piece = self.data[self.at : self.at + size]
        self.at += len(piece)
        return piece
