from __future__ import annotations

import asyncio

import pytest

from atshell.errors import AtshellError
from atshell_lwm2m.endpoint.network import LWM2M_SERVER, Network
from atshell_lwm2m.endpoint.switchboard import MemoryWire, Switchboard
from atshell_quectel.emulator.line import NetworkLine


class Around:
    """A network with an echo in it."""

    def __init__(self) -> None:
        self.board = Switchboard()
        self.net = Network(open_wire=self.board.open)
        self.net.name(["server.example"], LWM2M_SERVER[0])
        self.failure: Exception | None = None
        self.gate = asyncio.Event()
        self.gate.set()
        self.server: MemoryWire | None = None

    async def network(self) -> Network:
        await self.gate.wait()
        if self.failure is not None:
            raise self.failure
        if self.server is None:
            self.server = server = await self.board.open("127.0.0.1", 0)
            server.start(lambda data, source: server.send(data.upper(), source))
            self.net.place(LWM2M_SERVER, server.address)
        return self.net


async def connected(line: NetworkLine, host: str = "server.example", heard: list[bytes] | None = None) -> bool:
    done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    line.connect(host, 5683, done.set_result, ([] if heard is None else heard).append)
    return await asyncio.wait_for(done, 5)


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def test_what_is_sent_and_heard() -> None:
    async def run() -> None:
        line, heard = NetworkLine(Around()), []
        assert await connected(line, heard=heard)
        line.send(b"abc")
        await settle()
        assert heard == [b"ABC"]
        line.hang_up()
        line.send(b"abc")
        await settle()
        assert heard == [b"ABC"]
        await line.close()

    asyncio.run(run())


def test_a_name_that_nobody_knows() -> None:
    async def run() -> None:
        line = NetworkLine(Around())
        assert not await connected(line, "elsewhere.example")
        line.send(b"abc")
        await line.close()

    asyncio.run(run())


@pytest.mark.parametrize("failure", [AtshellError("no platform", "check it"), OSError("no socket")])
def test_a_network_that_is_not_there(failure: Exception) -> None:
    async def run() -> None:
        around = Around()
        around.failure = failure
        line = NetworkLine(around)
        assert not await connected(line)
        await line.close()

    asyncio.run(run())


def test_a_strangers_datagram_is_not_for_the_module() -> None:
    async def run() -> None:
        around, heard = Around(), []
        line = NetworkLine(around)
        assert await connected(line, heard=heard)
        stranger = await around.board.open("127.0.0.1", 0)
        around.net.place(("192.0.2.9", 5683), stranger.address)
        stranger.start(lambda data, source: None)
        for port in range(49152, 49160):
            stranger.send(b"hello", ("127.0.0.1", port))
        await settle()
        assert heard == []
        await line.close()

    asyncio.run(run())


def test_it_can_be_given_up_while_it_opens() -> None:
    async def run() -> None:
        around = Around()
        around.gate.clear()
        line = NetworkLine(around)
        told: list[bool] = []
        line.connect("server.example", 5683, told.append, told.append)
        await settle()
        line.hang_up()
        around.gate.set()
        await settle()
        assert told == []
        line.connect("server.example", 5683, told.append, told.append)
        await line.close()
        assert told in ([], [True])

    asyncio.run(run())
