"""Where emulated modules stand. Those in one place have one clock and share what their packs keep there, and one
operator, who says what happens.

A pack keeps the platform that it embeds here, so a thousand modules in one place register with one platform:

    place = Place(clock)
    modules = [host().emulate(EmulatorOptions("MN316"), place) for _ in range(1000)]
    ...
    for module in modules:
        await module.close()
    await place.close()
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol, TypeVar

from atshell.emulator.clock import Clock
from atshell.emulator.pace import PacedClock


class Closable(Protocol):
    async def close(self) -> None: ...


_T = TypeVar("_T", bound=Closable)


class Place:
    """Whoever makes it closes it, after the modules."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._began = time.time() - clock.now()
        self.tell: Callable[[dict[str, object]], None] = lambda outcome: None
        """Gets what the operator hears later than as the answer to a line: what came of an order that had to wait."""
        self._kept: dict[type[Closable], Closable] = {}

    def time(self) -> float:
        """Seconds since 1970 on the modules' clock: what was real time when the place was made, and device time since
        then."""
        clock = self.clock
        return self._began + (clock.stamp if isinstance(clock, PacedClock) else clock.now())

    def shared(self, kind: type[_T], make: Callable[[], _T]) -> _T:
        """The one of that kind; made when it is asked for first, closed with the place."""
        kept = self._kept.get(kind)
        if not isinstance(kept, kind):
            kept = self._kept[kind] = make()
        return kept

    async def close(self) -> None:
        """A second call does nothing."""
        while self._kept:
            await self._kept.popitem()[1].close()
