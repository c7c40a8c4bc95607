from __future__ import annotations

import asyncio

import pytest

from atshell.errors import AtshellError
from atshell_onemo import plugin
from atshell_onemo.platforms import KNOWN, serve, split_host


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1", ("127.0.0.1", None)),
        ("127.0.0.1:0", ("127.0.0.1", 0)),
        ("[::1]:5683", ("::1", 5683)),
        ("::1", ("::1", None)),
        ("localhost:7", ("localhost", 7)),
    ],
)
def test_addresses(text, address):
    assert split_host(text) == address


@pytest.mark.parametrize("text", ["", ":5683", "host:port", "host:70000", "[]:1"])
def test_addresses_that_are_none(text):
    with pytest.raises(AtshellError):
        split_host(text)


def test_a_platform_by_profile():
    async def session() -> None:
        for profile in KNOWN.habits:
            starting = plugin.atshell_platform(profile, "127.0.0.1:0", ())
            assert starting is not None
            platform = await starting
            assert platform.addresses[0].startswith("coap://127.0.0.1:")
            assert await platform.operate(["clients"]) == {"ok": True, "clients": []}
            await platform.close()

    asyncio.run(session())
    assert plugin.atshell_platform("cmdmp", "127.0.0.1", ()) is None


def test_a_port_that_is_taken_is_an_error_only_when_it_was_asked_for():
    async def session() -> None:
        first = await serve("onenet", "127.0.0.1", ())
        second = await serve("onenet", "127.0.0.1", ())
        assert first.addresses != second.addresses
        taken = first.addresses[0].removeprefix("coap://")
        with pytest.raises(AtshellError, match="cannot listen"):
            await serve("onenet", taken, ())
        await first.close()
        await second.close()

    asyncio.run(session())


def test_keys_are_not_taken_in_silence():
    with pytest.raises(AtshellError, match="DTLS"):
        asyncio.run(serve("onenet", "127.0.0.1:0", ("id:key",)))
