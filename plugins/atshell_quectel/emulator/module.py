"""The emulated module: the commands of its manual, its reboot commands and what it says when it has booted."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from atshell.catalog import model
from atshell.catalog.lookup import Catalog
from atshell.catalog.profile import meets
from atshell.emulator.device import CommandError, Device, Handler, Lines
from atshell_quectel.emulator.cmdmp import Access
from atshell_quectel.emulator.families import BY_COMMAND, BY_POWER, NRB, QRST, Family
from atshell_quectel.emulator.forms import Arguments, Forms
from atshell_quectel.emulator.line import Line, NetworkLine
from atshell_quectel.emulator.means import Means
from atshell_quectel.emulator.nvram import Nvram
from atshell_quectel.emulator.procedure import procedure
from atshell_quectel.emulator.registrar import Registrar, Settings
from atshell_quectel.emulator.selfregister import SelfRegistration
from atshell_quectel.emulator.surroundings import Surroundings
from atshell_quectel.emulator.terminal import Terminal

MANUFACTURER = "Quectel"
_CARD = re.compile(r"[0-9]{19,20}", re.ASCII)
"""The ICCID of a SIM card (ITU-T E.118)."""


class Quectel:
    """What ``atshell_emulation`` gives for a Quectel model.

    Settings live in the device's storage, so a reboot, deep sleep and a power cut leave them alone; at each boot they
    come into force. Then, when the module has joined the network, it registers itself. ``line`` is its network,
    where that is not the emulator's own.
    """

    def __init__(
        self, device: Device, catalog: Catalog, family: Family, surroundings: Surroundings, line: Line | None = None
    ) -> None:
        self._device = device
        self._catalog = catalog
        self._family = family
        self._surroundings = surroundings
        self._nvram = Nvram(device.storage)
        self._stops = 0
        """Since the module has booted last."""
        self.settings = Settings()
        self._handlers = {**self._described(), **self._reboots()}
        device.identity = replace(device.identity, manufacturer=MANUFACTURER)
        device.bad_parameter = family.wrong
        found = procedure(catalog, device.profile, device.options.operator)
        line = line or NetworkLine(surroundings)
        self._asleep = False
        means = Means(device.clock, line, found, lambda: self._asleep) if found is not None else None
        self._registrar = Registrar(device, self.settings, means)
        self._deaf = device.radio.listen(self._radio)
        # A new device has booted and joined the network just now.
        self._first = device.clock.call_later(0, lambda: self._radio(device.radio.attached))

    @property
    def handlers(self) -> Mapping[str, Handler]:
        return self._handlers

    async def operate(self, words: Sequence[str]) -> dict[str, object] | None:
        match words:
            case ["card", number] if _CARD.fullmatch(number):
                self._device.identity = replace(self._device.identity, iccid=number)
                return {"card": number}
            case ["card", *_]:
                return {"error": "say card and the 19 or 20 digits of a SIM card's ICCID"}
        return await self._surroundings.operate(words)

    def reboot(self) -> None:
        self._stops += 1
        self._asleep = False
        self._registrar.reboot()
        self._nvram.boot()

    def sleep(self) -> None:
        self._asleep = True

    def wake(self) -> None:
        self._asleep = False

    async def close(self) -> None:
        self._deaf()
        self._first.cancel()
        await self._registrar.close()
        await self._surroundings.close()

    # The commands of the manual

    def _described(self) -> dict[str, Handler]:
        """One that the firmware does not have is refused in every form."""
        commands = [entry.command for entry in self._catalog.entries(self._device.profile)]
        makers: Mapping[str, Callable[[model.Command], Forms]] = {
            "AT+DMPCONFIG": self._make_access,
            "AT+QDMPCFG": self._make_access,
            "AT+QDMPCFGEX": self._make_terminal,
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
        self.settings.access = Access(command, self._family, self._nvram)
        return self.settings.access.forms

    def _make_terminal(self, command: model.Command) -> Forms:
        self.settings.terminal = Terminal(command, self._family, self._nvram)
        return self.settings.terminal.forms

    def _make_self_registration(self, command: model.Command) -> Forms:
        device = self._device
        written_by = device.storage.written_by
        self.settings.switch = SelfRegistration(command, self._family, self._nvram, device.profile, written_by)
        return self.settings.switch.forms

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

    def _radio(self, attached: bool) -> None:
        """The radio comes on when the module has booted: the first that is heard of it since then."""
        if not self._device.running:
            return
        if self._stops:
            self._greet()
        if attached:
            self._registrar.joined()

    def _greet(self) -> None:
        # A command stops the module once; a power cut does, and so does the supply that comes back.
        cause = BY_COMMAND if self._stops == 1 else BY_POWER
        self._stops = 0
        for line in self._family.banner:
            self._device.emit(line.format(cause=cause))


def _nothing() -> Lines:
    return ()
