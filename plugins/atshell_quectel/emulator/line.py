"""What lies between a module's self-registration and its network: one socket, to a server that it knows by name.

``Line`` is what self-registration needs of it. ``NetworkLine`` is the emulator's, which is opened in a task of its own;
that of a test answers at once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from atshell.errors import AtshellError
from atshell_lwm2m.endpoint.exchange import Address

if TYPE_CHECKING:
    from atshell_lwm2m.endpoint.network import ModuleWire, Network

Connected = Callable[[bool], None]
Receive = Callable[[bytes], object]
_log = logging.getLogger(__name__)


class Line(Protocol):
    def connect(self, host: str, port: int, connected: Connected, receive: Receive) -> None:
        """Look the server up and open a socket; ``connected`` learns whether there is one. An earlier one is closed."""
        ...

    def send(self, data: bytes) -> None: ...

    def hang_up(self) -> None:
        """Close the socket, or give up opening it; nothing is received any more."""
        ...

    async def close(self) -> None: ...


class Around(Protocol):
    async def network(self) -> Network:
        """With its platform running. Raises AtshellError."""
        ...


class NetworkLine:
    def __init__(self, surroundings: Around) -> None:
        self._surroundings = surroundings
        self._wire: ModuleWire | None = None
        self._server: Address = ("", 0)
        self._opening: asyncio.Task[None] | None = None

    def connect(self, host: str, port: int, connected: Connected, receive: Receive) -> None:
        self.hang_up()
        self._opening = asyncio.get_running_loop().create_task(self._open(host, port, connected, receive))

    async def _open(self, host: str, port: int, connected: Connected, receive: Receive) -> None:
        try:
            network = await self._surroundings.network()
            server = network.resolve(host, port)
            if server is not None:
                self._wire, self._server = await network.open(), server
                self._wire.start(lambda data, source: _from(server, source, data, receive))
        except (AtshellError, OSError) as error:
            _log.warning("no self-registration: %s", error)
        connected(self._wire is not None)

    def send(self, data: bytes) -> None:
        if self._wire is not None:
            self._wire.send(data, self._server)

    def hang_up(self) -> None:
        opening, self._opening = self._opening, None
        # It may be this very task that learns of the end: what it has done is done.
        if opening is not None and opening is not _current():
            opening.cancel()
        wire, self._wire = self._wire, None
        if wire is not None:
            wire.close()

    async def close(self) -> None:
        opening = self._opening
        self.hang_up()
        if opening is not None:
            await asyncio.gather(opening, return_exceptions=True)


def _from(server: Address, source: Address, data: bytes, receive: Receive) -> None:
    """What anybody else sends is not for the module."""
    if source == server:
        receive(data)


def _current() -> asyncio.Task[object] | None:
    try:
        return asyncio.current_task()
    except RuntimeError:
        return None
