"""What every link is: serial port, socket, emulator, replay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from atshell.errors import AtshellError


class LinkError(AtshellError):
    """A link cannot be opened, or broke."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Bytes as they were read. ``data`` is b"" when the link has ended."""

    time: float
    """``time.monotonic()`` at the moment of reading, in seconds."""
    data: bytes


@runtime_checkable
class Link(Protocol):
    """A link is made closed; ``open`` raises LinkError with what to do."""

    @property
    def name(self) -> str:
        """How a transcript names it: ``/dev/ttyUSB0``, ``emulator:MN316``."""
        ...

    async def open(self) -> None: ...

    async def read(self) -> Chunk:
        """Wait for bytes. Raises LinkError when the link broke."""
        ...

    async def write(self, data: bytes) -> float:
        """Write all of it; returns ``time.monotonic()`` of the writing."""
        ...

    async def close(self) -> None:
        """Never raises; a second call does nothing."""
        ...
