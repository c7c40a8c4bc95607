from __future__ import annotations

import asyncio
import time

import pytest
from scapy.utils import rdpcap

from atshell.emulator.clock import ManualClock
from atshell.emulator.place import Place
from atshell.errors import AtshellError
from atshell_lwm2m.endpoint.air import ClearAir
from atshell_lwm2m.endpoint.dtls.security import Credentials
from atshell_lwm2m.endpoint.endpoint import Endpoint
from atshell_lwm2m.endpoint.exchange import Reply, Request
from atshell_lwm2m.endpoint.habits import Habits
from atshell_lwm2m.endpoint.platform import Platform
from atshell_lwm2m.endpoint.world import Known, World

KNOWN = Known({"onenet": Habits()}, ("bs.example",), ("server.example",))


def _world(platform: str) -> World:
    return World(KNOWN, platform, Place(ManualClock()))


@pytest.mark.parametrize("platform", ["", "other", "coaps://", "coap://", "ftp://h"])
def test_platforms_that_are_none(platform):
    with pytest.raises(AtshellError):
        _world(platform)


def test_the_embedded_platform_starts_when_it_is_needed():
    async def session() -> None:
        world = _world("onenet")
        assert await world.operate(["power", "off"]) is None
        assert world._platform is None
        assert await world.operate(["clients"]) == {"ok": True, "clients": []}
        network = await world.network()
        assert network.outward(network.resolve("server.example", 5683)) == world._platform.server_address
        assert network.outward(network.resolve("bs.example", 5683)) == world._platform.bootstrap_address
        await world.close()
        await world.close()

    asyncio.run(session())


def test_the_embedded_platform_has_a_door_for_dtls_and_trusts_its_modules():
    async def session() -> None:
        world = _world("onenet")
        world.trust(Credentials(b"early", b"key"), bootstrap=True)
        network = await world.network()
        world.trust(Credentials(b"me", b"one"), bootstrap=True)
        world.trust(Credentials(b"me", b"other"), bootstrap=False)
        platform = world._platform
        assert network.outward(network.resolve("server.example", 5684)) == platform.secure_server_address
        assert network.outward(network.resolve("bs.example", 5684)) == platform.secure_bootstrap_address
        assert (platform.keys.bootstrap.find(b"me"), platform.keys.server.find(b"me")) == (b"one", b"other")
        assert platform.keys.server.find(b"early") is None
        await world.close()

    asyncio.run(session())


@pytest.mark.parametrize(
    ("platform", "plain", "secure"),
    [
        ("coap://127.0.0.1", 5683, 5684),
        ("coap://127.0.0.1:7000", 7000, 5684),
        ("coaps://127.0.0.1", 5683, 5684),
        ("coaps://127.0.0.1:7000", 5683, 7000),
    ],
)
def test_the_ports_of_a_platform_elsewhere(platform, plain, secure):
    async def session() -> None:
        network = await _world(platform).network()
        assert network.resolve("bs.example", 5683) == ("127.0.0.1", plain)
        assert network.resolve("bs.example", 5684) == ("127.0.0.1", secure)
        assert network.resolve("bs.example", 9) == ("127.0.0.1", 9)
        assert [network.secret("127.0.0.1", port) for port in (plain, secure, 5684, 9)] == [False, True, True, False]

    asyncio.run(session())


def test_without_one_nothing_is_opened():
    async def session() -> None:
        world = _world("none")
        network = await world.network()
        assert network.outward(network.resolve("server.example", 5683)) is None
        assert (await world.operate(["read", "/3/0"]))["ok"] is False
        await world.close()

    asyncio.run(session())


def test_a_platform_elsewhere():
    async def session() -> None:
        platform = await Platform.start(Habits())
        world = _world(platform.addresses[0])
        network = await world.network()
        for name in ("bs.example", "server.example"):
            assert network.outward(network.resolve(name, 5683)) == platform.server_address
        answer = await world.operate(["clients"])
        assert answer == {
            "ok": False,
            "operation": "clients",
            "error": f"{platform.addresses[0]} runs elsewhere and takes no orders here: "
            "ask it there, or embed a platform",
        }
        await world.close()
        await platform.close()

    asyncio.run(session())


def test_modules_of_one_place_and_whom_their_orders_mean():
    async def session() -> None:
        place = Place(ManualClock())
        worlds = [World(KNOWN, "onenet", place, air=ClearAir()) for _ in range(3)]
        endpoints = []
        for name, world in zip(("one", "two"), worlds, strict=False):
            network = await world.network()
            endpoint = Endpoint(
                await network.open(), lambda incoming: incoming.answer(Reply("4.04")), clock=place.clock
            )
            server = network.resolve("server.example", 5683)
            await endpoint.request(Request("POST", server, ("rd",), (f"ep={name}",)))
            endpoints.append(endpoint)
        first, second, _ = worlds
        assert [(await world.operate(["clients"])).get("endpoint") for world in worlds] == ["one", "two", None]
        assert (await first.operate(["awake", "5"]))["endpoint"] == "one"
        assert (await second.operate(["forget", "@one"]))["endpoint"] == "one"
        assert "this module is not registered" in (await first.operate(["read", "/3/0"]))["error"]
        assert (await second.operate(["read", "/3/0"]))["code"] == "4.04"
        for one in (*endpoints, *worlds):
            await one.close()
        await place.close()

    asyncio.run(session())


def test_the_capture_is_stamped_in_the_time_of_the_place(tmp_path):
    async def session() -> None:
        clock = ManualClock()
        place = Place(clock)
        world = World(KNOWN, "none", place, capture=tmp_path / "c.pcap")
        wire = await (await world.network()).open()
        for seconds in (0, 86400, 0.5):
            clock.advance(seconds)
            wire.send(b"x", ("192.0.2.2", 5683))
        wire.close()
        await world.close()

    before = time.time()
    asyncio.run(session())
    times = [float(packet.time) for packet in rdpcap(str(tmp_path / "c.pcap"))]
    assert before - 1 < times[0] < time.time() + 1
    assert [round(one - times[0], 3) for one in times] == [0, 86400, 86400.5]
