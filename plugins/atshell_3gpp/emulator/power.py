"""Saving power (3GPP TS 27.007, 7.38 to 7.41): what the module asks for is what the network grants.

The module never really sleeps: a program that sets it up is answered, and sees the timers in AT+CEREG?.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from atshell.emulator.device import CommandError, Handler, Lines
from atshell_3gpp.emulator.forms import BAD_PARAMETER, Arguments, Forms, at_most, integer, text

_TIMER = re.compile(r"[01]{8}", re.ASCII)
_CYCLE = re.compile(r"[01]{4}", re.ASCII)
_DEFAULTS = ("", "", "01000011", "01000011")
"""T3312 and T3314, which are GSM's; T3412 of 30 hours, T3324 of 18 minutes (3GPP TS 24.008, 10.5.7.4)."""
_WINDOW = "0011"
_E_UTRAN, _NB_IOT = 4, 5  # <AcT-type>
_OFF, _ON, _REPORTED = range(3)  # <mode> of AT+CEDRXS; 3 is off too, AT+CPSMS has a 2 of its own


class PowerSaving:
    """``technology`` is ``<AcT>`` of the cell, ``emit`` says a URC."""

    def __init__(self, technology: Callable[[], int], emit: Callable[[str], None]) -> None:
        self._technology = technology
        self._emit = emit
        self._psm = False
        self._timers: tuple[str, ...] = _DEFAULTS
        self._cycle = ""

    @property
    def granted(self) -> str:
        """``"<Active-Time>","<Periodic-TAU>"`` as AT+CEREG tells them, "" without PSM."""
        return f'"{self._timers[3]}","{self._timers[2]}"' if self._psm else ""

    @property
    def handlers(self) -> Mapping[str, Handler]:
        timers = '("00000000"-"11111111")'
        return {
            "+CPSMS": Forms(
                test=lambda: [f"+CPSMS: (0-2),,,{timers},{timers}"], read=self._read_psm, write=self._set_psm
            ),
            "+CEDRXS": Forms(
                test=lambda: [f'+CEDRXS: (0-3),({self._cell()}),("0000"-"1111")'],
                read=lambda: [f'+CEDRXS: {self._cell()},"{self._cycle}"'] if self._cycle else (),
                write=self._set_edrx,
            ),
            "+CEDRXRDP": Forms(execute=lambda: [f"+CEDRXRDP: {self._edrx()}"]),
        }

    # -- PSM

    def _read_psm(self) -> Lines:
        timers = ",".join(f'"{timer}"' if timer else "" for timer in self._timers)
        return [f"+CPSMS: {int(self._psm)},{timers}"]

    def _set_psm(self, arguments: Arguments) -> Lines:
        """A timer that is left out keeps its value; without any parameter, and with 2, all go back (7.38)."""
        at_most(arguments, 5)
        mode = integer(arguments, 0, range(3), default=2)
        timers = tuple(text(arguments, index, _TIMER, default=kept) for index, kept in enumerate(self._timers, start=1))
        self._psm = mode == 1
        self._timers = _DEFAULTS if mode == 2 else timers
        return ()

    # -- eDRX

    def _cell(self) -> int:
        """``<AcT-type>`` of eDRX, which counts otherwise than ``<AcT>`` does."""
        return _NB_IOT if self._technology() == 9 else _E_UTRAN

    def _edrx(self) -> str:
        return f'{self._cell()},"{self._cycle}","{self._cycle}","{_WINDOW}"' if self._cycle else "0"

    def _set_edrx(self, arguments: Arguments) -> Lines:
        at_most(arguments, 3)
        mode = integer(arguments, 0, range(4), default=_OFF)
        cell = integer(arguments, 1, range(1, 6), default=self._cell())
        cycle = text(arguments, 2, _CYCLE, default=self._cycle or "0010")
        if cell != self._cell():
            raise CommandError(BAD_PARAMETER)
        before = self._cycle
        self._cycle = cycle if mode in (_ON, _REPORTED) else ""
        if mode == _REPORTED and self._cycle != before:
            self._emit(f"+CEDRXP: {self._edrx()}")
        return ()
