"""Serial ports: on a pseudo terminal, on a socket, and all the ways in which a port cannot be had."""

from __future__ import annotations

import asyncio
import errno
import os
import sys
import time
import types
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import pytest
from serial import SerialException

from atshell.transport import serial as under_test
from atshell.transport.link import Link, LinkError
from atshell.transport.serial import SerialLink, open_port


def on_a_pty(scenario: Callable[[SerialLink, int], Awaitable[None]]) -> None:
    """Run ``scenario`` with an open link and the other side of its terminal."""
    master, slave = os.openpty()

    async def run() -> None:
        link = SerialLink(os.ttyname(slave))
        await link.open()
        try:
            async with asyncio.timeout(10):
                await scenario(link, master)
        finally:
            await link.close()
            await link.close()

    try:
        asyncio.run(run())
    finally:
        os.close(slave)
        with suppress(OSError):  # the scenario may have closed it
            os.close(master)


async def read_until(link: Link, end: bytes) -> bytes:
    data = b""
    while not data.endswith(end):
        chunk = await link.read()
        assert chunk.data
        assert 0 <= time.monotonic() - chunk.time < 5
        data += chunk.data
    return data


def test_bytes_both_ways_on_a_pty() -> None:
    every_byte = bytes(range(256))

    async def scenario(link: SerialLink, master: int) -> None:
        assert isinstance(link, Link)
        before = time.monotonic()
        stamp = await link.write(b"AT+CSQ\r" + every_byte)
        assert before <= stamp <= time.monotonic()
        assert os.read(master, 1000) == b"AT+CSQ\r" + every_byte
        os.write(master, b"\r\n+CSQ: 20,0\r\n" + every_byte + b"OK")
        assert await read_until(link, b"OK") == b"\r\n+CSQ: 20,0\r\n" + every_byte + b"OK"

    on_a_pty(scenario)


def test_a_module_that_talks_a_lot() -> None:
    async def scenario(link: SerialLink, master: int) -> None:
        os.set_blocking(master, False)
        lines = b"".join(b"+URC: %d\r\n" % n for n in range(20_000)) + b"END"
        sent, heard = 0, b""
        while not heard.endswith(b"END"):
            try:
                sent += os.write(master, lines[sent : sent + 4096])
            except BlockingIOError:
                assert sent < len(lines)
            if sent < len(lines):
                await asyncio.sleep(0)
            while not link._chunks.empty() or sent == len(lines):
                heard += (await link.read()).data
                if heard.endswith(b"END"):
                    break
        assert heard == lines

    on_a_pty(scenario)


def test_unplugged_while_open() -> None:
    async def scenario(link: SerialLink, master: int) -> None:
        os.close(master)
        for _ in range(2):
            with pytest.raises(LinkError) as error:
                await link.read()
            assert error.value.hint
        with pytest.raises(LinkError):
            await link.write(b"AT\r")

    on_a_pty(scenario)


def test_a_port_that_is_in_use() -> None:
    async def scenario(link: SerialLink, master: int) -> None:
        with pytest.raises(LinkError, match="in use"):
            await SerialLink(link.name).open()

    on_a_pty(scenario)


def test_a_closed_link_can_be_opened_again() -> None:
    async def scenario(link: SerialLink, master: int) -> None:
        await link.close()
        for use in (link.read, lambda: link.write(b"AT\r")):
            with pytest.raises(LinkError, match="not open"):
                await use()
        await link.open()
        os.write(master, b"OK")
        assert await read_until(link, b"OK") == b"OK"

    on_a_pty(scenario)


def test_what_comes_after_the_loop_has_ended_is_nobodys() -> None:
    link = SerialLink("nowhere")
    loop = asyncio.new_event_loop()
    deliver = link._deliver_to(loop)
    loop.close()
    deliver(LinkError("late"))
    assert link._stop.is_set()


def test_a_socket_through_pyserial() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = await reader.readuntil(b"\r")
        writer.write(line + b"\r\nOK\r\n")
        await writer.drain()
        writer.close()

    async def run() -> None:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server:
            link = SerialLink(f"socket://127.0.0.1:{server.sockets[0].getsockname()[1]}")
            await link.open()
            await link.write(b"AT\r")
            assert await read_until(link, b"OK\r\n") == b"AT\r\r\nOK\r\n"
            with pytest.raises(LinkError):
                await link.read()
            await link.close()

    asyncio.run(run())


def refused(url: str, baud: int = 115200) -> LinkError:
    with pytest.raises(LinkError) as error:
        open_port(url, baud)
    assert error.value.hint
    return error.value


def test_ports_that_cannot_be_opened(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    assert "is not there" in str(refused("/dev/ttyNOTHING0"))
    assert "is no serial port" in str(refused(str(file)))
    assert "cannot be opened" in str(refused(str(tmp_path)))
    assert "is no kind of port" in str(refused("gopher://x"))
    assert "is no kind of port" in str(refused("../x://x"))
    assert "cannot be opened" in str(refused("socket://127.0.0.1:1"))
    assert "cannot be opened" in str(refused("rfc2217://"))
    assert "null character" in str(refused("a\0b"))


def test_a_baud_rate_that_is_none() -> None:
    master, slave = os.openpty()
    try:
        assert "-1 baud" in str(refused(os.ttyname(slave), -1))
    finally:
        os.close(master)
        os.close(slave)


def test_ports_that_are_there_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    ports = [types.SimpleNamespace(device="/dev/ttyUSB0"), types.SimpleNamespace(device="/dev/ttyUSB1")]
    monkeypatch.setattr("serial.tools.list_ports.comports", lambda: ports)
    assert refused("/dev/ttyNOTHING0").hint == "there are /dev/ttyUSB0, /dev/ttyUSB1"


def test_a_port_that_others_own() -> None:
    error = under_test._unopened("/dev/null", SerialException(errno.EACCES, "Permission denied"))
    assert error.what == "/dev/null may not be opened"
    assert "usermod -aG" in error.hint
    error = under_test._unopened("/dev/nowhere", SerialException(errno.EACCES, "Permission denied"))
    assert error.hint == "check the permissions of the device"


def test_a_library_that_is_missing_is_not_an_unknown_protocol(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "hid", None)
    monkeypatch.delitem(sys.modules, "serial.urlhandler.protocol_cp2110", raising=False)
    assert "needs the library hid" in str(refused("cp2110://x"))


class StuckPort:
    """Takes nothing."""

    in_waiting = 0

    def read(self, size: int = 1, /) -> bytes:
        return b""

    def write(self, data: bytes, /) -> int:
        from serial import SerialTimeoutException

        raise SerialTimeoutException("Write timeout")

    def close(self) -> None:
        raise OSError("gone")


def test_a_port_that_takes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(under_test, "open_port", lambda url, baud: StuckPort())

    async def run() -> None:
        link = SerialLink("stuck")
        await link.open()
        with pytest.raises(LinkError, match="takes no bytes"):
            await link.write(b"AT\r")
        await link.close()

    asyncio.run(run())
