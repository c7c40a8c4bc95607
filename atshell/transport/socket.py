"""A module behind TCP: ``socket://HOST:PORT``, ``tcp://HOST:PORT``.

pyserial has a ``socket://`` too, and ``SerialLink`` can use it. This link is here because that one throws away what
the module said before the first read, reads byte by byte and takes 0.3 s to close.
"""

from __future__ import annotations

import asyncio
import time
from urllib.parse import urlsplit

from atshell.transport.link import Chunk, LinkError

CONNECT_TIMEOUT = 5.0
WRITE_TIMEOUT = 5.0
_CHUNK = 4096


class SocketLink:
    """Raises LinkError at once when ``url`` has no host or port."""

    def __init__(self, url: str) -> None:
        self.name = url
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            host = port = None
        if not host or not port:
            raise LinkError(f"{url} names no host and port", "write it as socket://HOST:PORT")
        self._address = (host, port)
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def open(self) -> None:
        host, port = self._address
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT):
                self._reader, self._writer = await asyncio.open_connection(host, port)
        except TimeoutError:
            raise LinkError(f"nobody answers at {self.name}", "check address, port and firewall") from None
        except ConnectionRefusedError:
            raise LinkError(f"nobody listens at {self.name}", "start the server first, or check the port") from None
        except (OSError, UnicodeError) as error:
            raise LinkError(f"cannot connect to {self.name} ({error})", "check the address") from None

    async def read(self) -> Chunk:
        if self._reader is None:
            raise LinkError(f"{self.name} is not open", "open it first")
        try:
            data = await self._reader.read(_CHUNK)
        except OSError as error:
            raise LinkError(f"{self.name} broke ({error})", "connect again") from None
        return Chunk(time.monotonic(), data)

    async def write(self, data: bytes) -> float:
        if self._writer is None:
            raise LinkError(f"{self.name} is not open", "open it first")
        stamp = time.monotonic()
        try:
            self._writer.write(data)
            async with asyncio.timeout(WRITE_TIMEOUT):
                await self._writer.drain()
        except TimeoutError:
            raise LinkError(f"{self.name} takes no bytes", "see whether the other side still reads") from None
        except OSError as error:
            raise LinkError(f"{self.name} broke ({error})", "connect again") from None
        return stamp

    async def close(self) -> None:
        writer, self._reader, self._writer = self._writer, None, None
        if writer is None:
            return
        writer.close()
        try:
            async with asyncio.timeout(1):
                await writer.wait_closed()
        except OSError:  # it is gone either way; TimeoutError is one too
            writer.transport.abort()
