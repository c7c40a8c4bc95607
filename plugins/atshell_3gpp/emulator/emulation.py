"""What every emulated module can do, whoever made it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from atshell.emulator.device import Device, Handler
from atshell_3gpp.emulator.basic import Basic
from atshell_3gpp.emulator.cellular import Cellular


class StandardCommands:
    """``started`` is the wall clock of this moment, for AT+CCLK."""

    def __init__(self, device: Device, started: datetime) -> None:
        self._cellular = Cellular(device, started)
        self._handlers = {**Basic(device, self._cellular.reset).handlers, **self._cellular.handlers}

    @property
    def handlers(self) -> Mapping[str, Handler]:
        return self._handlers

    async def operate(self, words: Sequence[str]) -> dict[str, object] | None:
        return None

    def reboot(self) -> None:
        self._cellular.reboot()

    async def close(self) -> None:
        return None
