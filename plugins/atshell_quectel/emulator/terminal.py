"""AT+QDMPCFGEX: what CMDMP v2.0 is told of the terminal. ``<act>`` saves (0), shows (1) or erases (2) it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from atshell.catalog import model
from atshell.catalog.model import Parameter
from atshell.emulator.device import CommandError, Lines
from atshell.emulator.storage import Record
from atshell_quectel.emulator.families import Family
from atshell_quectel.emulator.fields import restored
from atshell_quectel.emulator.forms import Arguments, Forms, notation, number, read, requested
from atshell_quectel.emulator.nvram import Nvram, Setting

SAVE, SHOW, ERASE = range(3)
NOTHING = "NULL"
"""Stands for what is not known, as in the write form."""


class Terminal:
    def __init__(self, command: model.Command, family: Family, nvram: Nvram) -> None:
        self._name = command.command.removeprefix("AT")
        self._family = family
        self._nvram = nvram
        self._type, self._act = ((one,) for one in command.parameters[:2])
        kinds = range(int((command.parameters[0].range or (0, 0))[1]) + 1)
        self._fields = {kind: requested(command, type=kind, act=SAVE) for kind in kinds}
        self._settings = {
            kind: nvram.add(Setting(f"terminal.{kind}", (NOTHING,) * len(fields), _fitting(fields)))
            for kind, fields in self._fields.items()
        }
        self.forms = Forms(family, test=lambda: notation(command), write=self._write)

    @property
    def in_force(self) -> Mapping[int, Record]:
        """By ``<type>``."""
        return {kind: self._nvram.in_force(setting) for kind, setting in self._settings.items()}

    def _write(self, arguments: Arguments) -> Lines:
        kind = number(self._type, arguments[:1], self._family)
        act = number(self._act, arguments[1:2], self._family)
        setting, rest = self._settings[kind], arguments[2:]
        if act == SAVE:
            self._nvram.save(setting, read(self._fields[kind], rest, self._family))
            return ()
        if rest:
            raise CommandError(self._family.wrong)
        if act == SHOW:
            return [f"{self._name}: {','.join([str(kind), *self._nvram.saved(setting)])}"]
        self._nvram.erase([setting])
        return ()


def _fitting(fields: tuple[Parameter, ...]) -> Callable[[Record], bool]:
    return lambda record: len(record) == len(fields) and all(map(restored, fields, record))
