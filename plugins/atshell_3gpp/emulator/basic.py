"""V.250: the form of the conversation itself (6.2), identification (6.1) and the S-registers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from atshell.at.command import Command, Form
from atshell.emulator.device import CommandError, Device, Handler, Lines
from atshell.emulator.storage import StorageFailure
from atshell_3gpp.emulator.forms import at_most, integer

_REGISTERS = (3, 4, 5)
_CHARACTER = range(128)  # what S3, S4 and S5 hold (V.250 6.2.1 to 6.2.3)


class Basic:
    """``reset`` puts back the defaults of the commands that keep their own settings."""

    def __init__(self, device: Device, reset: Callable[[], None]) -> None:
        self._device = device
        self._reset = reset

    @property
    def handlers(self) -> Mapping[str, Handler]:
        return {
            "": lambda command: (),
            "E": self._echo,
            "V": self._verbose,
            "Q": self._quiet,
            "&F": partial(self._restore, False),
            "&W": self._keep,
            "Z": partial(self._restore, True),
            "I": self._identification,
            **{f"S{index}": partial(self._register, index) for index in _REGISTERS},
        }

    def _echo(self, command: Command) -> Lines:
        self._device.settings.echo = _number(command, range(2)) == 1
        return ()

    def _verbose(self, command: Command) -> Lines:
        self._device.settings.verbose = _number(command, range(2)) == 1
        return ()

    def _quiet(self, command: Command) -> Lines:
        self._device.settings.quiet = _number(command, range(2)) == 1
        return ()

    def _restore(self, kept: bool, command: Command) -> Lines:
        """There is one profile, 0. What is kept in it is how the conversation goes; reports are off after both."""
        _number(command, range(1))
        self._device.reset(kept=kept)
        self._reset()
        return ()

    def _keep(self, command: Command) -> Lines:
        _number(command, range(1))
        try:
            self._device.keep()
        except StorageFailure:
            raise CommandError from None
        return ()

    def _identification(self, command: Command) -> Lines:
        _number(command, range(10))
        device = self._device
        return [device.identity.manufacturer, device.profile.model, f"Revision: {device.profile.firmware}"]

    def _register(self, index: int, command: Command) -> Lines:
        registers = self._device.settings.registers
        if command.form is Form.READ:
            return [f"{registers[index]:03}"]
        if command.form is not Form.WRITE:
            raise CommandError
        at_most(command.arguments, 1)
        registers[index] = integer(command.arguments, 0, _CHARACTER)
        return ()


def _number(command: Command, allowed: range) -> int:
    """The number of a basic command, 0 where there is none (V.250 5.3.1). Refused with ERROR alone."""
    if command.form is not Form.EXECUTE:
        raise CommandError
    try:
        return integer(command.arguments, 0, allowed, default=0)
    except CommandError:
        raise CommandError from None
