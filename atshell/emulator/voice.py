"""What a module says: answers and URCs, in their order, as bytes.

A URC never cuts into an answer: while a command is carried out it waits for the final result. Faults may drop it, say
it later, or let it break into an answer after all.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

from atshell.emulator.clock import Clock, Timer
from atshell.emulator.emulation import Settings
from atshell.emulator.faults.faults import Faults
from atshell.emulator.framing import final, framed

MAX_URCS = 1000
"""Lines that may wait; the oldest are lost first."""


class Voice:
    """``settings`` gives those that are in force."""

    def __init__(self, clock: Clock, faults: Faults, settings: Callable[[], Settings]) -> None:
        self._clock = clock
        self._faults = faults
        self._settings = settings
        self._output: Callable[[bytes], None] | None = None
        self._written = bytearray()
        self._busy = False
        self._holds = False
        self._urcs: deque[str] = deque(maxlen=MAX_URCS)
        self._intruders: deque[str] = deque(maxlen=MAX_URCS)
        """What waits for an answer to break into."""
        self._late: dict[int, Timer] = {}
        self._serial = 0

    def connect(self, output: Callable[[bytes], None] | None) -> None:
        """What was said before is not kept."""
        self._output = output
        self._written.clear()

    # -- Answers

    def echo(self, data: bytes) -> None:
        self._written += data

    def begin(self) -> None:
        """A command is carried out from now on."""
        self._busy = True

    def hold(self) -> None:
        """Keep the answer to that command back until it is finished."""
        self.flush()
        self._holds = True

    def inform(self, lines: Iterable[str]) -> None:
        """Information lines of the answer."""
        for line in lines:
            self._say(line)
            self._intrude()

    def finish(self, result: str, *, alone: bool = False) -> None:
        """The final result, and what had to wait for it unless that stands ``alone``."""
        if alone:
            self._urcs.clear()
        self._intrude()
        settings = self._settings()
        if not settings.quiet:
            self._written += final(result, settings.registers, verbose=settings.verbose)
        self._end()

    def forget(self) -> None:
        """No answer after all; only what had to wait for it."""
        self._written.clear()
        self._end()

    def _end(self) -> None:
        self._busy = self._holds = False
        while self._urcs:
            self._urc(self._urcs.popleft())

    # -- URCs

    def emit(self, line: str) -> None:
        """At once, or after the final result of the command that is being carried out."""
        telling = self._faults.urc(line, self._clock.now())
        if telling.dropped:
            return
        if telling.delay > 0:
            self._tell_later(line, telling.delay, inside=telling.inside)
        else:
            self._tell(line, inside=telling.inside)

    def _tell_later(self, line: str, delay: float, *, inside: bool) -> None:
        self._serial += 1
        number = self._serial

        def tell() -> None:
            del self._late[number]
            self._tell(line, inside=inside)

        self._late[number] = self._clock.call_later(delay, tell)

    def _tell(self, line: str, *, inside: bool) -> None:
        if inside:
            self._intruders.append(line)
        elif self._busy:
            self._urcs.append(line)
        else:
            self._urc(line)
            self.flush()

    def _urc(self, line: str) -> None:
        """A module that is told to be quiet says none (V.250 6.2.5)."""
        if not self._settings().quiet:
            self._say(line)

    def _intrude(self) -> None:
        while self._intruders:
            self._urc(self._intruders.popleft())

    # -- Bytes

    def _say(self, line: str) -> None:
        settings = self._settings()
        self._written += framed(line, settings.registers, verbose=settings.verbose)

    def flush(self) -> None:
        if not self._written or self._holds:
            return
        data = self._faults.said(bytes(self._written), self._clock.now())
        self._written.clear()
        if self._output is not None and data:
            self._output(data)

    def hush(self) -> None:
        """The module stops or falls asleep: nothing of what waits is said any more."""
        self._busy = self._holds = False
        self._written.clear()
        self._urcs.clear()
        self._intruders.clear()
        for timer in self._late.values():
            timer.cancel()
        self._late.clear()
