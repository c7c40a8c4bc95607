"""Time inside an emulated module: real, sped up, or turned by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Timer(Protocol):
    def cancel(self) -> None: ...


class Clock(Protocol):
    def now(self) -> float:
        """Seconds of device time since the clock was made."""
        ...

    def call_later(self, delay: float, callback: Callable[[], None]) -> Timer:
        """Call back after ``delay`` device seconds."""
        ...


class LoopClock:
    """The running event loop's time, ``speed`` device seconds to a real one."""

    def __init__(self, speed: float = 1.0) -> None:
        raise NotImplementedError

    def now(self) -> float:
        raise NotImplementedError

    def call_later(self, delay: float, callback: Callable[[], None]) -> Timer:
        raise NotImplementedError


class ManualClock:
    """For tests: stands still until ``advance``, which calls what falls due, in order."""

    def now(self) -> float:
        raise NotImplementedError

    def call_later(self, delay: float, callback: Callable[[], None]) -> Timer:
        raise NotImplementedError

    def advance(self, seconds: float) -> None:
        raise NotImplementedError
