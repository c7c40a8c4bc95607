"""An emulated module as a link in this process, on a TCP port, or on a pseudo-terminal.

One client at a time talks to one device. A client may go and come again: the device lives on meanwhile, and what it
says to nobody is lost, as on a serial port.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Protocol

from atshell.emulator.device import Device
from atshell.errors import AtshellError
from atshell.transport.link import Chunk, LinkError

MAX_BACKLOG = 1 << 20
"""Bytes that a client may leave unread; what the module says beyond them is lost."""
REFUSAL = b"\r\nBUSY: another client is connected to this module\r\n"

_READ_SIZE = 4096
_ELSEWHERE = "choose another address, or port 0 for a free one"
Announce = Callable[[str], None]


class SerialSide(Protocol):
    """As much of a device as its client needs."""

    def feed(self, data: bytes) -> None: ...

    def connect(self, output: Callable[[bytes], None] | None, hang_up: Callable[[], None] | None = None) -> None: ...


def announce(line: str) -> None:
    """Tell at once, even into a pipe."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


class EmulatorLink:
    """An in-process link. ``make`` is called at ``open``, inside the running loop, and gives the device to talk to."""

    def __init__(self, model: str, make: Callable[[], Device]) -> None:
        self._model = model
        self._make = make
        self.device: Device | None = None
        self._arrived = asyncio.Event()
        self._chunks: list[Chunk] = []
        self._held = 0
        self._unplugged = False

    @property
    def name(self) -> str:
        return f"emulator:{self._model}"

    async def open(self) -> None:
        """One that was unplugged is plugged in again: the device has lived on."""
        if self.device is None:
            self.device = self._make()
        elif not self._unplugged:
            return
        self._unplugged = False
        self._arrived = asyncio.Event()
        self._chunks.clear()
        self._held = 0
        self.device.connect(self._receive, self._unplug)

    def _unplug(self) -> None:
        self._unplugged = True
        self._arrived.set()

    def _receive(self, data: bytes) -> None:
        if self._held + len(data) <= MAX_BACKLOG:
            self._held += len(data)
            self._chunks.append(Chunk(time.monotonic(), data))
            self._arrived.set()

    async def read(self) -> Chunk:
        while not self._chunks:
            if self.device is None or self._unplugged:
                return Chunk(time.monotonic(), b"")
            self._arrived.clear()
            await self._arrived.wait()
        chunk = self._chunks.pop(0)
        self._held -= len(chunk.data)
        return chunk

    async def write(self, data: bytes) -> float:
        if self.device is None:
            raise LinkError(f"{self.name} is closed", "open it first")
        if self._unplugged:
            raise LinkError(f"{self.name} is unplugged", "open it again")
        written = time.monotonic()
        self.device.feed(data)
        return written

    async def close(self) -> None:
        device, self.device = self.device, None
        self._arrived.set()
        if device is not None:
            await device.close()


async def serve_tcp(device: SerialSide, host: str, port: int, announce: Announce = announce) -> None:
    """Serve one client at a time until cancelled; prints ``listening on tcp://HOST:PORT``. A second client gets a
    refusal it can read. Raises AtshellError when the port is taken."""
    current: asyncio.StreamWriter | None = None

    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal current
        if current is not None:
            await _farewell(writer, REFUSAL)
            return
        current = writer  # from here to the end nobody else talks to the device
        device.connect(lambda data: _say(writer, data), writer.close)
        try:
            while data := await reader.read(_READ_SIZE):
                device.feed(data)
        except OSError:
            pass  # a client that is gone is gone, whether it hung up, was reset or timed out
        finally:
            current = None
            device.connect(None)
            writer.close()

    server = await _listen(client, host, port)
    try:
        bound_host, bound_port = server.sockets[0].getsockname()[:2]
        announce(f"listening on tcp://{f'[{bound_host}]' if ':' in bound_host else bound_host}:{bound_port}")
        await asyncio.get_running_loop().create_future()
    finally:
        server.close()
        if current is not None:
            current.close()


Client = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def _listen(client: Client, host: str, port: int) -> asyncio.Server:
    """One socket, on the first address that ``host`` stands for."""
    where = f"tcp://{f'[{host}]' if ':' in host else host}:{port}"
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        return await asyncio.start_server(client, str(found[0][4][0]), port)
    except UnicodeError:
        raise AtshellError(f"cannot listen on {where}: this is no host name", _ELSEWHERE) from None
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        raise AtshellError(f"cannot listen on {where}: {reason}", _ELSEWHERE) from error


def _say(writer: asyncio.StreamWriter, data: bytes) -> None:
    if not writer.is_closing() and writer.transport.get_write_buffer_size() + len(data) <= MAX_BACKLOG:
        writer.write(data)


async def _farewell(writer: asyncio.StreamWriter, text: bytes) -> None:
    writer.write(text)
    writer.close()
    with suppress(ConnectionError):  # it did not stay to read it
        await writer.wait_closed()


async def serve_pty(device: SerialSide, announce: Announce = announce) -> None:
    """Serve on a pseudo-terminal until cancelled; prints ``listening on /dev/pts/N``. One that a fault unplugs is gone:
    another takes its place, and is told likewise.

    The client's side stays open here too, so that a client which closes it does not end the terminal.
    """
    while True:
        await _serve_one_pty(device, announce)


async def _serve_one_pty(device: SerialSide, announce: Announce) -> None:
    """Until it is unplugged."""
    import tty

    master, slave = os.openpty()
    try:
        tty.setraw(slave)
        os.set_blocking(master, False)
        terminal = _Terminal(device, master)
        announce(f"listening on {os.ttyname(slave)}")
        try:
            await terminal.unplugged.wait()
        finally:
            terminal.close()
    finally:
        os.close(master)
        os.close(slave)


class _Terminal:
    """The module's side of a pseudo-terminal."""

    def __init__(self, device: SerialSide, master: int) -> None:
        self._device = device
        self._master = master
        self._loop = asyncio.get_running_loop()
        self._backlog = bytearray()
        self.unplugged = asyncio.Event()
        device.connect(self._write, self.unplugged.set)
        self._loop.add_reader(master, self._read)

    def _read(self) -> None:
        try:
            data = os.read(self._master, _READ_SIZE)
        except BlockingIOError:
            return
        self._device.feed(data)

    def _write(self, data: bytes) -> None:
        """Write what fits. A terminal that nobody reads fills up: then what it cannot take waits here, up to a cap."""
        waiting = bool(self._backlog)
        if len(self._backlog) + len(data) <= MAX_BACKLOG:
            self._backlog += data
        if not waiting:
            self._drain()

    def _drain(self) -> None:
        with suppress(BlockingIOError):
            del self._backlog[: os.write(self._master, self._backlog)]
        if self._backlog:
            self._loop.add_writer(self._master, self._drain)
        else:
            self._loop.remove_writer(self._master)

    def close(self) -> None:
        self._device.connect(None)
        self._loop.remove_reader(self._master)
        self._loop.remove_writer(self._master)
