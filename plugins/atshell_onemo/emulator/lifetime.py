"""The lifetime of a login: how much is left, the automatic update before it ends, and its end (sections 4.5, 4.9)."""

from __future__ import annotations

import math
from collections.abc import Callable

from atshell.emulator.clock import Clock, Timer

AHEAD = 30.0
"""Seconds before its end that the automatic update is sent."""
LEAST = 60
"""Seconds that a lifetime has at least for an automatic update."""


class Lifetime:
    """``update`` and ``expire`` are called where the automatic update is on: the second when none has come through.
    Without it the platform forgets the module at the end, and the module learns that when it next asks."""

    def __init__(self, clock: Clock, update: Callable[[], None], expire: Callable[[], None]) -> None:
        self._clock = clock
        self._update = update
        self._expire = expire
        self._ends = 0.0
        self._timers: list[Timer] = []

    @property
    def remaining(self) -> int:
        """Seconds."""
        return max(0, math.ceil(self._ends - self._clock.now()))

    def renew(self, seconds: int, automatic: bool) -> None:
        """The platform has taken a registration or an update."""
        self.cancel()
        self._ends = self._clock.now() + seconds
        if automatic and seconds >= LEAST:
            self._timers = [
                self._clock.call_later(seconds - AHEAD, self._update),
                self._clock.call_later(seconds, self._expire),
            ]

    def cancel(self) -> None:
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
        self._ends = 0.0
