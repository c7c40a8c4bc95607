"""The emulated module: the commands of its manual, its reboot commands and what it says when it has booted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from atshell.catalog import model
from atshell.catalog.lookup import Catalog
from atshell.catalog.profile import meets
from atshell.emulator.device import CommandError, Device, Handler, Lines
from atshell_quectel.emulator.cmdmp import Access
from atshell_quectel.emulator.families import BY_COMMAND, BY_POWER, NRB, QRST, Family
from atshell_quectel.emulator.forms import Arguments, Forms
from atshell_quectel.emulator.nvram import Nvram
from atshell_quectel.emulator.selfregister import SelfRegistration
from atshell_quectel.emulator.terminal import Terminal

MANUFACTURER = "Quectel"


class Quectel:
    """What ``atshell_emulation`` gives for a Quectel model.

    Settings live in the device's storage, so a reboot, deep sleep and a power cut leave them alone; at each boot they
    come into force. There is no deep sleep to be seen: what is in force would be the same after it.
    """

    def __init__(self, device: Device, catalog: Catalog, family: Family) -> None:
        self._device = device
        self._catalog = catalog
        self._family = family
        self._nvram = Nvram(device.storage)
        self._stops = 0
        """Since the module has booted last."""
        self.access: Access | None = None
        self._handlers = {**self._described(), **self._reboots()}
        device.identity = replace(device.identity, manufacturer=MANUFACTURER)
        self._deaf = device.radio.listen(self._greet)

    @property
    def handlers(self) -> Mapping[str, Handler]:
        return self._handlers

    async def operate(self, words: Sequence[str]) -> dict[str, object] | None:
        return None

    def reboot(self) -> None:
        self._stops += 1
        self._nvram.boot()
        if self.access is not None:
            self.access.reboot()

    async def close(self) -> None:
        self._deaf()

    # The commands of the manual

    def _described(self) -> dict[str, Handler]:
        """One that the firmware does not have is refused in every form."""
        commands = [entry.command for entry in self._catalog.entries(self._device.profile)]
        makers: Mapping[str, Callable[[model.Command], Forms]] = {
            "AT+DMPCONFIG": self._make_access,
            "AT+QDMPCFG": self._make_access,
            "AT+QDMPCFGEX": lambda command: Terminal(command, self._family, self._nvram).forms,
            "AT+QSELFREGISTER": self._make_self_registration,
            "AT+QSREGENABLE": self._make_self_registration,
        }
        return {
            command.command.removeprefix("AT"): makers[command.command](command)
            if meets(command.when, self._device.profile)
            else Forms(self._family)
            for command in commands
        }

    def _make_access(self, command: model.Command) -> Forms:
        self.access = Access(command, self._family, self._nvram)
        return self.access.forms

    def _make_self_registration(self, command: model.Command) -> Forms:
        device = self._device
        written_by = device.storage.written_by
        return SelfRegistration(command, self._family, self._nvram, device.profile, written_by).forms

    # Restarting

    def _reboots(self) -> dict[str, Handler]:
        known = {
            NRB: Forms(self._family, test=_nothing, execute=self._restart),
            QRST: Forms(self._family, test=_nothing, write=self._reset),
        }
        return {name: known[name] for name in self._family.reboots}

    def _restart(self) -> Lines:
        """OK comes first: the device boots after the final result."""
        self._device.reboot()
        return ()

    def _reset(self, arguments: Arguments) -> Lines:
        if [str(argument) for argument in arguments] != ["1"]:
            raise CommandError(self._family.wrong)
        return self._restart()

    def _greet(self, attached: bool) -> None:
        """The radio comes on when the module has booted: the first that is heard of it since then."""
        if not self._stops or not self._device.running:
            return
        # A command stops the module once; a power cut does, and so does the supply that comes back.
        cause = BY_COMMAND if self._stops == 1 else BY_POWER
        self._stops = 0
        for line in self._family.banner:
            self._device.emit(line.format(cause=cause))


def _nothing() -> Lines:
    return ()
