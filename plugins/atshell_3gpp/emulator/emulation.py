"""What every emulated module can do, whoever made it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from atshell.emulator.device import Device, Handler
from atshell_3gpp.emulator.basic import Basic
from atshell_3gpp.emulator.cellular import Cellular
from atshell_3gpp.emulator.connection import ConnectionReports
from atshell_3gpp.emulator.forms import worded
from atshell_3gpp.emulator.packets import Packets
from atshell_3gpp.emulator.power import PowerSettings
from atshell_3gpp.emulator.registration import RegistrationReports
from atshell_3gpp.emulator.settings import NumberSettings
from atshell_3gpp.emulator.wallclock import WallClock


class StandardCommands:
    """``started`` is the wall clock of this moment, for AT+CCLK. Raises AtshellError when ``--state`` holds what no
    module can have kept."""

    def __init__(self, device: Device, started: datetime) -> None:
        power = PowerSettings(device, lambda: self._registration.timers_changed())
        self._cellular = Cellular(device)
        self._settings = NumberSettings(device.storage)
        self._registration = RegistrationReports(device, lambda: power.granted)
        self._connection = ConnectionReports(device)
        self._clock = WallClock(device, started)
        handlers: dict[str, Handler] = {
            **Basic(device, self._reset).handlers,
            **self._cellular.handlers,
            **self._settings.handlers,
            **self._registration.handlers,
            **self._connection.handlers,
            **self._clock.handlers,
            **power.handlers,
            **Packets(device).handlers,
        }
        self._handlers = {name: worded(handler, device) for name, handler in handlers.items()}

    @property
    def handlers(self) -> Mapping[str, Handler]:
        return self._handlers

    async def operate(self, words: Sequence[str]) -> dict[str, object] | None:
        return None

    def _reset(self) -> None:
        """AT&F and ATZ, for the commands that keep their own settings."""
        for part in (self._cellular, self._settings, self._registration, self._connection, self._clock):
            part.reset()

    def reboot(self) -> None:
        self._reset()
        self._cellular.reboot()

    async def close(self) -> None:
        return None
