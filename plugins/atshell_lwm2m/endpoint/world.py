"""The world around an emulated module: its network, and the platform that is embedded in it, elsewhere or missing.

A pack says what it knows (``Known``: platforms by profile name, hosts by role); ``--platform`` chooses. Everything is
made when the module first needs it, so a session that never goes on line opens no socket.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from atshell.emulator.place import Place
from atshell.errors import AtshellError
from atshell_lwm2m.capture.writer import PcapWriter
from atshell_lwm2m.endpoint.air import CLEAR, Air
from atshell_lwm2m.endpoint.habits import WORDS, Habits
from atshell_lwm2m.endpoint.network import (
    BOOTSTRAP_SERVER,
    COAP_PORT,
    COAPS_PORT,
    LWM2M_SERVER,
    Network,
    open_udp,
)

if TYPE_CHECKING:
    from atshell_lwm2m.endpoint.dtls.security import Credentials
    from atshell_lwm2m.endpoint.embedded import Embedded
    from atshell_lwm2m.endpoint.platform import Platform
    from atshell_lwm2m.endpoint.switchboard import Bound

NONE = "none"


@dataclass(frozen=True, slots=True)
class Known:
    """What a pack knows of platforms."""

    habits: Mapping[str, Habits]
    """By profile name."""
    bootstrap_hosts: Sequence[str]
    server_hosts: Sequence[str]


class World:
    """``platform`` is what ``--platform`` says; raises AtshellError when that is nothing. One that is embedded is that
    of the ``place``. ``capture`` is begun at once, so that a file which cannot be written is an error before anything
    happens."""

    def __init__(
        self,
        known: Known,
        platform: str,
        place: Place,
        *,
        capture: Path | None = None,
        air: Air = CLEAR,
    ) -> None:
        self._known = known
        self._place = place
        self._profile = platform
        self._outside = _outside(platform)
        self._habits = known.habits.get(platform)
        if self._outside is None and self._habits is None and platform != NONE:
            raise AtshellError(
                f"there is no platform {platform!r} for this module",
                f"say one of {', '.join(known.habits)}, coap://HOST:PORT, coaps://HOST:PORT or {NONE}",
            )
        self._network = Network(air=air, capture=_begin(capture), now=place.time, open_wire=self._open_wire)
        self._network.name(known.bootstrap_hosts, BOOTSTRAP_SERVER[0])
        self._network.name(known.server_hosts, LWM2M_SERVER[0])
        self._platform: Platform | None = None
        self._starting = asyncio.Lock()
        self._started = False

    async def network(self) -> Network:
        """The network with its platform running. Raises AtshellError."""
        async with self._starting:
            if not self._started:
                await self._start()
                self._started = True
        return self._network

    async def _start(self) -> None:
        if self._outside is not None:
            hosts = (*self._known.bootstrap_hosts, *self._known.server_hosts)
            await self._network.let_out(hosts, *self._outside)
        elif self._habits is not None:
            self._platform = await self._embedded().platform(self._profile, self._habits)
            self._network.place(BOOTSTRAP_SERVER, self._platform.bootstrap_address)
            self._network.place(LWM2M_SERVER, self._platform.server_address)
            for host, real in (
                (BOOTSTRAP_SERVER[0], self._platform.secure_bootstrap_address),
                (LWM2M_SERVER[0], self._platform.secure_server_address),
            ):
                if real is not None:
                    self._network.place((host, COAPS_PORT), real)

    def trust(self, credentials: Credentials, *, bootstrap: bool) -> None:
        """The embedded platform knows the keys that its modules use."""
        keys = self._platform.keys if self._platform is not None else None
        if keys is not None:
            (keys.bootstrap if bootstrap else keys.server).tell(credentials.identity, credentials.key)

    def _embedded(self) -> Embedded:
        from atshell_lwm2m.endpoint.embedded import Embedded

        return Embedded.of(self._place)

    async def _open_wire(self, host: str, port: int) -> Bound:
        """A real socket is needed where a platform is elsewhere alone."""
        if self._outside is not None:
            return await open_udp(host, port)
        wire = await self._embedded().switchboard.open(host, port)
        wire.air = self._network.air
        return wire

    async def operate(self, words: Sequence[str]) -> dict[str, object] | None:
        """What the operator asks of the embedded platform, where this module is meant unless another is named; None
        when the words are not for it."""
        if not words or words[0] not in WORDS:
            return None
        if self._habits is None:
            error = "no platform is embedded: see --platform"
            if self._outside is not None:
                error = f"{self._profile} runs elsewhere and takes no orders here: ask it there, or embed a platform"
            return {"ok": False, "operation": words[0], "error": error}
        await self.network()
        if self._platform is None:
            return {"ok": False, "operation": words[0], "error": "the platform is closed"}
        return await self._platform.operate(words, self._network.air)

    async def close(self) -> None:
        """The platform stays, for others in its place."""
        self._platform = None
        self._network.close()


def _outside(platform: str) -> tuple[str, int, int] | None:
    """Host, and the ports of CoAP and of CoAP over DTLS: the one that is given, and the other's own."""
    if "://" not in platform:
        return None
    try:
        parts = urlsplit(platform)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, urlsplit("")
    if parts.scheme not in ("coap", "coaps") or not host:
        raise AtshellError(f"{platform!r} is no platform's address", "say coap://HOST:PORT or coaps://HOST:PORT")
    if parts.scheme == "coaps":
        return host, COAP_PORT, port or COAPS_PORT
    return host, port or COAP_PORT, COAPS_PORT


def _begin(capture: Path | None) -> PcapWriter | None:
    if capture is None:
        return None
    try:
        return PcapWriter(capture)
    except OSError as error:
        raise AtshellError(f"cannot write {capture} ({error.strerror})", "choose another file for --capture") from None
