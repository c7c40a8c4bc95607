"""Where the platform's requests are answered: reading, discovering and observing what the module tells, and a restart.

Nothing that is told changes while the module runs, for settings act after a reboot. So an observation is answered once
and kept, and no notification follows.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from atshell.emulator.clock import Clock
from atshell_lwm2m.codec import linkformat
from atshell_lwm2m.codec.contentformat import LINK
from atshell_lwm2m.endpoint.exchange import Address, Incoming, Reply
from atshell_lwm2m.endpoint.operation import ids, operation_of
from atshell_quectel.emulator.objects import REBOOT, Describe, Objects

if TYPE_CHECKING:
    from atshell_lwm2m.endpoint.endpoint import Endpoint

PLATFORM: Address = ("cmdmp", 5683)
"""Nobody else's datagrams come this far."""


class PlatformDesk:
    """``send`` puts a datagram on the network; ``restart`` boots the module anew."""

    def __init__(
        self, clock: Clock, send: Callable[[bytes], None], describe: Describe, restart: Callable[[], None]
    ) -> None:
        self._clock = clock
        self._send = send
        self._describe = describe
        self._restart = restart
        self._receive: Callable[[bytes, Address], None] | None = None
        self._endpoint: Endpoint | None = None
        self._observed: dict[str, Incoming] = {}
        self._closing: set[asyncio.Task[None]] = set()

    @property
    def paths(self) -> list[str]:
        return self._describe().paths

    def received(self, data: bytes) -> None:
        """A datagram that is no answer to the module. The first opens the desk."""
        if self._endpoint is None:
            from atshell_lwm2m.endpoint.endpoint import Endpoint

            self._endpoint = Endpoint(_Wire(self), self._serve, clock=self._clock)
        if self._receive is not None:
            self._receive(data, PLATFORM)

    def _serve(self, incoming: Incoming) -> None:
        operation, objects = operation_of(incoming), self._describe()
        target = ids(incoming.path) or (0,)
        match operation:
            case "Read":
                incoming.answer(objects.read(target, incoming.accept))
            case "Observe":
                self._observe(incoming, objects.read(target, incoming.accept))
            case "Cancel-Observation":
                self._forget(incoming.target)
                incoming.answer(objects.read(target, incoming.accept))
            case "Discover":
                incoming.answer(_discovered(objects, target))
            case "Write-Attributes":
                incoming.answer(Reply("4.04" if objects.links(target) is None else "2.04"))
            case "Execute" if incoming.path == REBOOT:
                incoming.answer(Reply("2.04"))
                self._restart()
            case _:
                incoming.answer(Reply("4.05"))

    def _observe(self, incoming: Incoming, first: Reply) -> None:
        if not first.ok:
            incoming.answer(first)
            return
        target = incoming.target
        self._forget(target)
        self._observed[target] = incoming
        incoming.on_end.append(lambda: self._ended(target, incoming))
        incoming.notify(replace(first, observe=1))

    def _forget(self, target: str) -> None:
        observation = self._observed.pop(target, None)
        if observation is not None:
            observation.abandon()

    def _ended(self, target: str, observation: Incoming) -> None:
        if self._observed.get(target) is observation:
            del self._observed[target]

    def clear(self) -> None:
        """Close in the background."""
        endpoint, self._endpoint, self._receive = self._endpoint, None, None
        if endpoint is not None:
            task = asyncio.get_running_loop().create_task(endpoint.close())
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    async def close(self) -> None:
        self.clear()
        await asyncio.gather(*self._closing, return_exceptions=True)

    # As the wire of its endpoint

    def listen(self, receive: Callable[[bytes, Address], None]) -> None:
        self._receive = receive

    def answer(self, data: bytes) -> None:
        self._send(data)


class _Wire:
    """The endpoint's side of a socket that the desk shares with what the module sends by itself."""

    def __init__(self, desk: PlatformDesk) -> None:
        self._desk: PlatformDesk | None = desk

    def start(self, receive: Callable[[bytes, Address], None]) -> None:
        if self._desk is not None:
            self._desk.listen(receive)

    def send(self, data: bytes, address: Address) -> None:
        if self._desk is not None:
            self._desk.answer(data)

    def close(self) -> None:
        self._desk = None

    async def closed(self) -> None:
        return


def _discovered(objects: Objects, target: tuple[int, ...]) -> Reply:
    paths = objects.links(target)
    if paths is None:
        return Reply("4.04")
    return Reply("2.05", linkformat.format(linkformat.Link(path) for path in paths).encode(), LINK)
