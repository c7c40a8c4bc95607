"""What lies between a module's sockets and the network: its radio, its sleep, and faults.

A packet of the module leaves it when it is attached, and wakes it if it is asleep. One for the module is lost while it
is not attached or in deep sleep, and waits for the next window in eDRX. On the way a fault may lose, delay, double or
hold it.
"""

from __future__ import annotations

from collections.abc import Callable

from atshell.emulator.clock import Clock, Timer
from atshell.emulator.faults.faults import Faults, Reaction
from atshell.emulator.radio import Radio
from atshell.emulator.saving import PowerSaving

OVERTAKEN = 2.0
"""Device seconds for which a packet waits at most to be overtaken."""

Deliver = Callable[[bytes], None]


class Air:
    def __init__(self, clock: Clock, radio: Radio, saving: PowerSaving, faults: Faults) -> None:
        self._clock = clock
        self._radio = radio
        self._saving = saving
        self._faults = faults
        self._held: dict[bool, list[_Held]] = {True: [], False: []}

    def carry(self, up: bool, data: bytes, deliver: Deliver) -> None:
        """Bring a packet over, ``up`` when it is the module's: ``deliver`` is called with it for each time that it
        arrives, at once or later."""
        if up:
            self._saving.stir()
            if not self._radio.attached:
                return
            self._radio.traffic()
        passage = self._faults.datagram(up, data, self._clock.now())

        def arrive() -> None:
            if up:
                deliver(data)
            else:
                self._page(data, deliver)

        if not passage.delays:
            return
        slower, self._held[up] = self._held[up], []
        for delay in passage.delays:
            if passage.overtaken and not slower:
                self._held[up].append(_Held(self._clock, OVERTAKEN + delay, arrive))
            else:
                self._after(delay, arrive)
        for held in slower:
            held.arrive()

    def _page(self, data: bytes, deliver: Deliver) -> None:
        wait = self._saving.paging() if self._radio.attached else None
        if wait is None:
            return
        if wait > 0:
            self._clock.call_later(wait, lambda: self._page(data, deliver))
            return
        self._saving.stir()
        self._radio.traffic()
        deliver(data)

    def _after(self, delay: float, arrive: Callable[[], None]) -> None:
        if delay > 0:
            self._clock.call_later(delay, arrive)
        else:
            arrive()

    def rebinds(self, data: bytes) -> bool:
        """Whether the NAT gives the module another address, from this packet of its on."""
        return self._faults.rebinds(data, self._clock.now())

    def reaction(self, operation: str) -> Reaction | None:
        """What the platform does with a request, when not what it should."""
        return self._faults.platform(operation, self._clock.now())

    def later(self, delay: float, callback: Callable[[], None]) -> Timer:
        return self._clock.call_later(delay, callback)


class _Held:
    """A packet that the next one overtakes, or that arrives after a while if none comes."""

    def __init__(self, clock: Clock, patience: float, arrive: Callable[[], None]) -> None:
        self._arrive: Callable[[], None] | None = arrive
        self._timer = clock.call_later(patience, self.arrive)

    def arrive(self) -> None:
        self._timer.cancel()
        arrive, self._arrive = self._arrive, None
        if arrive is not None:
            arrive()
