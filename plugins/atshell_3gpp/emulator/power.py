"""Saving power (3GPP TS 27.007, 7.38 to 7.41): what the module asks for is what the network grants.

The commands say what to ask for, which outlasts a reboot and the power; ``atshell.emulator.saving`` sleeps by it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from atshell.emulator.device import CommandError, Device, Handler, Lines
from atshell.emulator.saving import Granted
from atshell.emulator.storage import Record
from atshell_3gpp.emulator import timers
from atshell_3gpp.emulator.forms import BAD_PARAMETER, Arguments, Forms, at_most, integer, text
from atshell_3gpp.emulator.kept import Kept

_TIMER = re.compile(r"[01]{8}", re.ASCII)
_CYCLE = re.compile(r"[01]{4}", re.ASCII)
_DEFAULTS = ("", "", "01000011", "01000011")
"""T3312 and T3314, which are GSM's; T3412 of 30 hours, T3324 of 18 minutes (3GPP TS 24.008, 10.5.7.4)."""
_OFF_AND_DEFAULTS = ("0", *_DEFAULTS)
_WINDOW = "0011"
_E_UTRAN, _NB_IOT = 4, 5  # <AcT-type>
_OFF, _ON, _REPORTED = range(3)  # <mode> of AT+CEDRXS; 3 is off too, AT+CPSMS has a 2 of its own


class PowerSettings:
    """``changed`` is called when other timers are granted. Raises AtshellError when the storage holds what no module
    can have kept."""

    def __init__(self, device: Device, changed: Callable[[], None]) -> None:
        self._device = device
        self._changed = changed
        self._psm = Kept(device.storage, "+CPSMS", _OFF_AND_DEFAULTS, _can_be_psm)
        self._edrx = Kept(device.storage, "+CEDRXS", ("",), _can_be_edrx)
        device.radio.listen(self._ask)
        self._ask(device.radio.attached)

    @property
    def granted(self) -> str:
        """``"<Active-Time>","<Periodic-TAU>"`` as AT+CEREG tells them, "" without PSM."""
        mode, _, _, periodic, active = self._psm.record
        return f'"{active}","{periodic}"' if mode == "1" else ""

    @property
    def handlers(self) -> Mapping[str, Handler]:
        bits = '("00000000"-"11111111")'
        return {
            "+CPSMS": Forms(test=lambda: [f"+CPSMS: (0-2),,,{bits},{bits}"], read=self._read_psm, write=self._set_psm),
            "+CEDRXS": Forms(
                test=lambda: [f'+CEDRXS: (0-3),({self._cell()}),("0000"-"1111")'],
                read=lambda: [f'+CEDRXS: {self._cell()},"{self._cycle}"'] if self._cycle else (),
                write=self._set_edrx,
            ),
            "+CEDRXRDP": Forms(execute=lambda: [f"+CEDRXRDP: {self._edrx_granted()}"]),
        }

    def _ask(self, attached: bool) -> None:
        """The network grants it all when the module attaches, and at the next tracking area update."""
        if not attached:
            return
        mode, _, _, periodic, active = self._psm.record
        narrow = self._cell() == _NB_IOT
        self._device.saving.grant(
            Granted(
                active=timers.active_time(active) if mode == "1" else None,
                periodic=timers.periodic_time(periodic) if mode == "1" else None,
                cycle=timers.cycle(self._cycle, narrow=narrow) if self._cycle else 0.0,
                window=timers.window(_WINDOW, narrow=narrow) if self._cycle else 0.0,
            )
        )

    # -- PSM

    def _read_psm(self) -> Lines:
        mode, *bits = self._psm.record
        written = ",".join(f'"{timer}"' if timer else "" for timer in bits)
        return [f"+CPSMS: {mode},{written}"]

    def _set_psm(self, arguments: Arguments) -> Lines:
        """A timer that is left out keeps its value; without any parameter, and with 2, all go back (7.38)."""
        at_most(arguments, 5)
        mode = integer(arguments, 0, range(3), default=2)
        kept = self._psm.record[1:]
        bits = [text(arguments, index, _TIMER, default=one) for index, one in enumerate(kept, start=1)]
        before = self.granted
        self._psm.record = _OFF_AND_DEFAULTS if mode == 2 else (str(mode), *bits)
        self._ask(self._device.radio.attached)
        if self.granted != before:
            self._changed()
        return ()

    # -- eDRX

    @property
    def _cycle(self) -> str:
        return self._edrx.record[0]

    def _cell(self) -> int:
        """``<AcT-type>`` of eDRX, which counts otherwise than ``<AcT>`` does."""
        return _NB_IOT if self._device.radio.technology == 9 else _E_UTRAN

    def _edrx_granted(self) -> str:
        return f'{self._cell()},"{self._cycle}","{self._cycle}","{_WINDOW}"' if self._cycle else "0"

    def _set_edrx(self, arguments: Arguments) -> Lines:
        at_most(arguments, 3)
        mode = integer(arguments, 0, range(4), default=_OFF)
        cell = integer(arguments, 1, range(1, 6), default=self._cell())
        bits = text(arguments, 2, _CYCLE, default=self._cycle or "0010")
        if cell != self._cell():
            raise CommandError(BAD_PARAMETER)
        before = self._cycle
        self._edrx.record = (bits if mode in (_ON, _REPORTED) else "",)
        if mode == _REPORTED and self._cycle != before:
            self._device.emit(f"+CEDRXP: {self._edrx_granted()}")
        self._ask(self._device.radio.attached)
        return ()


def _can_be_psm(record: Record) -> bool:
    return (
        len(record) == len(_OFF_AND_DEFAULTS)
        and record[0] in ("0", "1")
        and all(not bits or _TIMER.fullmatch(bits) for bits in record[1:3])
        and all(_TIMER.fullmatch(bits) for bits in record[3:])
    )


def _can_be_edrx(record: Record) -> bool:
    return len(record) == 1 and (not record[0] or _CYCLE.fullmatch(record[0]) is not None)
