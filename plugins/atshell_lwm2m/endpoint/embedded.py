"""The platforms embedded in a place (``atshell.emulator.place``), one of each profile, for all the modules there."""

from __future__ import annotations

import asyncio
from typing import Self

from atshell.emulator.place import Place
from atshell_lwm2m.endpoint.dtls.keyring import Keyring, Keyrings
from atshell_lwm2m.endpoint.habits import Habits
from atshell_lwm2m.endpoint.network import COAPS_PORT, LWM2M_SERVER
from atshell_lwm2m.endpoint.platform import Platform
from atshell_lwm2m.endpoint.switchboard import Switchboard


class Embedded:
    """``of`` gives that of a place; ``switchboard`` is what lies between the platforms and the modules."""

    def __init__(self, place: Place) -> None:
        self.switchboard = Switchboard()
        self._place = place
        self._platforms: dict[str, Platform] = {}
        self._starting = asyncio.Lock()

    @classmethod
    def of(cls, place: Place) -> Self:
        return place.shared(cls, lambda: cls(place))

    async def platform(self, profile: str, habits: Habits) -> Platform:
        """The running one of that profile."""
        async with self._starting:
            if profile not in self._platforms:
                host, port = LWM2M_SERVER
                made = self._platforms[profile] = await Platform.start(
                    habits,
                    apart=True,
                    server_uri=f"coap://{host}:{port}",
                    secure_uri=f"coaps://{host}:{COAPS_PORT}",
                    keys=Keyrings(Keyring(), Keyring()),
                    clock=self._place.clock,
                    open_wire=self.switchboard.open,
                    air_of=self.switchboard.air_of,
                )
                made.tell = lambda outcome: self._place.tell(outcome)
            return self._platforms[profile]

    async def close(self) -> None:
        while self._platforms:
            await self._platforms.popitem()[1].close()
