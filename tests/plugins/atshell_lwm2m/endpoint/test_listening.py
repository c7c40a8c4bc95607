from __future__ import annotations

import asyncio

import pytest

from atshell.errors import AtshellError
from atshell_lwm2m.endpoint.habits import Habits
from atshell_lwm2m.endpoint.listening import keyring, listening, serve, split_host


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("localhost", "localhost", None),
        ("127.0.0.1:0", "127.0.0.1", 0),
        ("::1", "::1", None),
        ("[::1]", "::1", None),
        ("[::1]:5683", "::1", 5683),
    ],
)
def test_a_host_and_perhaps_a_port(text: str, host: str, port: int | None) -> None:
    assert split_host(text) == (host, port)


@pytest.mark.parametrize("text", ["", ":5", "h:", "h:x", "h:65536", "h:-1", "h:١", "[::1", "[::1]5", "[::1]:", "[]:5"])
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(AtshellError, match="no address"):
        split_host(text)


@pytest.mark.parametrize(
    ("listen", "taken", "tried"),
    [
        ("h", [], [(5683, 5684)]),
        ("h", [5683], [(5683, 5684), (0, 0)]),
        ("h", [5684], [(5683, 5684), (0, 0)]),
        ("h:7", [], [(7, 8)]),
        ("h:0", [], [(0, 0)]),
        ("h:65535", [], [(65535, 0)]),
        ("h:7", [7], [(7, 8)]),
        ("h", [5683, 0], [(5683, 5684), (0, 0)]),
    ],
)
def test_a_port_that_is_taken(listen: str, taken: list[int], tried: list[tuple[int, int]]) -> None:
    seen: list[tuple[int, int]] = []

    async def start(host: str, ports: tuple[int, int]) -> tuple[int, int]:
        seen.append(ports)
        if set(ports) & set(taken):
            raise AtshellError("taken", "choose another")
        return ports

    if set(tried[-1]) & set(taken):
        with pytest.raises(AtshellError, match="taken"):
            asyncio.run(listening(listen, start))
    else:
        assert asyncio.run(listening(listen, start)) == tried[-1]
    assert seen == tried


def test_a_port_that_is_taken_is_an_error_only_when_it_was_asked_for():
    async def session() -> None:
        first = await serve(Habits(), "127.0.0.1", ())
        second = await serve(Habits(), "127.0.0.1", ())
        assert first.addresses != second.addresses
        taken = first.addresses[0].removeprefix("coap://")
        with pytest.raises(AtshellError, match="cannot listen"):
            await serve(Habits(), taken, ())
        await first.close()
        await second.close()

    asyncio.run(session())


def test_with_keys_it_has_a_door_for_dtls():
    async def session() -> None:
        platform = await serve(Habits(), "127.0.0.1:0", ("id:key",))
        assert [address.partition("://")[0] for address in platform.addresses] == ["coap", "coaps"]
        await platform.close()

    asyncio.run(session())
    with pytest.raises(AtshellError):
        asyncio.run(serve(Habits(), "127.0.0.1:0", ("no key",)))


def test_keys_by_identity():
    assert keyring(()) is None
    ring = keyring(("one:0x6162", "*:any"))
    assert ring is not None
    assert (ring.find(b"one"), ring.find(b"two")) == (b"ab", b"any")
