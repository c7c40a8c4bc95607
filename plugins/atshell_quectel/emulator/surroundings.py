"""The network of an emulated module, with its operator's platform in it where ``--platform`` says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from atshell.emulator.device import Device
from atshell.errors import AtshellError
from atshell_lwm2m.endpoint.habits import WORDS
from atshell_lwm2m.endpoint.network import LWM2M_SERVER, Network
from atshell_lwm2m.endpoint.world import NONE, World
from atshell_quectel.platforms import KNOWN, OPERATORS, REPORT_SERVERS

if TYPE_CHECKING:
    from atshell_quectel.reports import ReportPlatform


class Surroundings:
    """Raises AtshellError when ``--platform`` or ``--capture`` cannot be used."""

    def __init__(self, device: Device) -> None:
        options = device.options
        profile = options.platform
        if profile.startswith("coaps://"):
            raise AtshellError(
                f"no module of this family speaks DTLS to {profile}", "say coap://HOST:PORT, or a platform's profile"
            )
        # Another operator's platform, and one that is not for such modules, knows nothing of this one.
        self._profile = profile if OPERATORS.get(profile) == options.operator or "://" in profile else NONE
        self._missing = _missing(profile, options.operator) if self._profile == NONE else ""
        self._place = device.place
        self._world = World(
            KNOWN,
            NONE if self._profile in REPORT_SERVERS else self._profile,
            device.place,
            capture=options.capture,
            air=device.air,
        )

    async def network(self) -> Network:
        """With its platform running. Raises AtshellError."""
        network = await self._world.network()
        if self._profile in REPORT_SERVERS:
            reports = await self._report_platform()
            network.place(LWM2M_SERVER, reports.address)
        return network

    async def _report_platform(self) -> ReportPlatform:
        from atshell_quectel.emulator.embedded import EmbeddedReports

        place = self._place
        return await place.shared(EmbeddedReports, lambda: EmbeddedReports(place)).platform(self._profile)

    async def operate(self, words: Sequence[str]) -> dict[str, object] | None:
        """What the operator asks of the embedded platform; None when the words are not for it."""
        if not words or words[0] not in WORDS:
            return None
        if self._missing:
            return {"ok": False, "operation": words[0], "error": self._missing}
        if self._profile not in REPORT_SERVERS:
            return await self._world.operate(words)
        await self.network()
        return await (await self._report_platform()).operate(words)

    async def close(self) -> None:
        await self._world.close()


def _missing(profile: str, operator: str) -> str:
    """Why there is no platform here."""
    own = next(name for name, of in OPERATORS.items() if of == operator)
    why = "no platform is embedded" if profile == NONE else f"with {operator}'s SIM card it looks for {own} alone"
    return f"{why}: start it with --platform {own}"
