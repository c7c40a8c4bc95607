"""A progress bar on standard error: only on a terminal, and only for what takes longer than a second."""

from __future__ import annotations

import os
import stat
import sys
import time
from collections.abc import Callable
from typing import TextIO

_PATIENCE = 1.0
"""Seconds before anything is shown."""
_PAUSE = 0.1
"""Seconds between two drawings."""
_WIDTH = 30


class ProgressBar:
    """To be called with the part that is done, 0 to 1, and cleared at the end."""

    def __init__(self, what: str, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._what = what
        self._stream = sys.stderr if stream is None else stream
        self._clock = clock
        self._start = self._drawn = clock()
        self._shown = False

    def __call__(self, part: float) -> None:
        now = self._clock()
        if now - self._start < _PATIENCE or now - self._drawn < _PAUSE:
            return
        self._drawn = now
        self._shown = True
        full = round(part * _WIDTH)
        bar = "█" * full + "░" * (_WIDTH - full)
        left = f"  {(now - self._start) * (1 - part) / part:.0f} s left" if part > 0 else ""
        self._stream.write(f"\r{self._what} {bar} {part:4.0%}{left}\x1b[K")
        self._stream.flush()

    def clear(self) -> None:
        if self._shown:
            self._stream.write("\r\x1b[K")
            self._stream.flush()


def progress_bar(what: str, *, also_shown: TextIO | None = None) -> ProgressBar | None:
    """None where a bar would not be seen, or would stand between the lines of ``also_shown``: on the same terminal, or
    in the pager that they are piped into."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        return None
    if also_shown is not None and not _is_file(also_shown):
        return None
    return ProgressBar(what)


def _is_file(stream: TextIO) -> bool:
    try:
        return stat.S_ISREG(os.fstat(stream.fileno()).st_mode)
    except OSError:
        return False
