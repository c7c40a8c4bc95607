"""Time inside an emulated module: real, sped up, or turned by hand.

Whatever takes time in a module, on its network or at its platform takes it from a ``Clock``. There are three:
``LoopClock`` follows the event loop it is made in, ``ManualClock`` stands still until a test turns it, and the
``PacedClock`` of a ``DeviceLoop`` (``atshell.emulator.pace``) does either, and never overtakes work that is under way.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
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
    """The running event loop's time, ``speed`` device seconds to a real one. To be made inside the loop.

    Computing takes time here, as everything else does, so at a high speed what waits for an answer gives up while the
    answer is being made. Where speed matters, use a ``DeviceLoop``.
    """

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
    __slots__ = ("callback",)

    def __init__(self, callback: Callable[[], None]) -> None:
        self.callback: Callable[[], None] | None = callback

    def cancel(self) -> None:
        self.callback = None


class Timers:
    """What falls due when. Timers for the same moment fall due in the order they were set."""

    def __init__(self) -> None:
        self._serial = itertools.count()
        self._heap: list[tuple[float, int, _ManualTimer]] = []
        self._sweep_at = 1024

    def add(self, due: float, callback: Callable[[], None]) -> Timer:
        timer = _ManualTimer(callback)
        heapq.heappush(self._heap, (due, next(self._serial), timer))
        if len(self._heap) > self._sweep_at:
            self._sweep()
        return timer

    def _sweep(self) -> None:
        """Most timers are cancelled, those of retransmissions above all; they need not stay until they are due."""
        self._heap = [entry for entry in self._heap if entry[2].callback is not None]
        heapq.heapify(self._heap)
        self._sweep_at = max(1024, 2 * len(self._heap))

    @property
    def next_due(self) -> float | None:
        while self._heap and self._heap[0][2].callback is None:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def pop(self, limit: float) -> tuple[float, Callable[[], None]] | None:
        """The next one that falls due until ``limit``, and its moment."""
        due = self.next_due
        if due is None or due > limit:
            return None
        callback = heapq.heappop(self._heap)[2].callback
        return None if callback is None else (due, callback)


class ManualClock:
    """For tests: stands still until ``advance``, which calls what falls due, in order.

    While a callback runs, ``now`` is the moment that it was set for; timers that it sets fall due in the same
    ``advance`` when their time is within it.
    """

    def __init__(self) -> None:
        self._now = 0.0
        self._timers = Timers()

    def now(self) -> float:
        return self._now

    def call_later(self, delay: float, callback: Callable[[], None]) -> Timer:
        return self._timers.add(self._now + max(0.0, delay), callback)

    def advance(self, seconds: float) -> None:
        end = self._now + max(0.0, seconds)
        while (fallen := self._timers.pop(end)) is not None:
            self._now, callback = fallen
            callback()
        self._now = max(self._now, end)


@asynccontextmanager
async def within(clock: Clock, seconds: float) -> AsyncIterator[None]:
    """``asyncio.timeout`` on the device's clock: TimeoutError when its time runs out."""
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(None) as limit:
        timer = clock.call_later(seconds, lambda: limit.reschedule(loop.time()))
        try:
            yield
        finally:
            timer.cancel()
