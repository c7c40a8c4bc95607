from __future__ import annotations

import asyncio
import os
import socket
import termios
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest
import serial

from atshell.emulator.device import Device
from atshell.emulator.serve import MAX_BACKLOG, REFUSAL, EmulatorLink, announce, serve_pty, serve_tcp
from atshell.errors import AtshellError
from atshell.transport.link import Link, LinkError

from .conftest import Bench

Serve = Callable[[Callable[[str], None]], Awaitable[None]]


async def while_served(serve: Serve, scenario: Callable[[str], Awaitable[None]]) -> None:
    """Run ``scenario`` with the address that the server tells."""
    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    server = asyncio.ensure_future(serve(address.set_result))
    try:
        server.add_done_callback(lambda _: address.cancel())
        line = await address
        assert line.startswith("listening on ")
        await asyncio.wait_for(scenario(line.removeprefix("listening on ")), 10)
    finally:
        server.cancel()
        with suppress(asyncio.CancelledError, AtshellError):
            await server


class Watched:
    """A device whose clients and input can be seen."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.fed = bytearray()
        self.clients = 0

    def feed(self, data: bytes) -> None:
        self.fed += data
        self.device.feed(data)

    def connect(self, output: Callable[[bytes], None] | None, hang_up: Callable[[], None] | None = None) -> None:
        self.clients = 0 if output is None else 1
        self.device.connect(output, hang_up)


async def settle(condition: Callable[[], object]) -> None:
    while not condition():  # noqa: ASYNC110 - what is waited for knows of no event
        await asyncio.sleep(0)


# -- In this process


def test_a_link_in_this_process(make_bench: Callable[[], Bench]) -> None:
    async def scenario() -> None:
        benches: list[Bench] = []

        def make() -> Bench:
            benches.append(make_bench())
            return benches[-1]

        link = EmulatorLink("MN316", lambda: make().device)
        assert isinstance(link, Link)
        assert link.name == "emulator:MN316"
        assert link.device is None
        await link.open()
        await link.open()
        assert link.device is benches[0].device
        written = await link.write(b"AT\r")
        chunk = await link.read()
        assert chunk.data == b"AT\r\r\nOK\r\n"
        assert chunk.time >= written
        waiting = asyncio.ensure_future(link.read())
        await asyncio.sleep(0)
        benches[0].device.emit("+X: 1")
        assert (await waiting).data == b"\r\n+X: 1\r\n"
        waiting = asyncio.ensure_future(link.read())
        await asyncio.sleep(0)
        await link.close()
        await link.close()
        assert (await waiting).data == b""
        assert (await link.read()).data == b""
        with pytest.raises(LinkError, match="closed"):
            await link.write(b"AT\r")
        await link.open()
        assert len(benches) == 2
        await link.close()
        assert [bench.toy.closed for bench in benches] == [1, 1]

    asyncio.run(scenario())


def test_a_link_that_nobody_reads_holds_only_so_much(make_bench: Callable[[], Bench]) -> None:
    async def scenario() -> None:
        bench = make_bench()
        link = EmulatorLink("MN316", lambda: bench.device)
        await link.open()
        line = "x" * (MAX_BACKLOG // 4)
        for _ in range(5):
            bench.device.emit(line)
        await link.close()
        held = 0
        while data := (await link.read()).data:
            held += len(data)
        assert held == 3 * (len(line) + 4)

    asyncio.run(scenario())


# -- TCP


def connection(address: str) -> Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    host, port = address.removeprefix("tcp://").rsplit(":", 1)
    return asyncio.open_connection(host.strip("[]"), int(port))


def test_tcp_serves_one_client_and_the_next(make_bench: Callable[[], Bench]) -> None:
    bench = make_bench()

    async def scenario(address: str) -> None:
        assert address.startswith("tcp://127.0.0.1:")
        reader, writer = await connection(address)
        writer.write(b"ATE0\r")
        assert await reader.readexactly(11) == b"ATE0\r\r\nOK\r\n"

        late_reader, late_writer = await connection(address)
        assert await late_reader.read() == REFUSAL
        late_writer.close()

        writer.write(b"AT\r")
        assert await reader.readexactly(6) == b"\r\nOK\r\n"
        writer.write(b"AT+CS")
        writer.close()
        await writer.wait_closed()
        while True:  # the server notices in its own time that the first one has left
            reader, writer = await connection(address)
            writer.write(b"AT\r")
            answer = await reader.readexactly(6)
            if answer != REFUSAL[:6]:
                break
            writer.close()
        assert answer == b"\r\nOK\r\n"  # the same device: its echo is still off
        bench.device.emit("+X: 1")
        assert await reader.readexactly(9) == b"\r\n+X: 1\r\n"
        writer.transport.abort()

    asyncio.run(while_served(lambda tell: serve_tcp(bench.device, "127.0.0.1", 0, tell), scenario))


def test_tcp_with_a_client_that_does_not_read(make_bench: Callable[[], Bench]) -> None:
    bench = make_bench()

    async def scenario(address: str) -> None:
        reader, writer = await connection(address)
        writer.write(b"ATE0\r")
        await reader.readuntil(b"OK\r\n")
        for _ in range(64):
            bench.device.emit("x" * (MAX_BACKLOG // 2))
        writer.close()

    asyncio.run(while_served(lambda tell: serve_tcp(bench.device, "127.0.0.1", 0, tell), scenario))


def test_tcp_with_a_client_that_leaves_in_the_middle_of_a_command(make_bench: Callable[[], Bench]) -> None:
    """The command goes on; its end is said to whoever is there then, as on a serial port."""
    bench = make_bench()
    watched = Watched(bench.device)

    async def scenario(address: str) -> None:
        _, writer = await connection(address)
        writer.write(b"ATE0\rAT+SLOW\r")
        await settle(lambda: bench.toy.slow)
        writer.transport.abort()  # a reset, not an orderly end
        await settle(lambda: watched.clients == 0)
        reader, writer = await connection(address)
        writer.write(b"AT+SAY=2\r")
        await settle(lambda: watched.fed.endswith(b"AT+SAY=2\r"))
        bench.toy.slow[0].set_result(["+SLOW: 1"])
        assert await reader.readuntil(b"2\r\n\r\nOK\r\n") == b"\r\n+SLOW: 1\r\n\r\nOK\r\n\r\n2\r\n\r\nOK\r\n"
        writer.close()

    asyncio.run(while_served(lambda tell: serve_tcp(watched, "127.0.0.1", 0, tell), scenario))


@pytest.mark.parametrize("host", ["127.0.0.1", "a..b"])
def test_an_address_that_cannot_be_had(host: str, make_bench: Callable[[], Bench]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(AtshellError, match=f"cannot listen on tcp://{host}:{port}: .+: choose another"):
            asyncio.run(serve_tcp(make_bench().device, host, port, announce))


# -- A pseudo-terminal


def test_a_terminal_whose_client_leaves_in_the_middle_of_a_line(make_bench: Callable[[], Bench]) -> None:
    bench = make_bench()

    def client(path: str) -> bytes:
        with serial.Serial(path, 115200, timeout=5) as port:
            port.write(b"ATE0\r")
            port.read_until(b"OK\r\n")
            port.write(b"AT+SAY=1")
        with serial.Serial(path, 115200, timeout=5) as port:
            return ask(port, b"23")

    async def scenario(path: str) -> None:
        # A serial port has no idea of clients: the line goes on where it was.
        assert await asyncio.to_thread(client, path) == b"\r\n123\r\n\r\nOK\r\n"

    asyncio.run(while_served(lambda tell: serve_pty(bench.device, tell), scenario))


def test_a_terminal_that_nobody_reads_loses_what_is_beyond_its_cap(make_bench: Callable[[], Bench]) -> None:
    bench = make_bench()

    async def scenario(path: str) -> None:
        for _ in range(64):
            bench.device.emit("x" * (MAX_BACKLOG // 2))
        assert await asyncio.to_thread(lambda: os.path.exists(path))

    asyncio.run(while_served(lambda tell: serve_pty(bench.device, tell), scenario))


def ask(port: serial.Serial, line: bytes) -> bytes:
    port.write(line + b"\r")
    return port.read_until(b"OK\r\n")


def test_a_terminal_is_a_serial_port(make_bench: Callable[[], Bench]) -> None:
    bench = make_bench()

    def client(path: str) -> None:
        for _ in range(3):
            with serial.Serial(path, 115200, timeout=5) as port:
                assert ask(port, b"ATE1") == b"ATE1\r\r\nOK\r\n"
                assert ask(port, b"AT+SAY=\xff\x11\x13") == b"AT+SAY=\xff\r\r\n\xff\r\n\r\nOK\r\n"
        with serial.Serial(path, 9600, timeout=5) as port:
            port.write(b"ATE0\r")
            assert port.read_until(b"OK\r\n").endswith(b"OK\r\n")
            for byte in b"AT+SAY=1":
                port.write(bytes([byte]))
            assert ask(port, b"") == b"\r\n1\r\n\r\nOK\r\n"

    async def scenario(path: str) -> None:
        assert path.startswith("/dev/")
        await asyncio.to_thread(client, path)

    asyncio.run(while_served(lambda tell: serve_pty(bench.device, tell), scenario))


def test_a_terminal_takes_more_than_it_holds(make_bench: Callable[[], Bench]) -> None:
    """What a terminal cannot take waits for the reader; what would not fit into any patience is lost."""
    bench = make_bench()
    lines = [f"+X: {index:06} {'x' * 1000}" for index in range(200)]

    def client(path: str) -> bytes:
        descriptor = os.open(path, os.O_RDWR | os.O_NOCTTY)
        try:
            wanted = sum(len(line) + 4 for line in lines)
            read = b""
            while len(read) < wanted:
                read += os.read(descriptor, 65536)
            return read
        finally:
            os.close(descriptor)

    async def scenario(path: str) -> None:
        for line in lines:
            bench.device.emit(line)
        assert await asyncio.to_thread(client, path) == b"".join(f"\r\n{line}\r\n".encode() for line in lines)

    asyncio.run(while_served(lambda tell: serve_pty(bench.device, tell), scenario))


def test_a_terminal_is_raw_and_ends_with_the_server(make_bench: Callable[[], Bench]) -> None:
    bench = make_bench()
    paths: list[str] = []

    async def scenario(path: str) -> None:
        paths.append(path)
        descriptor = os.open(path, os.O_RDWR | os.O_NOCTTY)
        modes = termios.tcgetattr(descriptor)
        os.close(descriptor)
        assert not modes[3] & (termios.ECHO | termios.ICANON | termios.ISIG)

    asyncio.run(while_served(lambda tell: serve_pty(bench.device, tell), scenario))
    bench.device.emit("+X: 1")
    assert not os.path.exists(paths[0])


def test_announce_tells_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    announce("listening")
    assert capsys.readouterr().out == "listening\n"


# -- Unplugged


def test_a_link_that_is_unplugged_ends_and_can_be_opened_again(make_bench: Callable[..., Bench]) -> None:
    async def scenario() -> None:
        bench = make_bench("unplug +SAY")
        link = EmulatorLink("MN316", lambda: bench.device)
        await link.open()
        await link.write(b"ATE0\r")
        waiting = asyncio.ensure_future(link.read())
        assert (await waiting).data == b"ATE0\r\r\nOK\r\n"
        await link.write(b"AT+SAY=1\r")
        assert (await link.read()).data == b""
        with pytest.raises(LinkError, match="unplugged"):
            await link.write(b"AT\r")
        await link.open()
        await link.write(b"AT\r")
        assert (await link.read()).data == b"\r\nOK\r\n"  # it has lived on
        await link.close()
        assert bench.toy.closed == 1

    asyncio.run(scenario())


def test_tcp_hangs_up_and_takes_the_next(make_bench: Callable[..., Bench]) -> None:
    bench = make_bench("unplug +SAY")

    async def scenario(address: str) -> None:
        reader, writer = await connection(address)
        writer.write(b"ATE0\rAT+SAY=1\r")
        assert await reader.read() == b""
        writer.close()
        await settle(lambda: bench.device.running)
        reader, writer = await connection(address)
        writer.write(b"AT\r")
        assert await reader.readexactly(6) == b"\r\nOK\r\n"
        writer.close()

    asyncio.run(while_served(lambda announce: serve_tcp(bench.device, "127.0.0.1", 0, announce), scenario))


def test_a_terminal_is_gone_and_another_is_told(make_bench: Callable[..., Bench]) -> None:
    async def scenario() -> None:
        bench = make_bench("unplug +SAY")
        told: asyncio.Queue[str] = asyncio.Queue()
        server = asyncio.ensure_future(serve_pty(bench.device, told.put_nowait))
        try:
            async with asyncio.timeout(10):
                first = os.open((await told.get()).removeprefix("listening on "), os.O_RDWR | os.O_NOCTTY)
                os.write(first, b"AT+SAY=1\r")
                second = os.open((await told.get()).removeprefix("listening on "), os.O_RDWR | os.O_NOCTTY)
                with pytest.raises(OSError, match="Input/output error"):
                    os.write(first, b"AT\r")
                os.close(first)
                os.write(second, b"AT\r")
                assert await asyncio.to_thread(os.read, second, 9) == b"AT\r\r\nOK\r\n"
                os.close(second)
        finally:
            server.cancel()
            await asyncio.gather(server, return_exceptions=True)

    asyncio.run(scenario())
