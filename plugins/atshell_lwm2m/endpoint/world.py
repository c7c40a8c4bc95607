"""The world around an emulated module: its network, and the platform that is embedded in it, elsewhere or missing.

A pack says what it knows (``Known``: platforms by profile name, hosts by role); ``--platform`` chooses. Everything is
made when the module first needs it, so a session that never goes on line opens no socket.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from atshell.errors import AtshellError
from atshell_lwm2m.capture.writer import PcapWriter
from atshell_lwm2m.endpoint.habits import WORDS, Habits
from atshell_lwm2m.endpoint.network import BOOTSTRAP_SERVER, COAP_PORT, LWM2M_SERVER, Network

if TYPE_CHECKING:
    from atshell_lwm2m.endpoint.platform import Platform

NONE = "none"


@dataclass(frozen=True, slots=True)
class Known:
    """What a pack knows of platforms."""

    habits: Mapping[str, Habits]
    """By profile name."""
    bootstrap_hosts: Sequence[str]
    server_hosts: Sequence[str]


class World:
    """``platform`` is what ``--platform`` says; raises AtshellError when that is nothing. ``capture`` is begun at
    once, so that a file which cannot be written is an error before anything happens."""

    def __init__(
        self,
        known: Known,
        platform: str,
        *,
        capture: Path | None = None,
        attached: Callable[[], bool] = lambda: True,
        now: Callable[[], float],
    ) -> None:
        self._known = known
        self._now = now
        self._outside = _outside(platform)
        self._habits = known.habits.get(platform)
        if self._outside is None and self._habits is None and platform != NONE:
            raise AtshellError(
                f"there is no platform {platform!r} for this module",
                f"say one of {', '.join(known.habits)}, coap://HOST:PORT or {NONE}",
            )
        self._network = Network(attached=attached, capture=_begin(capture))
        self._network.name(known.bootstrap_hosts, BOOTSTRAP_SERVER)
        self._network.name(known.server_hosts, LWM2M_SERVER)
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
            from atshell_lwm2m.endpoint.platform import Platform

            host, port = LWM2M_SERVER
            self._platform = await Platform.start(
                self._habits, apart=True, server_uri=f"coap://{host}:{port}", now=self._now
            )
            self._network.place(BOOTSTRAP_SERVER, self._platform.bootstrap_address)
            self._network.place(LWM2M_SERVER, self._platform.server_address)

    async def operate(self, words: Sequence[str]) -> dict[str, object] | None:
        """What the operator asks of the embedded platform; None when the words are not for it."""
        if not words or words[0] not in WORDS:
            return None
        if self._habits is None:
            return {"ok": False, "operation": words[0], "error": "no platform is embedded: see --platform"}
        await self.network()
        if self._platform is None:
            return {"ok": False, "operation": words[0], "error": "the platform is closed"}
        return await self._platform.operate(words)

    async def close(self) -> None:
        platform, self._platform = self._platform, None
        if platform is not None:
            await platform.close()
        self._network.close()


def _outside(platform: str) -> tuple[str, int] | None:
    if "://" not in platform:
        return None
    hint = "say coap://HOST or coap://HOST:PORT"
    try:
        parts = urlsplit(platform)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, urlsplit("")
    if parts.scheme == "coaps":
        raise AtshellError(f"the emulated module speaks no DTLS to {platform}", hint)
    if parts.scheme != "coap" or not host:
        raise AtshellError(f"{platform!r} is no platform's address", hint)
    return host, port or COAP_PORT


def _begin(capture: Path | None) -> PcapWriter | None:
    if capture is None:
        return None
    try:
        return PcapWriter(capture)
    except OSError as error:
        raise AtshellError(f"cannot write {capture} ({error.strerror})", "choose another file for --capture") from None
