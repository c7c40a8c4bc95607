"""The client against servers that misbehave; the whole of it is tested with the platform by the emulated modules."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine

import pytest

from atshell_lwm2m.codec.tlv import Kind, TlvRecord, encode_records
from atshell_lwm2m.endpoint.client import MAX_INSTANCES, Client, Refusal
from atshell_lwm2m.endpoint.endpoint import Endpoint
from atshell_lwm2m.endpoint.exchange import Incoming, Reply, Request
from atshell_lwm2m.endpoint.network import LWM2M_SERVER, Network, open_udp
from atshell_lwm2m.endpoint.operation import Operation


class Owner:
    def __init__(self) -> None:
        self.asked: list[tuple[Operation, str]] = []

    def requested(self, operation: Operation, incoming: Incoming) -> None:
        self.asked.append((operation, incoming.target))
        incoming.answer(Reply("2.05"))

    def ended(self, mid: int, outcome: str) -> None:
        pass


class Bench:
    def __init__(self, client: Client, owner: Owner, server: Endpoint, address: tuple[str, int]) -> None:
        self.client = client
        self.owner = owner
        self.server = server
        self.address = address
        self.reply: Callable[[Incoming], Reply] = lambda incoming: Reply("2.04")

    async def ask(self, method: str, *path: str, **fields: object) -> str:
        return (await self.server.request(Request(method, self.address, path, **fields))).code


def run(session: Callable[[Bench], Coroutine[object, object, None]]) -> None:
    async def main() -> None:
        wire, network, owner = await open_udp("127.0.0.1", 0), Network(), Owner()
        server = Endpoint(wire, lambda incoming: incoming.answer(bench.reply(incoming)))
        network.place(LWM2M_SERVER, wire.address)
        module = await network.open()
        client = Client(module, owner)
        bench = Bench(client, owner, server, module._wire.address)
        try:
            await session(bench)
        finally:
            await client.close()
            await server.close()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(main())


def _security(uri: bytes, bootstrap: bytes = b"\0") -> bytes:
    resources = {0: uri, 1: bootstrap, 3: b"identity", 5: b"key"}
    return encode_records([TlvRecord(Kind.RESOURCE, number, value) for number, value in resources.items()])


@pytest.mark.parametrize(
    ("uri", "account"),
    [
        (b"coap://192.0.2.2:5683", ("192.0.2.2", 5683)),
        (b"coap://server.example", ("server.example", 5683)),
        (b"coaps://192.0.2.2", ("192.0.2.2", 5684)),
        (b"http://192.0.2.2", None),
        (b"coap://[", None),
        (b"coap://h:99999", None),
        (b"\xff\xfe", None),
    ],
)
def test_bootstrap(until, uri, account):
    async def session(bench: Bench) -> None:
        waiting = asyncio.create_task(bench.client.bootstrap(LWM2M_SERVER, "me"))
        await until(lambda: bench.client._bootstrap_server is not None)
        assert await bench.ask("PUT", "0", "0", payload=_security(b"coap://bs", b"\1"), content_format=11542) == "2.04"
        assert await bench.ask("PUT", "0", "1", payload=_security(uri), content_format=11542) == "2.04"
        assert await bench.ask("PUT", "0", "1", payload=b"\xff", content_format=11542) == "4.00"
        assert await bench.ask("PUT", "3", "0", payload=b"") == "4.04"
        assert await bench.ask("GET", "0", accept=40) == "2.05"
        assert await bench.ask("GET", "0") == "4.00"
        assert await bench.ask("POST", "bs") == "2.04"
        assert await waiting == account
        secret = bench.client.secret
        assert (secret is not None) == uri.startswith(b"coaps:")
        assert secret is None or (secret.identity, secret.key) == (b"identity", b"key")

    run(session)


def test_a_bootstrap_is_bounded_and_can_be_undone(until):
    async def session(bench: Bench) -> None:
        waiting = asyncio.create_task(bench.client.bootstrap(LWM2M_SERVER, "me"))
        await until(lambda: bench.client._bootstrap_server is not None)
        codes = [
            await bench.ask("PUT", "1", str(number), payload=_security(b"x")) for number in range(MAX_INSTANCES + 1)
        ]
        assert codes == ["2.04"] * MAX_INSTANCES + ["4.13"]
        assert await bench.ask("DELETE", "1", "3") == "2.02"
        assert len(bench.client.accounts) == MAX_INSTANCES - 1
        assert await bench.ask("DELETE") == "2.02"
        assert bench.client.accounts == {}
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        assert await bench.ask("PUT", "1", "0", payload=_security(b"x")) == "4.01"

    run(session)


def test_requests_before_the_client_listens_are_kept(until):
    async def session(bench: Bench) -> None:
        bench.reply = lambda incoming: Reply("2.01", location=("rd", "a"))
        assert await bench.ask("GET", "3", "0") == "4.01"
        await bench.client.register(LWM2M_SERVER, "me", 60, "U", ["/3/0"])
        early = asyncio.create_task(bench.ask("GET", "3", "0"))
        await until(lambda: bench.client._held)
        assert bench.owner.asked == []
        bench.client.listen()
        assert await early == "2.05"
        assert bench.owner.asked == [("Read", "/3/0")]
        assert await bench.ask("GET", "0", "0") == "4.01"
        assert await bench.ask("GET", "nothing") == "4.05"

    run(session)


def test_refusals():
    async def session(bench: Bench) -> None:
        with pytest.raises(ConnectionError):
            await bench.client.update(5)
        bench.reply = lambda incoming: Reply("4.03")
        for work in (
            bench.client.bootstrap(LWM2M_SERVER, "me"),
            bench.client.register(LWM2M_SERVER, "me", 60, "U", []),
            bench.client.deregister(),
        ):
            with pytest.raises(Refusal, match=r"4\.03"):
                await work

    run(session)


def test_a_new_observation_of_a_path_replaces_the_old(until):
    async def session(bench: Bench) -> None:
        bench.reply = lambda incoming: Reply("2.01")
        bench.owner.requested = lambda operation, incoming: bench.client.observe(incoming, Reply("2.05"))
        await bench.client.register(LWM2M_SERVER, "me", 60, "", [])
        bench.client.listen()
        got: list[list[Reply]] = [[], []]
        for notified in got:
            outgoing = bench.server.send(
                Request("GET", bench.address, ("3", "0"), observe=0),
                notified=lambda reply, to=notified: to.append(reply),
            )
            assert (await outgoing.response).observe == 1
        (observation,) = bench.client.observations.values()
        bench.client.notify(observation, Reply("2.05", b"new", mid=9))
        await until(lambda: got[1])
        assert (got[0], got[1][0].payload, got[1][0].mid, got[1][0].observe) == ([], b"new", 9, 2)
        bench.client.notify(observation, Reply("4.04"))
        await until(lambda: not bench.client.observations)

    run(session)
