"""An emulated module as a link in this process, on a TCP port, or on a pseudo-terminal."""

from __future__ import annotations

from collections.abc import Callable

from atshell.emulator.device import Device
from atshell.transport.link import Chunk


class EmulatorLink:
    """An in-process link. ``make`` is called at ``open``, inside the running loop, and gives the device to talk to."""

    def __init__(self, model: str, make: Callable[[], Device]) -> None:
        raise NotImplementedError

    device: Device | None

    @property
    def name(self) -> str:
        raise NotImplementedError

    async def open(self) -> None:
        raise NotImplementedError

    async def read(self) -> Chunk:
        raise NotImplementedError

    async def write(self, data: bytes) -> float:
        raise NotImplementedError

    async def close(self) -> None:
        raise NotImplementedError


async def serve_tcp(device: Device, host: str, port: int) -> None:
    """Serve one client at a time until cancelled; prints ``listening on tcp://HOST:PORT``. A second client gets a
    refusal it can read. Raises AtshellError when the port is taken."""
    raise NotImplementedError


async def serve_pty(device: Device) -> None:
    """Serve on a pseudo-terminal until cancelled; prints ``listening on /dev/pts/N``."""
    raise NotImplementedError
