from __future__ import annotations

import asyncio

import pytest

from atshell_lwm2m.endpoint.endpoint import MAX_OPEN, Endpoint
from atshell_lwm2m.endpoint.exchange import Incoming, Reply, Request
from atshell_lwm2m.endpoint.network import open_udp


async def _pair(handler):
    """Two endpoints on loopback; the address is that of the one with the handler."""
    wire = await open_udp("127.0.0.1", 0)
    return Endpoint(wire, handler), Endpoint(await open_udp("127.0.0.1", 0), lambda incoming: None), wire.address


@pytest.mark.parametrize("size", [0, 1, 1024, 1025, 2048, 5000])
def test_bodies_of_any_size_go_both_ways(size):
    body = bytes(index % 251 for index in range(size))

    def echo(incoming: Incoming) -> None:
        incoming.answer(Reply("2.05", incoming.payload, incoming.content_format))

    async def session() -> None:
        server, client, address = await _pair(echo)
        mids: list[int] = []
        reply = await client.request(Request("POST", address, ("a",), payload=body, content_format=42), mids.append)
        assert (reply.code, reply.payload, reply.content_format) == ("2.05", body, 42 if body else None) or not body
        assert reply.payload == body
        assert mids == [mids[0] + index & 0xFFFF for index in range(len(mids))]
        await client.close()
        await server.close()

    asyncio.run(session())


def test_a_late_answer_comes_by_itself(until):
    asked: list[Incoming] = []

    async def session() -> None:
        arrived = asyncio.Event()

        def keep(incoming: Incoming) -> None:
            asked.append(incoming)
            arrived.set()

        server, client, address = await _pair(keep)
        outgoing = client.send(Request("GET", address, ("a",)))
        await arrived.wait()
        assert asked[0].mid == outgoing.mid
        # aiocoap's own tenth of a second, brought forward.
        ((_, timer),) = server._manager._piggyback_opportunities.values()
        timer._run()
        timer.cancel()
        await until(lambda: not client.busy(address, outgoing.mid))
        assert asked[0].answer(Reply("2.05", b"late"))
        assert not asked[0].answer(Reply("2.05", b"later"))
        reply = await outgoing.response
        assert (reply.payload, reply.confirmable) == (b"late", True)
        await client.close()
        await server.close()

    asyncio.run(session())


def test_an_open_request_fails_when_its_endpoint_closes():
    async def session() -> None:
        server, client, address = await _pair(lambda incoming: None)
        outgoing = client.send(Request("GET", address, ("a",)))
        await client.close()
        await client.close()
        with pytest.raises(ConnectionError):
            await outgoing.response
        await server.close()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(session())


def test_requests_that_wait_are_bounded():
    asked: list[Incoming] = []

    async def session() -> None:
        server, client, address = await _pair(asked.append)
        outgoing = [client.send(Request("GET", address, (str(number),))) for number in range(MAX_OPEN + 1)]
        done, _ = await asyncio.wait([one.response for one in outgoing], return_when=asyncio.FIRST_COMPLETED)
        assert {one.result().code for one in done} == {"5.03"}
        assert len(asked) == MAX_OPEN
        await client.close()
        await server.close()

    asyncio.run(session())


def test_a_request_that_is_cancelled_is_forgotten():
    async def session() -> None:
        server, client, address = await _pair(lambda incoming: None)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await client.request(Request("GET", address, ("a",)))
        assert not client._tokens.outgoing_requests
        await client.close()
        await server.close()

    asyncio.run(session())
