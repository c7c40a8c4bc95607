"""China Mobile's self-registration: the module is a LwM2M 1.0 client of the device management platform CMDMP.

    INITIAL -> CONNECT_SUCCESS -> REG_SUCCESS -> UPDATE_SUCCESS -> UPDATE_SUCCESS ...
            -> CONNECT_FAILED  -> REG_FAILED     UPDATE_FAILED
                                  REG_TIMEOUT    UPDATE_TIMEOUT  -> LIFETIME_TIMEOUT -> CONNECT_SUCCESS

A registration that fails is not tried again before the next boot (BC25 manual 2.3.3, BC260Y-CN manual 2.2.3). Of an
update that fails the manuals say nothing: the next one has its usual time, and where the registration's lifetime is
over by then, the module registers anew instead.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from atshell.emulator.clock import Timer
from atshell_lwm2m.codec import linkformat
from atshell_lwm2m.codec.contentformat import LINK
from atshell_lwm2m.endpoint.exchange import Reply
from atshell_quectel.assumed import SPARE
from atshell_quectel.emulator.delivery import Delivery, Post
from atshell_quectel.emulator.means import Means


class State(IntEnum):
    """``<DM_state>``; the manuals leave out 1 to 3 and 10."""

    INITIAL = 0
    CONNECT_SUCCESS = 4
    CONNECT_FAILED = 5
    REG_SUCCESS = 6
    REG_FAILED = 7
    REG_TIMEOUT = 8
    LIFETIME_TIMEOUT = 9
    UPDATE_SUCCESS = 11
    UPDATE_FAILED = 12
    UPDATE_TIMEOUT = 13


@dataclass(frozen=True, slots=True)
class Account:
    """What is in force of AT+QDMPCFG."""

    host: str
    port: int
    period: float


class Desk(Protocol):
    """Answers what the platform asks."""

    @property
    def paths(self) -> list[str]: ...

    def received(self, data: bytes) -> None: ...

    def clear(self) -> None:
        """The registration is over."""
        ...

    async def close(self) -> None: ...


class Management:
    """``show`` is told each state; ``account`` is asked at each registration."""

    def __init__(
        self,
        means: Means,
        endpoint: str,
        account: Callable[[], Account],
        desk: Desk,
        show: Callable[[State], None],
    ) -> None:
        self._means = means
        self._clock = means.clock
        self._line = means.line
        self._waits = means.procedure.waits
        self._endpoint = endpoint
        self._account = account
        self._desk = desk
        self._show = show
        self._delivery = Delivery(means.clock, means.line.send)
        self._location: tuple[str, ...] | None = None
        """None where the module is not registered."""
        self._period = 0.0
        self._next: Timer | None = None
        self._end: Timer | None = None

    def start(self) -> None:
        """The module has booted and joined the network, or its registration has run out."""
        account = self._account()
        self._period = account.period
        self._location = None
        self._desk.clear()
        self._line.connect(account.host, account.port, self._connected, self._received)

    def _connected(self, there: bool) -> None:
        if not there:
            self._show(State.CONNECT_FAILED)
            return
        self._show(State.CONNECT_SUCCESS)
        query = (f"ep={self._endpoint}", f"lt={self._lifetime:.0f}", "lwm2m=1.0", "b=U")
        links = linkformat.format(linkformat.Link(path) for path in self._desk.paths).encode()
        self._delivery.begin(Post(("rd",), query, links, LINK), self._waits, self._registered)

    @property
    def _lifetime(self) -> float:
        return self._period + SPARE

    def _registered(self, reply: Reply | None) -> None:
        if reply is None or not reply.ok:
            self._show(_failure(reply, State.REG_FAILED, State.REG_TIMEOUT))
            return
        self._location = reply.location or ("rd",)
        self._show(State.REG_SUCCESS)
        self._live()
        self._plan()

    # While it is registered

    def _plan(self) -> None:
        self._next = self._clock.call_later(self._period, self._due)

    def _live(self) -> None:
        if self._end is not None:
            self._end.cancel()
        self._end = self._clock.call_later(self._lifetime, self._expire)

    def _due(self) -> None:
        """Deep sleep leaves an update out where the manual says so (BC25 2.3.2); it may end it (BC260Y-CN 2.2.4)."""
        if not self._means.may_send:
            self._plan()
        elif self._location is None:
            self.start()
        else:
            self._plan()
            self._delivery.begin(Post(self._location), self._waits, self._updated)

    def _updated(self, reply: Reply | None) -> None:
        if reply is None or not reply.ok:
            self._show(_failure(reply, State.UPDATE_FAILED, State.UPDATE_TIMEOUT))
            return
        self._show(State.UPDATE_SUCCESS)
        self._live()

    def _expire(self) -> None:
        self._location = None
        self._delivery.cancel()
        self._show(State.LIFETIME_TIMEOUT)

    def _received(self, data: bytes) -> None:
        if not self._delivery.received(data):
            self._desk.received(data)

    def stop(self) -> None:
        """Without a word to the platform."""
        for timer in (self._next, self._end):
            if timer is not None:
                timer.cancel()
        self._location = None
        self._delivery.cancel()
        self._desk.clear()
        self._line.hang_up()
        self._show(State.INITIAL)

    async def close(self) -> None:
        self.stop()
        await self._desk.close()
        await self._line.close()


def _failure(reply: Reply | None, refused: State, unanswered: State) -> State:
    return unanswered if reply is None else refused
