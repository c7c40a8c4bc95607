"""Sockets that are none: datagrams from one to another in this process.

An emulated module and its embedded platform need no kernel between them. A datagram arrives in the loop's next turn, so
no device time passes on the way, a test meets the same order each time, and a thousand modules open no file.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Protocol

from atshell.errors import AtshellError
from atshell_lwm2m.endpoint.exchange import Address
from atshell_lwm2m.endpoint.udp import Wire

if TYPE_CHECKING:
    from atshell_lwm2m.endpoint.air import Air

FIRST_PORT, LAST_PORT = 49152, 65535
"""Those that a system chooses from where none is asked for (RFC 6335 section 6)."""
Receive = Callable[[bytes, Address], None]


class Bound(Wire, Protocol):
    """A socket with an address."""

    address: Address


OpenWire = Callable[[str, int], Awaitable[Bound]]
"""Host and port to a bound socket; raises AtshellError when the address cannot be had. Port 0 is any."""


class MemoryWire:
    """What ``Switchboard.open`` gives."""

    def __init__(self, board: Switchboard, address: Address) -> None:
        self._board = board
        self._receive: Receive | None = None
        self.address = address
        self.air: Air | None = None
        """Of the module whose socket it is."""

    def start(self, receive: Receive) -> None:
        self._receive = receive

    def send(self, data: bytes, address: Address) -> None:
        if self._receive is not None:
            self._board.carry(self.address, address, data)

    def arrive(self, data: bytes, source: Address) -> None:
        if self._receive is not None:
            self._receive(data, source)

    def close(self) -> None:
        self._receive = None
        self._board.unplug(self)

    async def closed(self) -> None:
        return


class Switchboard:
    """To be used inside one loop."""

    def __init__(self) -> None:
        self._wires: dict[Address, MemoryWire] = {}
        self._ports = itertools.cycle(range(FIRST_PORT, LAST_PORT + 1))

    async def open(self, host: str, port: int) -> MemoryWire:
        """As an ``OpenWire``."""
        if port == 0:
            count = LAST_PORT - FIRST_PORT + 1
            candidates = itertools.islice(self._ports, count)
            port = next((one for one in candidates if (host, one) not in self._wires), 0)
        if port == 0 or (host, port) in self._wires:
            raise AtshellError(f"no free port at {host} in this process", "choose another port, or run fewer modules")
        wire = self._wires[host, port] = MemoryWire(self, (host, port))
        return wire

    def air_of(self, address: Address) -> Air | None:
        """What lies between the network and the module that has this address now."""
        wire = self._wires.get(address)
        return None if wire is None else wire.air

    def carry(self, source: Address, destination: Address, data: bytes) -> None:
        asyncio.get_running_loop().call_soon(self._arrive, source, destination, data)

    def _arrive(self, source: Address, destination: Address, data: bytes) -> None:
        wire = self._wires.get(destination)
        if wire is not None:
            wire.arrive(data, source)

    def unplug(self, wire: MemoryWire) -> None:
        if self._wires.get(wire.address) is wire:
            del self._wires[wire.address]
