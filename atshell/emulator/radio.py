"""The radio of an emulated module: whether it is on, whether there is a network, and so whether it is attached.

Attaching takes a moment, losing the network takes none. Traffic brings up the signalling connection, which the network
lets go after a while without any; between the two a module listens, or saves power (``saving``). Bearers and addresses
are left out.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum

from atshell.emulator.clock import Clock, Timer

Listener = Callable[[bool], None]

RELEASE = 10.0
"""Device seconds without traffic after which the network lets the connection go. That is the network's own choice; ten
to twenty seconds are usual for NB-IoT."""
_MOMENT = 1e-6
"""Seconds that are none: sums of times are not exact."""


class Registration(IntEnum):
    """``<stat>`` of AT+CEREG (3GPP TS 27.007, 10.1.22)."""

    NOT_SEARCHING = 0
    HOME = 1
    SEARCHING = 2


class Listeners:
    """Who is to hear of a state that is on or off."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def add(self, listener: Listener) -> Callable[[], None]:
        """Returns a function that ends it."""
        self._listeners.append(listener)

        def end() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return end

    def tell(self, state: bool) -> None:
        for listener in tuple(self._listeners):
            listener(state)


class Radio:
    """``attach_delay`` is the time from finding the network to being attached, in device seconds.

    A new radio is that of a module which has been running for a while: on and attached, without a connection.
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
        self._asleep = False
        self._attaching: Timer | None = None
        self._releasing: Timer | None = None
        self._last_traffic = 0.0
        self._registrations, self._connections = Listeners(), Listeners()
        self.technology = self.ACCESS_TECHNOLOGY
        """A pack for other modules than NB-IoT ones changes it (7 is E-UTRAN)."""
        self.registration = Registration.HOME

    @property
    def attached(self) -> bool:
        """True while datagrams can be sent. A module asleep in PSM stays registered."""
        return self.registration is Registration.HOME

    @property
    def connected(self) -> bool:
        """True while there is a signalling connection (``<mode>`` of AT+CSCON)."""
        return self._releasing is not None

    @property
    def signal(self) -> int:
        """``<rssi>`` of AT+CSQ: 0 to 31, or 99 where nothing is heard."""
        return self.SIGNAL if self._on and self._network else self.UNKNOWN_SIGNAL

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener(attached)`` each time ``registration`` changes; returns a function that ends it."""
        return self._registrations.add(listener)

    def on_connection(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener(connected)`` each time the signalling connection comes or goes."""
        return self._connections.add(listener)

    # -- What moves it

    def switch(self, on: bool) -> None:
        """The radio itself: AT+CFUN, and the power supply. A radio that comes on wants to attach."""
        if on and not self._on:
            self._wanted = True
        self._on = on
        self._asleep &= on
        self._settle()

    def want(self, attached: bool) -> None:
        """Attach or stay away, by AT+CGATT."""
        self._wanted = attached
        self._settle()

    def cover(self, network: bool) -> None:
        """Whether there is a network here: ``network lost``, ``network found``."""
        self._network = network
        self._settle()

    def rest(self, asleep: bool) -> None:
        """Deep sleep begins or ends. What becomes of the network meanwhile is found out afterwards."""
        self._asleep = asleep
        self._settle()

    def traffic(self) -> None:
        """Something is sent or received: there is a connection from now on, for a while at least."""
        if not self.attached:
            return
        self._last_traffic = self._clock.now()
        if self._releasing is None:
            self._releasing = self._clock.call_later(RELEASE, self._release)
            self._connections.tell(True)

    def release(self) -> None:
        """The module says that it has nothing more to send or to wait for: the connection goes at once (release
        assistance indication, 3GPP TS 24.301 9.9.4.25)."""
        if self._releasing is not None:
            self._disconnect(self._releasing)

    # -- Below: how it follows

    def _settle(self) -> None:
        """Go to the state that the conditions ask for, by way of SEARCHING where that is HOME."""
        if self._asleep:
            return
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
        self.traffic()

    def _become(self, registration: Registration) -> None:
        if registration is self.registration:
            return
        if self._releasing is not None:
            self._disconnect(self._releasing)
        self.registration = registration
        self._registrations.tell(self.attached)

    def _release(self) -> None:
        """One timer for a connection, however much traffic there is: it looks how long there has been none."""
        if self._releasing is None:
            return
        left = self._last_traffic + RELEASE - self._clock.now()
        if left > _MOMENT:
            self._releasing = self._clock.call_later(left, self._release)
        else:
            self._disconnect(self._releasing)

    def _disconnect(self, releasing: Timer) -> None:
        releasing.cancel()
        self._releasing = None
        self._connections.tell(False)
