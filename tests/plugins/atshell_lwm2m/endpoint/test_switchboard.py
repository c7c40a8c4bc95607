from __future__ import annotations

import asyncio

import pytest

from atshell.errors import AtshellError
from atshell_lwm2m.endpoint import switchboard
from atshell_lwm2m.endpoint.exchange import Address
from atshell_lwm2m.endpoint.switchboard import Switchboard

HOST = "127.0.0.1"


def test_datagrams_arrive_in_order_and_not_before_the_sender_is_done():
    async def session() -> None:
        board = Switchboard()
        near, far = await board.open(HOST, 5683), await board.open(HOST, 0)
        heard: list[tuple[bytes, Address]] = []
        near.start(lambda data, source: heard.append((data, source)))
        far.start(lambda data, source: heard.append((data, source)))
        far.send(b"one", near.address)
        far.send(b"two", near.address)
        near.send(b"three", far.address)
        near.send(b"to nobody", (HOST, 1))
        assert heard == []
        await asyncio.sleep(0)
        assert heard == [(b"one", far.address), (b"two", far.address), (b"three", (HOST, 5683))]

    asyncio.run(session())


def test_a_wire_that_is_closed_hears_and_says_no_more():
    async def session() -> None:
        board = Switchboard()
        near, far = await board.open(HOST, 0), await board.open(HOST, 0)
        heard: list[bytes] = []
        near.start(lambda data, source: heard.append(data))
        far.start(lambda data, source: None)
        far.send(b"under way", near.address)
        near.close()
        again = await board.open(*near.address)
        near.close()  # a second time is nothing to whoever has the address now
        again.start(lambda data, source: heard.append(b"again: " + data))
        near.send(b"late", far.address)
        far.send(b"new", near.address)
        await near.closed()
        await asyncio.sleep(0)
        assert heard == [b"again: under way", b"again: new"]

    asyncio.run(session())


def test_ports_run_out(monkeypatch):
    monkeypatch.setattr(switchboard, "LAST_PORT", switchboard.FIRST_PORT + 2)

    async def session() -> None:
        board = Switchboard()
        wires = [await board.open(HOST, 0) for _ in range(3)]
        assert len({wire.address for wire in wires}) == 3
        with pytest.raises(AtshellError, match="no free port"):
            await board.open(HOST, 0)
        with pytest.raises(AtshellError, match="no free port"):
            await board.open(*wires[0].address)
        wires[1].close()
        assert (await board.open(HOST, 0)).address == wires[1].address

    asyncio.run(session())
