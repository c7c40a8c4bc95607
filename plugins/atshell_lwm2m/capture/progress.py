"""How far the reading of captures has come."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from atshell_lwm2m.capture import reader
from atshell_lwm2m.capture.fast import Headed
from atshell_lwm2m.capture.glance import Skip
from atshell_lwm2m.capture.segments import Segments

_EVERY = 4096
"""Datagrams, about."""


class Progress:
    """Tells ``told`` the part of all captures that has been read, from 0 to 1. A pipe has no size."""

    def __init__(self, captures: Sequence[Path], told: Callable[[float], None]) -> None:
        self._told = told
        self._total = sum(path.stat().st_size for path in captures if path.is_file()) or 1
        self._before = 0
        self._stream: BinaryIO | None = None

    def batches(
        self,
        path: Path,
        warn: Callable[[str], None],
        secrets: Callable[[bytes], None],
        segments: Segments | None = None,
        skip: Skip | None = None,
        elsewhere: Collection[bytes] = (),
    ) -> Iterator[list[Headed]]:
        """As the reader's."""
        left = 1
        found = reader.batches(
            path, warn, opened=self._opened, secrets=secrets, segments=segments, skip=skip, elsewhere=elsewhere
        )
        for batch in found:
            yield batch
            left -= len(batch)
            if left <= 0:
                left = _EVERY
                self._told(self._part())
        self._before += path.stat().st_size if path.is_file() else 0
        self._stream = None
        self._told(min(self._before / self._total, 1.0))

    def _opened(self, stream: BinaryIO) -> None:
        self._stream = stream

    def _part(self) -> float:
        here = self._stream.tell() if self._stream is not None and self._stream.seekable() else 0
        return min((self._before + here) / self._total, 1.0)
