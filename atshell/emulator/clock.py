"""Time inside an emulated module: real, sped up, or turned by hand."""

from __future__ import annotations

import asyncio
import heapq
import itertools
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
    """The running event loop's time, ``speed`` device seconds to a real one. To be made inside the loop."""

    def __init__(self, speed: float = 1.0) -> None:
        if speed <= 0:
            raise ValueError(f"a clock cannot run at speed {speed}")
        self._loop = asyncio.get_running_loop()
        self._speed = speed
        self._start = self._loop.time()

    def now(self) -> float:
        return (self._loop.time() - self._start) * self._speed

    def call_later(self, delay: float, callback: Callable[[], None]) -> Timer:
        return self._loop.call_later(max(0.0, delay) / self._speed, callback)


class _ManualTimer:
    def __init__(self, callback: Callable[[], None]) -> None:
        self.callback: Callable[[], None] | None = callback

    def cancel(self) -> None:
        self.callback = None


class ManualClock:
    """For tests: stands still until ``advance``, which calls what falls due, in order.

    While a callback runs, ``now`` is the moment that it was set for; timers that it sets fall due in the same
    ``advance`` when their time is within it. Timers for the same moment are called in the order they were set.
    """

    def __init__(self) -> None:
        self._now = 0.0
        self._serial = itertools.count()
        self._timers: list[tuple[float, int, _ManualTimer]] = []

    def now(self) -> float:
        return self._now

    def call_later(self, delay: float, callback: Callable[[], None]) -> Timer:
        timer = _ManualTimer(callback)
        heapq.heappush(self._timers, (self._now + max(0.0, delay), next(self._serial), timer))
        return timer

    def advance(self, seconds: float) -> None:
        end = self._now + max(0.0, seconds)
        while self._timers and self._timers[0][0] <= end:
            due, _, timer = heapq.heappop(self._timers)
            if timer.callback is not None:
                self._now = due
                timer.callback()
        self._now = max(self._now, end)
