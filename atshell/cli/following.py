"""Reading what is still growing, until Ctrl-C says that it is enough."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Self

_PAUSE = 0.1
"""Seconds."""


class Following:
    """The first Ctrl-C ends the reading, and what was read is still told; a second one ends the program."""

    def __init__(self, pause: Callable[[float], None] = time.sleep) -> None:
        self._pause = pause
        self._ended = False
        self._before: object = signal.SIG_DFL

    def __call__(self) -> bool:
        """There is nothing to read: who reads along shall see everything, and after a while it is looked again."""
        if not self._ended:
            sys.stdout.flush()
            self._pause(_PAUSE)
        return not self._ended

    def end(self) -> None:
        self._ended = True

    def _interrupted(self, _number: int, _frame: FrameType | None) -> None:
        self.end()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    def __enter__(self) -> Self:
        self._before = signal.signal(signal.SIGINT, self._interrupted)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        signal.signal(signal.SIGINT, self._before if callable(self._before) else signal.SIG_DFL)
