from __future__ import annotations

import asyncio

from atshell.errors import AtshellError
from atshell_lwm2m.endpoint.exchange import Address
from atshell_lwm2m.endpoint.nat import MAX_WAITING, NatWire
from atshell_lwm2m.endpoint.switchboard import MemoryWire, Switchboard

PLATFORM = ("192.0.2.2", 5683)


class Bench:
    def __init__(self) -> None:
        self.board = Switchboard()
        self.heard: list[tuple[bytes, Address]] = []
        self.received: list[bytes] = []
        self.rebinds: set[bytes] = {b"move"}
        self.fails = False

    async def open_wire(self) -> MemoryWire:
        await asyncio.sleep(0)
        if self.fails:
            raise AtshellError("no port")
        return await self.board.open("127.0.0.1", 0)

    async def start(self) -> None:
        self.platform = await self.board.open(*PLATFORM)
        self.platform.start(lambda data, address: self.heard.append((data, address)))
        self.nat = NatWire(await self.open_wire(), self.open_wire, lambda data: data in self.rebinds)
        self.nat.start(lambda data, address: self.received.append(data))


async def turns() -> None:
    for _ in range(6):
        await asyncio.sleep(0)


def test_the_platform_sees_another_address_and_the_old_one_leads_nowhere() -> None:
    async def scenario() -> None:
        bench = Bench()
        await bench.start()
        for data in (b"a", b"move", b"b"):
            bench.nat.send(data, PLATFORM)
        await turns()
        (_, old), (_, new), (_, last) = bench.heard
        assert [data for data, _ in bench.heard] == [b"a", b"move", b"b"]
        assert old != new == last == bench.nat.address
        bench.platform.send(b"to the old", old)
        bench.platform.send(b"to the new", new)
        await turns()
        assert bench.received == [b"to the new"]
        bench.nat.close()
        bench.nat.send(b"move", PLATFORM)
        await bench.nat.closed()
        assert len(bench.heard) == 3

    asyncio.run(scenario())


def test_where_there_is_no_other_address_the_old_one_stays() -> None:
    async def scenario() -> None:
        bench = Bench()
        await bench.start()
        bench.fails = True
        bench.nat.send(b"move", PLATFORM)
        for _ in range(MAX_WAITING + 5):
            bench.nat.send(b"a", PLATFORM)
        await turns()
        assert len(bench.heard) == MAX_WAITING
        assert {address for _, address in bench.heard} == {bench.nat.address}
        bench.nat.close()
        await bench.nat.closed()

    asyncio.run(scenario())


def test_closing_in_the_middle_of_a_change() -> None:
    async def scenario() -> None:
        bench = Bench()
        await bench.start()
        bench.nat.send(b"move", PLATFORM)
        bench.nat.close()
        await bench.nat.closed()
        await turns()
        assert bench.heard == []
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(scenario())
