"""One line of a transcript, and its header. ``data`` holds bytes as U+0000 to U+00FF, so nothing is lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Direction = Literal["tx", "rx", "note"]


@dataclass(frozen=True, slots=True)
class Header:
    started: datetime
    """With time zone; the moment at which ``t`` is 0."""
    link: str = ""
    """``emulator:MN316``, ``/dev/ttyUSB0``"""
    model: str = ""
    firmware: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    t: float
    """Seconds since the header's ``started``."""
    dir: Direction
    data: str
    kind: str = ""
    """Of a note: ``comment``, ``timeout``, ``link lost``, ``link back``, ``expectation``."""
    line: int = 0
    """Line number in the file, the header being line 1; 0 when not (yet) in a file."""

    @property
    def bytes(self) -> bytes:
        """The bytes of a tx or rx entry."""
        return self.data.encode("latin-1")
