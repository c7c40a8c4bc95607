"""An event loop with device time: from timer to timer, and only while there is nothing else to do.

A module at ``speed=3600`` has a retransmission timeout of half a real millisecond (RFC 7252 section 4.2: 2 s), less
than the computing takes that its platform's answer needs. Were computing to take device time, every message would be
sent again and every login time out. So here it takes none: while a callback is ready or a socket has something, the
clock stands; when the loop would go to sleep, the next timer falls due if its time has come, alone, and what it set
going comes to rest before the one after it. Device time then catches up with real time, so it does not drift, and a
process that is too busy falls behind instead of out of step. This is a discrete-event simulation that real time paces.

With datagrams in memory (``Switchboard``) a whole login is over before a single device second has passed, and a day's
updates happen as fast as they can be computed. What goes over real sockets to another process takes real time, and so
``speed`` times as much device time.
"""

from __future__ import annotations

import asyncio
import selectors
import time
from collections.abc import Callable
from selectors import SelectorKey

from atshell.emulator.clock import Timer, Timers

Ready = list[tuple[SelectorKey, int]]


class PacedClock:
    """Device time. It stands still at first: ``run`` lets it pass by itself, ``allow`` turns it by hand.

    It is the loop that moves it on, up to ``limit``.
    """

    def __init__(self) -> None:
        self._now = 0.0
        self._timers = Timers()
        self._speed = 0.0
        self._allowed = 0.0
        self._since = time.monotonic()

    def now(self) -> float:
        return self._now

    def call_later(self, delay: float, callback: Callable[[], None]) -> Timer:
        return self._timers.add(self._now + max(0.0, delay), callback)

    @property
    def limit(self) -> float:
        """How far time may have gone by now."""
        return self._allowed + (time.monotonic() - self._since) * self._speed if self._speed else self._allowed

    @property
    def stamp(self) -> float:
        """``now`` for who writes down when something was; where a device second is a real one, the real moment, so that
        it can be seen how long things take."""
        return self.limit if self._speed == 1.0 else self._now

    @property
    def next_due(self) -> float | None:
        return self._timers.next_due

    def run(self, speed: float) -> None:
        """From now on ``speed`` device seconds pass in a real one; with 0 time passes by hand alone."""
        self._allowed, self._since, self._speed = self.limit, time.monotonic(), speed

    def allow(self, seconds: float) -> None:
        """Let time go on by so much, and what it has not yet used up before."""
        self._allowed += max(0.0, seconds)

    def step(self) -> Callable[[], None] | None:
        """Go to what falls due next within the limit, and take it; or to the limit, where there is nothing."""
        limit = self.limit
        fallen = self._timers.pop(limit)
        if fallen is None:
            self._now = max(self._now, limit)
            return None
        self._now = max(self._now, fallen[0])
        return fallen[1]

    def catch_up(self) -> None:
        """Time has passed in sleep: go on, but not past what falls due."""
        due = self._timers.next_due
        self._now = max(self._now, self.limit if due is None else min(self.limit, due))

    def real_wait(self) -> float | None:
        """Real seconds until something falls due by itself; None for never."""
        due = self._timers.next_due
        if due is None or not self._speed:
            return None
        return max(0.0, due - self.limit) / self._speed


class _Selector(selectors.DefaultSelector):
    """Tells when the loop would sleep: it asks for a wait, and no file is ready."""

    def __init__(self, idle: Callable[[], float | None], woken: Callable[[], None]) -> None:
        super().__init__()
        self._idle = idle
        self._woken = woken

    def select(self, timeout: float | None = None) -> Ready:
        ready: Ready = super().select(0)
        if ready or (timeout is not None and timeout <= 0):
            return ready
        wait = self._idle()
        if wait == 0.0:  # there is something to do after all
            return ready
        if timeout is not None:
            wait = timeout if wait is None else min(wait, timeout)
        ready = super().select(wait)
        self._woken()
        return ready


class DeviceLoop(asyncio.SelectorEventLoop):
    """``asyncio.Runner(loop_factory=DeviceLoop)``. ``clock`` is for every device in it; the loop's own timers
    (``asyncio.sleep``) stay on real time."""

    def __init__(self) -> None:
        self.clock = PacedClock()
        self._resting: list[asyncio.Future[None]] = []
        super().__init__(_Selector(self._idle, self.clock.catch_up))

    def _idle(self) -> float | None:
        """The loop would sleep: for so many real seconds it may, None for as long as it likes."""
        callback = self.clock.step()
        if callback is not None:
            self.call_soon(callback)
            return 0.0
        resting, self._resting = self._resting, []
        for future in resting:
            if not future.done():
                future.set_result(None)
        return 0.0 if resting else self.clock.real_wait()

    async def rest(self) -> None:
        """Wait until nothing is left to do: no callback is ready, no file readable, and no timer due."""
        future = self.create_future()
        self._resting.append(future)
        await future

    async def turn(self, seconds: float) -> None:
        """Let device time pass, with all that happens in it."""
        self.clock.allow(seconds)
        await self.rest()


def device_loop() -> DeviceLoop:
    """The running loop. Raises RuntimeError when it is another kind."""
    loop = asyncio.get_running_loop()
    if not isinstance(loop, DeviceLoop):
        raise RuntimeError("this needs a DeviceLoop: asyncio.Runner(loop_factory=DeviceLoop)")
    return loop
