"""Registration with the network, by the three commands that tell of it (3GPP TS 27.007, 7.2, 10.1.20, 10.1.22).

There is one network here, so that the three agree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from atshell.emulator.device import Device, Handler, Lines
from atshell_3gpp.emulator.forms import Arguments, Forms, at_most, integer

AREA, CELL = "1AF4", "05F2B1C3"
_NAMES = {"+CREG": 4, "+CGREG": 6, "+CEREG": 6}
"""How many values ``<n>`` has."""
_CELL, _TIMERS = 2, 4
"""``<n>`` from which the cell, and what power saving is granted, is told."""


class RegistrationReports:
    """``timers`` gives the timers of power saving as they are written, "" without it."""

    def __init__(self, device: Device, timers: Callable[[], str]) -> None:
        self._device = device
        self._timers = timers
        self._reports = dict.fromkeys(_NAMES, 0)
        device.radio.listen(self._registration_changed)

    def reset(self) -> None:
        """What AT&F, ATZ and a reboot put back."""
        self._reports = dict.fromkeys(_NAMES, 0)

    @property
    def handlers(self) -> Mapping[str, Handler]:
        return {name: self._forms(name) for name in _NAMES}

    def _forms(self, name: str) -> Forms:
        return Forms(
            test=lambda: [f"{name}: (0-{_NAMES[name] - 1})"],
            read=lambda: [f"{name}: {self._reports[name]},{self._registration(name)}"],
            write=partial(self._set, name),
        )

    def _registration(self, name: str) -> str:
        """``<stat>``, and what is known and asked for of ``,<tac>,<ci>,<AcT>,,,<Active-Time>,<Periodic-TAU>``."""
        radio, asked = self._device.radio, self._reports[name]
        if asked < _CELL or not radio.attached:
            return f"{radio.registration:d}"
        cell = f'{radio.registration:d},"{AREA}","{CELL}",{radio.technology}'
        timers = self._timers() if asked >= _TIMERS and name == "+CEREG" else ""
        return f"{cell},,,{timers}" if timers else cell

    def timers_changed(self) -> None:
        """The network has granted others, in a tracking area update."""
        asked = self._reports["+CEREG"]
        if asked >= _TIMERS and self._device.radio.attached:
            self._device.emit(f"+CEREG: {self._registration('+CEREG')}")

    def _registration_changed(self, _attached: bool) -> None:
        for name, asked in self._reports.items():
            if asked:
                self._device.emit(f"{name}: {self._registration(name)}")

    def _set(self, name: str, arguments: Arguments) -> Lines:
        at_most(arguments, 1)
        self._reports[name] = integer(arguments, 0, range(_NAMES[name]), default=0)
        return ()
