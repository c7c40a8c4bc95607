"""Which self-registration a module has, with its operator: China Mobile's, that of the two others, or none.

It begins when the module has booted and joined the network, once a boot, if its settings allow it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from atshell.emulator.device import Device
from atshell.emulator.storage import StorageFailure
from atshell_quectel.assumed import Report, endpoint
from atshell_quectel.emulator.cmdmp import Access
from atshell_quectel.emulator.management import Management
from atshell_quectel.emulator.means import Means
from atshell_quectel.emulator.reporting import Reporter, Reporting
from atshell_quectel.emulator.selfregister import SelfRegistration
from atshell_quectel.emulator.terminal import Terminal
from atshell_quectel.platforms import REPORT_SERVERS

REPORTED = "reported"
"""The storage's key for firmware and card that were reported together."""


@dataclass(slots=True)
class Settings:
    """The commands that say what self-registration does; None where the model, or its firmware, has not got one."""

    access: Access | None = None
    terminal: Terminal | None = None
    switch: SelfRegistration | None = None


class Registration(Protocol):
    def start(self) -> None: ...

    def stop(self) -> None: ...

    async def close(self) -> None: ...


class Registrar:
    def __init__(self, device: Device, settings: Settings, means: Means | None) -> None:
        self._device = device
        self._settings = settings
        self._procedure = means.procedure if means is not None else None
        self._running = self._make(means) if means is not None else None
        self._begun = False

    def _make(self, means: Means) -> Registration | None:
        operator = means.procedure.operator
        if operator in REPORT_SERVERS:
            reporter = Reporter(self._report, self._reported, self._remember)
            return Reporting(means, REPORT_SERVERS[operator], reporter)
        access = self._settings.access
        if access is None:
            return None
        from atshell_quectel.emulator.desk import PlatformDesk
        from atshell_quectel.emulator.objects import Objects, described

        def describe() -> Objects:
            terminal = self._settings.terminal
            told = terminal.in_force if terminal is not None else {}
            return described(self._identity(), access.keys, told, access.account.period)

        desk = PlatformDesk(means.clock, means.line.send, describe, self._device.reboot)
        name = endpoint(self._device.identity.imei)
        return Management(means, name, lambda: access.account, desk, access.show)

    # Its life

    def joined(self) -> None:
        """The module is on the network: for the first time since it has booted, perhaps."""
        if not self._begun:
            self._begun = True
            if self._running is not None and self._allowed():
                self._running.start()

    def _allowed(self) -> bool:
        settings, procedure = self._settings, self._procedure
        if procedure is None or (procedure.switch and not (settings.switch is not None and settings.switch.on)):
            return False
        return procedure.operator in REPORT_SERVERS or (settings.access is not None and settings.access.enabled)

    def reboot(self) -> None:
        self._begun = False
        if self._running is not None:
            self._running.stop()

    async def close(self) -> None:
        self._begun = True
        if self._running is not None:
            await self._running.close()

    # What there is to tell

    def _identity(self) -> Mapping[int, str]:
        """Resources of Device (LwM2M 1.0 appendix E.4)."""
        device = self._device
        identity, profile = device.identity, device.profile
        return {0: identity.manufacturer, 1: profile.model, 2: identity.imei, 3: profile.firmware or profile.model}

    def _report(self, reason: str) -> Report:
        identity, profile = self._device.identity, self._device.profile
        return Report(
            reason=reason,
            manufacturer=identity.manufacturer,
            model=profile.model,
            firmware=profile.firmware,
            imei=identity.imei,
            imsi=identity.imsi,
            iccid=identity.iccid,
        )

    def _together(self) -> tuple[str, str]:
        return self._device.profile.firmware, self._device.identity.iccid

    def _reported(self) -> bool:
        return self._device.storage.read(REPORTED) == self._together()

    def _remember(self) -> None:
        try:
            self._device.storage.write({REPORTED: self._together()})
        except StorageFailure:
            return  # the next boot reports once more, as a module does whose memory is worn out
