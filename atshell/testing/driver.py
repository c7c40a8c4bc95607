"""The loop of a test's emulator: turned by each call, or by a thread once a program talks to the module by itself."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import TypeVar

from atshell.emulator.pace import DeviceLoop, PacedClock
from atshell.errors import AtshellError

_T = TypeVar("_T")
_GLANCE = 0.01
"""Real seconds between two looks at a condition while time passes by itself."""


class Driver:
    def __init__(self) -> None:
        self._runner = asyncio.Runner(loop_factory=DeviceLoop)
        loop = self._runner.get_loop()
        if not isinstance(loop, DeviceLoop):
            raise TypeError("the runner made another loop than it was told to")
        self.loop = loop
        self._thread: threading.Thread | None = None

    @property
    def clock(self) -> PacedClock:
        return self.loop.clock

    @property
    def in_background(self) -> bool:
        return self._thread is not None

    def call(self, work: Coroutine[object, object, _T]) -> _T:
        """Do it, and whatever else there is to do meanwhile."""
        if self._thread is not None:
            return asyncio.run_coroutine_threadsafe(work, self.loop).result()
        if _in_a_loop():
            work.close()
            raise AtshellError(
                "an emulator for tests cannot be used inside a running event loop",
                "write the test as `def`, or use atshell.Session in an asynchronous one",
            )
        return self._runner.run(work)

    async def until(self, done: Callable[[], bool], seconds: float) -> bool:
        """Let device time pass until the condition holds; False when it does not within so many seconds."""
        end = self.clock.now() + seconds
        await self.loop.rest()
        while not done():
            if self.clock.now() >= end:
                return False
            if self.in_background:
                await asyncio.sleep(_GLANCE)
            else:
                due = self.clock.next_due
                await self.loop.turn((end if due is None else min(due, end)) - self.clock.now())
        return True

    def go_to_background(self, speed: float) -> None:
        """From now on time passes by itself."""
        if self._thread is None:
            self.clock.run(speed)
            self._thread = threading.Thread(target=self.loop.run_forever, name="atshell emulator", daemon=True)
            self._thread.start()

    def close(self) -> None:
        thread, self._thread = self._thread, None
        if thread is not None:
            self.loop.call_soon_threadsafe(self.loop.stop)
            thread.join()
        self._runner.close()


def _in_a_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
