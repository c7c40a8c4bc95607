"""Results that come unasked, in their place.

A URC that follows an answer in the same bytes is heard before the answer has reached the front door. So what comes
while a command is outstanding is held for a moment; when the answer comes within it, the URC stands below.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from atshell.shell.result import Result

HOLD = 0.02
"""Seconds"""

Listener = Callable[[Result], None]


class Unasked:
    def __init__(self) -> None:
        self._listeners: list[Listener] = []
        self._held: list[tuple[float, Result]] = []
        self._holding = False
        self._timer: asyncio.TimerHandle | None = None

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` for every result; returns a function that ends it."""
        self._listeners.append(listener)

        def end() -> None:
            with suppress(ValueError):
                self._listeners.remove(listener)

        return end

    def hold(self) -> None:
        """A command is outstanding from now on."""
        self._holding = True

    def tell(self, result: Result, at: float) -> None:
        """Something came ``at`` this time (session seconds)."""
        self._held.append((at, result))
        if not self._holding:
            self.release()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(HOLD, self.release)

    def release(self, *, before: float | None = None) -> None:
        """Pass on what is held, or only what came ``before`` a time."""
        if before is None and self._timer is not None:
            self._timer.cancel()
            self._timer = None
        due = [result for at, result in self._held if before is None or at < before]
        self._held = [] if before is None else [(at, result) for at, result in self._held if at >= before]
        for result in due:
            for listener in list(self._listeners):
                listener(result)

    def end(self) -> None:
        """The command's answer has been shown."""
        self._holding = False
        self.release()
