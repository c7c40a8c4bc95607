"""An association at work: its datagrams go out to one address, its deadline is a timer of the clock."""

from __future__ import annotations

from collections.abc import Callable

from atshell.emulator.clock import Clock, Timer
from atshell_lwm2m.endpoint.dtls.association import Association, State
from atshell_lwm2m.endpoint.exchange import Address
from atshell_lwm2m.endpoint.udp import log


class Line:
    """``changed`` is called after each change of the association's state."""

    def __init__(
        self,
        association: Association,
        address: Address,
        send: Callable[[bytes, Address], None],
        clock: Clock,
        changed: Callable[[Line], None],
    ) -> None:
        self.association = association
        self.address = address
        self._send = send
        self._clock = clock
        self._changed = changed
        self._state = association.state
        self._timer: Timer | None = None
        self._due: float | None = None
        self.last_used = clock.now()
        """When something was last sent or understood."""

    @property
    def open(self) -> bool:
        return self.association.state is State.OPEN

    def start(self) -> None:
        self.association.start(self._clock.now())
        self._pump()

    def feed(self, datagram: bytes) -> list[bytes]:
        plain = self.association.feed(datagram, self._clock.now())
        if plain:
            self.last_used = self._clock.now()
        self._pump()
        return plain

    def send(self, data: bytes) -> None:
        if self.association.send(data):
            self.last_used = self._clock.now()
        else:
            log.info("%d bytes to %s were lost: %s", len(data), self.address, self.association.failure)
        self._pump()

    def close(self) -> None:
        """With close_notify."""
        self.association.close()
        self._pump()

    def abandon(self) -> None:
        """Without a word, to the other side or to ``changed``."""
        self._changed = lambda _: None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _expired(self) -> None:
        self._timer = self._due = None
        self.association.expire(self._clock.now())
        self._pump()

    def _pump(self) -> None:
        for datagram in self.association.outgoing():
            self._send(datagram, self.address)
        deadline = self.association.deadline
        if deadline != self._due:
            if self._timer is not None:
                self._timer.cancel()
            self._due = deadline
            self._timer = None
            if deadline is not None:
                self._timer = self._clock.call_later(deadline - self._clock.now(), self._expired)
        if self.association.state is not self._state:
            self._state = self.association.state
            if self.association.ended:
                log.info("DTLS with %s has ended: %s", self.address, self.association.failure)
            self._changed(self)
