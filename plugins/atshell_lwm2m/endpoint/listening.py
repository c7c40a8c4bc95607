"""Where a platform for other processes listens, as ``atshell platform`` says: ``--listen`` and ``--psk``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from atshell.errors import AtshellError
from atshell_lwm2m.endpoint.dtls.keyring import Keyring, Keyrings
from atshell_lwm2m.endpoint.habits import Habits
from atshell_lwm2m.endpoint.network import COAP_PORT, COAPS_PORT

if TYPE_CHECKING:
    from atshell_lwm2m.endpoint.platform import Platform

MAX_PORT = 65535
Ports = tuple[int, int]
"""Of CoAP, and of CoAP over DTLS."""
_T = TypeVar("_T")


async def serve(habits: Habits, listen: str, psk: Sequence[str]) -> Platform:
    """A platform for clients outside of this process: one socket for the bootstrap server and the LwM2M server, and
    with ``psk`` another for DTLS with both. Raises AtshellError."""
    from atshell_lwm2m.endpoint.platform import Platform

    ring = keyring(psk)
    keys = Keyrings(ring, ring) if ring is not None else None

    async def start(host: str, ports: Ports) -> Platform:
        return await Platform.start(habits, host=host, port=ports[0], secure_port=ports[1], keys=keys)

    return await listening(listen, start)


async def listening(listen: str, start: Callable[[str, Ports], Awaitable[_T]]) -> _T:
    """Start at ``HOST[:PORT]``, where DTLS has the port after it. Without a port they are 5683 and 5684, or free ones
    when those are taken. Raises AtshellError."""
    host, port = split_host(listen)
    if port is not None:
        return await start(host, (port, port + 1 if 0 < port < MAX_PORT else 0))
    try:
        return await start(host, (COAP_PORT, COAPS_PORT))
    except AtshellError:
        return await start(host, (0, 0))


def split_host(text: str) -> tuple[str, int | None]:
    """``host``, ``host:port``, ``[v6]``, ``[v6]:port``. Raises AtshellError."""
    host, port = text, ""
    if text.startswith("["):
        host, closed, rest = text[1:].partition("]")
        port = rest.removeprefix(":")
        if not closed or (rest and not port) or (port and not rest.startswith(":")):
            host = ""
    elif text.count(":") == 1:
        host, _, port = text.partition(":")
        host = host if port else ""
    if not host or (port and not (port.isascii() and port.isdecimal() and int(port) <= MAX_PORT)):
        raise AtshellError(f"{text!r} is no address", "say HOST or HOST:PORT")
    return host, int(port) if port else None


def keyring(psk: Sequence[str]) -> Keyring | None:
    """With the keys that were said (``IDENTITY:KEY``); None where there are none, and so no DTLS. Raises
    AtshellError."""
    if not psk:
        return None
    from atshell_lwm2m.dtls.keys import read_keys

    known = read_keys(psk)
    return Keyring(lambda identity: next(iter(known.of(identity)), None))
