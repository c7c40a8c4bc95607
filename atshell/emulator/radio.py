"""The radio of an emulated module: whether it is on, whether there is a network, and so whether it is attached.

Everything else about the network (bearers, addresses, power saving) is left out: what a module's user meets is
"registered or not". Attaching takes a moment, losing the network takes none.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum

from atshell.emulator.clock import Clock, Timer

Listener = Callable[[bool], None]


class Registration(IntEnum):
    """``<stat>`` of AT+CEREG (3GPP TS 27.007, 10.1.22)."""

    NOT_SEARCHING = 0
    HOME = 1
    SEARCHING = 2


class Radio:
    """``attach_delay`` is the time from finding the network to being attached, in device seconds.

    A new radio is that of a module which has been running for a while: on and attached.
    """

    SIGNAL = 23
    """``<rssi>`` where there is a network: -67 dBm (27.007, 8.5)."""
    UNKNOWN_SIGNAL = 99
    ACCESS_TECHNOLOGY = 9
    """``<AcT>`` of E-UTRAN (NB-S1 mode) (27.007, 7.3)."""

    def __init__(self, clock: Clock, attach_delay: float = 0.05) -> None:
        self._clock = clock
        self._attach_delay = attach_delay
        self._on = True
        self._wanted = True
        self._network = True
        self._attaching: Timer | None = None
        self._listeners: list[Listener] = []
        self.technology = self.ACCESS_TECHNOLOGY
        """A pack for other modules than NB-IoT ones changes it (7 is E-UTRAN)."""
        self.registration = Registration.HOME

    @property
    def attached(self) -> bool:
        """True while datagrams can be sent."""
        return self.registration is Registration.HOME

    @property
    def signal(self) -> int:
        """``<rssi>`` of AT+CSQ: 0 to 31, or 99 where nothing is heard."""
        return self.SIGNAL if self._on and self._network else self.UNKNOWN_SIGNAL

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener(attached)`` each time ``registration`` changes; returns a function that ends it."""
        self._listeners.append(listener)

        def end() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return end

    def switch(self, on: bool) -> None:
        """The radio itself: AT+CFUN, and the power supply. A radio that comes on wants to attach."""
        if on and not self._on:
            self._wanted = True
        self._on = on
        self._settle()

    def want(self, attached: bool) -> None:
        """Attach or stay away, by AT+CGATT."""
        self._wanted = attached
        self._settle()

    def cover(self, network: bool) -> None:
        """Whether there is a network here: ``network lost``, ``network found``."""
        self._network = network
        self._settle()

    def _settle(self) -> None:
        """Go to the state that the three conditions ask for, by way of SEARCHING where that is HOME."""
        searching = self._on and self._wanted
        if searching and self._network:
            if self.attached or self._attaching is not None:
                return
            self._attaching = self._clock.call_later(self._attach_delay, self._arrive)
        elif self._attaching is not None:
            self._attaching.cancel()
            self._attaching = None
        self._become(Registration.SEARCHING if searching else Registration.NOT_SEARCHING)

    def _arrive(self) -> None:
        self._attaching = None
        self._become(Registration.HOME)

    def _become(self, registration: Registration) -> None:
        if registration is self.registration:
            return
        self.registration = registration
        for listener in tuple(self._listeners):
            listener(self.attached)
