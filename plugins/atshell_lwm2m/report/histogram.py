"""How many messages came when, in columns that grow wider as time goes on, so that they are never too many."""

from __future__ import annotations

import math

import msgspec

# Seconds a column; each divides the next, so columns can be joined.
STEPS = (0.1, 0.5, 1, 5, 10, 30, 60, 300, 600, 1800, 3600, 21600, 86400)
MAX_COLUMNS = 72
FARTHEST = 1e12
"""Seconds. What claims to be farther from 1970, 30 000 years, or is no number, is no time."""
_BARS = " ▁▂▃▄▅▆▇█"


class Timeline(msgspec.Struct):
    start: float
    """Of the first column, seconds since 1970."""
    step: float
    """Seconds."""
    counts: list[int]


class Histogram:
    def __init__(self) -> None:
        self._columns: dict[int, int] = {}
        self._level = 0
        self._low = self._high = 0

    @property
    def _step(self) -> float:
        last = len(STEPS) - 1
        return STEPS[self._level] if self._level <= last else STEPS[last] * 10 ** (self._level - last)

    def add(self, moment: float) -> None:
        if not abs(moment) < FARTHEST:
            return
        column = math.floor(moment / self._step)
        if not self._columns:
            self._low = self._high = column
        self._low, self._high = min(self._low, column), max(self._high, column)
        self._columns[column] = self._columns.get(column, 0) + 1
        while self._high - self._low >= MAX_COLUMNS:
            self._widen()

    def _widen(self) -> None:
        before = self._step
        self._level += 1
        times = round(self._step / before)
        joined: dict[int, int] = {}
        for column, count in self._columns.items():
            joined[column // times] = joined.get(column // times, 0) + count
        self._columns = joined
        self._low, self._high = self._low // times, self._high // times

    def timeline(self) -> Timeline | None:
        if not self._columns:
            return None
        counts = [self._columns.get(column, 0) for column in range(self._low, self._high + 1)]
        return Timeline(round(self._low * self._step, 1), self._step, counts)


def bars(counts: list[int]) -> str:
    """A character a column. What is not nothing is seen."""
    most = max(counts, default=0) or 1
    return "".join(_BARS[math.ceil(count * (len(_BARS) - 1) / most)] for count in counts)
