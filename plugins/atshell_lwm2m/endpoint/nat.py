"""The module's socket as the outside sees it: a NAT lies between, and its mapping may change.

When it does, the module notices nothing: what it sends has another source address from then on, and what is sent to the
old one reaches nobody.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from atshell.errors import AtshellError
from atshell_lwm2m.endpoint.exchange import Address

if TYPE_CHECKING:
    from atshell_lwm2m.endpoint.switchboard import Bound

MAX_WAITING = 100
"""Datagrams that wait for the new mapping."""
_log = logging.getLogger(__name__)
Receive = Callable[[bytes, Address], None]


class NatWire:
    """A bound socket (``switchboard.Bound``) over another one. ``open_wire`` makes a further one; ``rebinds`` says
    before each datagram whether the mapping changes now."""

    def __init__(
        self, wire: Bound, open_wire: Callable[[], Awaitable[Bound]], rebinds: Callable[[bytes], bool]
    ) -> None:
        self._wire = wire
        self._open_wire = open_wire
        self._rebinds = rebinds
        self._receive: Receive | None = None
        self._left: list[Bound] = []
        self._moving: asyncio.Task[None] | None = None
        self._waiting: list[tuple[bytes, Address]] = []
        self._open = True
        self.address = wire.address

    def start(self, receive: Receive) -> None:
        self._receive = receive
        self._wire.start(receive)

    def send(self, data: bytes, address: Address) -> None:
        if not self._open:
            return
        if self._moving is None and self._rebinds(data):
            self._moving = asyncio.get_running_loop().create_task(self._move())
        if self._moving is None:
            self._wire.send(data, address)
        elif len(self._waiting) < MAX_WAITING:
            self._waiting.append((data, address))

    async def _move(self) -> None:
        try:
            wire = await self._open_wire()
        except AtshellError as error:
            _log.warning("the address stays: %s", error)
        else:
            self._wire.close()
            self._left.append(self._wire)
            self._wire, self.address = wire, wire.address
            if self._receive is not None:
                wire.start(self._receive)
        self._moving = None
        waiting, self._waiting = self._waiting, []
        for data, address in waiting:
            self._wire.send(data, address)

    def close(self) -> None:
        self._open = False
        if self._moving is not None:
            self._moving.cancel()
        self._wire.close()

    async def closed(self) -> None:
        moving, self._moving = self._moving, None
        if moving is not None:
            await asyncio.gather(moving, return_exceptions=True)
        for wire in (*self._left, self._wire):
            await wire.closed()
