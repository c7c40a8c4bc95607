"""A fault that has been set: whether it acts now.

Chance is a stream of its own for each fault, which the run's seed and the fault's line begin: another fault beside it
changes nothing, and the same line with the same seed meets the same occasions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from atshell.emulator.faults.fault import Fault

if TYPE_CHECKING:
    from random import Random


class Active:
    """``since`` is when it was set. ``twin`` counts the same lines that were set before it."""

    def __init__(self, fault: Fault, since: float, seed: int, twin: int) -> None:
        self.fault = fault
        self.since = since
        self._twin = twin
        self._streams: dict[str, Random] = {}
        self._seed = seed
        self._seen = 0
        self.done = 0
        """How often it has acted."""

    @property
    def begins(self) -> float:
        return self.since + self.fault.after

    def restart(self, seed: int) -> None:
        """Chance begins anew."""
        self._seed = seed
        self._streams.clear()

    def is_over(self, now: float) -> bool:
        """It will not act any more."""
        fault = self.fault
        ended = bool(fault.lasting) and now >= self.begins + fault.lasting
        return ended or bool(fault.times and self.done >= fault.times) or bool(fault.nth and self._seen >= fault.nth)

    def acts(self, now: float, stream: str = "") -> bool:
        """On this occasion, which counts. Occasions that come from two sides, in an order that no one can repeat, have
        a ``stream`` of chance each."""
        if now < self.begins or self.is_over(now):
            return False
        self._seen += 1
        fault = self.fault
        acts = self._seen == fault.nth if fault.nth else fault.share >= 100 or self.chance(stream) * 100 < fault.share
        self.done += acts
        return acts

    def happens(self) -> bool:
        """The one time of a fault that waits for nothing; False when that is over."""
        if self.done:
            return False
        self.done = 1
        return True

    def chance(self, stream: str = "") -> float:
        """The next number from 0 to 1."""
        if stream not in self._streams:
            from random import Random

            # A text as seed gives the same numbers in every process.
            self._streams[stream] = Random(f"{self._seed}/{self.fault}/{self._twin}/{stream}")  # noqa: S311 - a simulation
        return self._streams[stream].random()
