"""A module behind TCP."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Awaitable, Callable

import pytest

from atshell.transport import socket as under_test
from atshell.transport.link import Chunk, Link, LinkError
from atshell.transport.socket import SocketLink

Peer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def with_peer(peer: Peer, scenario: Callable[[SocketLink], Awaitable[None]], scheme: str = "socket") -> None:
    async def run() -> None:
        server = await asyncio.start_server(peer, "127.0.0.1", 0)
        async with server, asyncio.timeout(10):
            link = SocketLink(f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}")
            await link.open()
            try:
                await scenario(link)
            finally:
                await link.close()
                await link.close()

    asyncio.run(run())


async def module(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Says hello, answers one line, goes."""
    writer.write(b"\r\nREADY\r\n")
    line = await reader.readuntil(b"\r")
    writer.write(line + b"\r\nOK\r\n")
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize("scheme", ["socket", "tcp", "TCP"])
def test_from_hello_to_the_end(scheme: str) -> None:
    async def scenario(link: SocketLink) -> None:
        assert isinstance(link, Link)
        before = time.monotonic()
        hello = await link.read()
        assert hello.data == b"\r\nREADY\r\n"
        assert before <= hello.time <= await link.write(b"AT\r") <= time.monotonic()
        data = b""
        while chunk := (await link.read()).data:
            data += chunk
        assert data == b"AT\r\r\nOK\r\n"
        assert (await link.read()).data == b""

    with_peer(module, scenario, scheme)


def test_closing_ends_a_reader() -> None:
    async def quiet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async def scenario(link: SocketLink) -> None:
        reading = asyncio.create_task(link.read())
        await asyncio.sleep(0)
        await link.close()
        result: Chunk | None = None
        try:
            result = await reading
        except LinkError:
            return
        assert result.data == b""

    with_peer(quiet, scenario)


def test_a_broken_connection() -> None:
    async def rude(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(1)
        connection = writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        writer.transport.abort()

    async def scenario(link: SocketLink) -> None:
        await link.write(b"A")
        with pytest.raises(LinkError, match="broke"):
            await link.read()
        with pytest.raises(LinkError, match="broke"):
            await link.write(b"AT\r")

    with_peer(rude, scenario)


def test_a_peer_that_does_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(under_test, "WRITE_TIMEOUT", 0.01)
    done = asyncio.Event()

    async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await done.wait()
        writer.transport.abort()

    async def scenario(link: SocketLink) -> None:
        with pytest.raises(LinkError, match="takes no bytes"):
            await link.write(bytes(1 << 24))
        done.set()

    with_peer(deaf, scenario)


@pytest.mark.parametrize(
    "url", ["socket://", "tcp://host", "tcp://host:0", "tcp://host:99999", "tcp://[::1", "tcp://:5"]
)
def test_urls_that_name_nothing(url: str) -> None:
    with pytest.raises(LinkError, match="socket://HOST:PORT"):
        SocketLink(url)


def test_nobody_there(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        link = SocketLink(f"tcp://127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(LinkError, match="nobody listens"):
            asyncio.run(link.open())
    for use in (link.read(), link.write(b"AT\r")):
        with pytest.raises(LinkError, match="not open"):
            asyncio.run(use)
    with pytest.raises(LinkError, match="cannot connect"):
        asyncio.run(SocketLink(f"tcp://{'x' * 80}.invalid:1").open())

    async def hang(host: str, port: int) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(under_test, "CONNECT_TIMEOUT", 0.001)
    monkeypatch.setattr(asyncio, "open_connection", hang)
    with pytest.raises(LinkError, match="nobody answers"):
        asyncio.run(link.open())
