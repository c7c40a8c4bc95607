"""A network in memory between two wires, which loses, doubles and reorders as a test says; time is turned by hand."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import pytest

from atshell.emulator.clock import ManualClock
from atshell_lwm2m.endpoint.dtls.client import ClientWire
from atshell_lwm2m.endpoint.dtls.security import SUITES, Credentials
from atshell_lwm2m.endpoint.dtls.server import ServerWire

CLIENT, SERVER = ("192.0.2.7", 40000), ("192.0.2.2", 5684)
Shape = Callable[[int, bytes], list[bytes]]
"""The number of a datagram, counted from 0 over both directions, and what becomes of it."""


class Wire:
    """One end of a cable."""

    def __init__(self, net: Net, own: tuple[str, int]) -> None:
        self.net = net
        self.own = own
        self.receive: Callable[[bytes, tuple[str, int]], None] | None = None
        self.down = False

    def start(self, receive) -> None:
        self.receive = receive

    def send(self, data, address) -> None:
        self.net.carry(self.own, address, data)

    def close(self) -> None:
        self.down = True

    async def closed(self) -> None:
        return


class Net:
    def __init__(self) -> None:
        self.clock = ManualClock()
        self.wires: dict[tuple[str, int], Wire] = {}
        self.log: list[tuple[tuple[str, int], bytes]] = []
        self.shape: Shape = lambda number, data: [data]
        self._under_way: deque[tuple[tuple[str, int], tuple[str, int], bytes]] = deque()

    def wire(self, own) -> Wire:
        self.wires[own] = Wire(self, own)
        return self.wires[own]

    def carry(self, source, destination, data) -> None:
        number = len(self.log)
        self.log.append((source, data))
        self._under_way.extend((source, destination, one) for one in self.shape(number, data))

    def run(self) -> None:
        while self._under_way:
            source, destination, data = self._under_way.popleft()
            wire = self.wires.get(destination)
            if wire is not None and wire.receive is not None and not wire.down:
                wire.receive(data, source)

    def pass_by(self, seconds: int) -> None:
        """Time goes on, half a second at a time."""
        for _ in range(2 * seconds):
            self.clock.advance(0.5)
            self.run()


class Pair:
    """A client and a server, with what each has received."""

    def __init__(self, key=b"secret", known=b"secret", suites=SUITES, **options) -> None:
        self.net = Net()
        self.at_client: list[bytes] = []
        self.at_server: list[bytes] = []
        self.sources: list[tuple[str, int]] = []
        self.keys = {b"me": known}
        self.server = ServerWire(self.net.wire(SERVER), self.keys.get, self.net.clock, **options)
        self.server.start(self._served)
        self.aged: list[str] = []
        self.client = self.another(CLIENT, Credentials(b"me", key), suites)

    def another(self, address, credentials, suites=SUITES) -> ClientWire:
        client = ClientWire(
            self.net.wire(address),
            self.net.clock,
            aged=lambda: self.aged.append("aged"),
            overflowed=lambda: self.aged.append("overflowed"),
        )
        client.start(lambda data, _: self.at_client.append(data))
        client.secure(SERVER, credentials, suites)
        return client

    def _served(self, data, source) -> None:
        self.at_server.append(data)
        self.sources.append(source)

    def say(self, data: bytes = b"hello") -> None:
        self.client.send(data, SERVER)
        self.net.run()


@pytest.fixture
def pair() -> type[Pair]:
    return Pair
