"""AT+QSELFREGISTER (BC25, BC32) and AT+QSREGENABLE (BC260Y-CN): whether the module registers by itself."""

from __future__ import annotations

from atshell.catalog import model
from atshell.catalog.profile import Profile, fits, meets
from atshell.emulator.device import Lines
from atshell_quectel.emulator.families import Family
from atshell_quectel.emulator.fields import restored
from atshell_quectel.emulator.forms import Arguments, Forms, read, requested
from atshell_quectel.emulator.nvram import Nvram, Setting

OFF, ON, UPGRADED = "0", "1", "3"
BEFORE_UPGRADE = "BC260YCNAAR01A03*"
"""BC260Y-CN manual, 3.2.1: what this firmware had switched on reads 3 after an upgrade to a later one."""


class SelfRegistration:
    """``written_by`` is the firmware that has written what is saved."""

    def __init__(self, command: model.Command, family: Family, nvram: Nvram, profile: Profile, written_by: str) -> None:
        self._name = command.command.removeprefix("AT")
        self._family = family
        self._nvram = nvram
        self._mode = requested(command)
        self._upgradable = _can_read_3(command, profile)
        (mode,) = self._mode
        setting = Setting(
            "self-registration",
            (_default(mode, profile),),
            lambda record: len(record) == 1 and (restored(mode, record[0]) or record[0] == UPGRADED),
        )
        self._setting = nvram.add(setting)
        if self._upgradable and fits(written_by, BEFORE_UPGRADE) and nvram.saved(setting) == (ON,):
            nvram.save(setting, (UPGRADED,))
            nvram.boot()
        self.forms = Forms(family, read=self._read, write=self._write)

    @property
    def on(self) -> bool:
        """Whether it is in force."""
        return self._nvram.in_force(self._setting) != (OFF,)

    def _read(self) -> Lines:
        (mode,) = self._nvram.in_force(self._setting)
        return [f"{self._name}: {ON if mode == UPGRADED and not self._upgradable else mode}"]

    def _write(self, arguments: Arguments) -> Lines:
        self._nvram.save(self._setting, read(self._mode, arguments, self._family))
        return ()


def _default(mode: model.Parameter, profile: Profile) -> str:
    """What the firmware decides; off where no manual knows it."""
    return next((str(one.value) for one in mode.defaults if meets(one.when, profile)), OFF)


def _can_read_3(command: model.Command, profile: Profile) -> bool:
    answers = (one for one in command.parameters if one.place == "response" and UPGRADED in one.values)
    return any(meets(one.values[UPGRADED].when, profile) for one in answers)
