"""Draws the toolbar anew once a second while something in it counts down, and not otherwise."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

SECOND = 1.0


class Ticker:
    """``counts_down`` says whether there is something to count; ``draw`` draws."""

    def __init__(self, counts_down: Callable[[], bool], draw: Callable[[], None]) -> None:
        self._counts_down = counts_down
        self._draw = draw
        self._timer: asyncio.TimerHandle | None = None

    @property
    def running(self) -> bool:
        return self._timer is not None

    def wake(self) -> None:
        """Something may count down from now on."""
        if self._timer is None and self._counts_down():
            self._timer = asyncio.get_running_loop().call_later(SECOND, self._tick)

    def _tick(self) -> None:
        self._timer = None
        self._draw()
        self.wake()

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
