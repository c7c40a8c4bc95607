from __future__ import annotations

import asyncio

import pytest

from atshell.errors import AtshellError
from atshell_lwm2m.endpoint.habits import Habits
from atshell_lwm2m.endpoint.platform import Platform
from atshell_lwm2m.endpoint.world import Known, World

KNOWN = Known({"onenet": Habits()}, ("bs.example",), ("server.example",))


def _world(platform: str) -> World:
    return World(KNOWN, platform, now=lambda: 0.0)


@pytest.mark.parametrize("platform", ["", "other", "coaps://h", "coap://", "ftp://h"])
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
        assert (await world.operate(["clients"]))["ok"] is False
        await world.close()
        await platform.close()

    asyncio.run(session())
