"""The platforms that take reports, one for each operator, for all the modules in a place."""

from __future__ import annotations

import asyncio

from atshell.emulator.place import Place
from atshell_lwm2m.endpoint.disturbed import DisturbedWire
from atshell_lwm2m.endpoint.embedded import Embedded
from atshell_quectel.reports import ReportPlatform


class EmbeddedReports:
    def __init__(self, place: Place) -> None:
        self._clock = place.clock
        # The modules' own sockets are on this switchboard.
        self._switchboard = Embedded.of(place).switchboard
        self._platforms: dict[str, ReportPlatform] = {}
        self._starting = asyncio.Lock()

    async def platform(self, profile: str) -> ReportPlatform:
        """The running one of that profile."""
        async with self._starting:
            if profile not in self._platforms:
                self._platforms[profile] = await ReportPlatform.start(clock=self._clock, open_wire=self._open_wire)
            return self._platforms[profile]

    async def _open_wire(self, host: str, port: int) -> DisturbedWire:
        """On which the modules' faults act."""
        wire = await self._switchboard.open(host, port)
        return DisturbedWire(wire, self._switchboard.air_of, wire.address)

    async def close(self) -> None:
        while self._platforms:
            await self._platforms.popitem()[1].close()
