"""The module's clock (3GPP TS 27.007, 8.15), and what it tells of the time zone (8.41)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone

from atshell.emulator.device import CommandError, Device, Handler, Lines
from atshell_3gpp.emulator.forms import BAD_PARAMETER, Arguments, Forms, at_most, integer

_TIME = re.compile(r"(\d\d)/(\d\d)/(\d\d),(\d\d):(\d\d):(\d\d)([+-]\d\d)", re.ASCII)
_QUARTER = timedelta(minutes=15)


class WallClock:
    """``started`` is the wall clock when the device's clock stood at 0."""

    def __init__(self, device: Device, started: datetime) -> None:
        self._device = device
        self._started = started - timedelta(seconds=device.clock.now())
        self._zone = 32 * _QUARTER
        self._reports = 0
        device.radio.listen(self._registration_changed)

    def reset(self) -> None:
        """What AT&F, ATZ and a reboot put back."""
        self._reports = 0

    @property
    def handlers(self) -> Mapping[str, Handler]:
        return {
            "+CCLK": Forms(read=self._time, write=self._set_time),
            "+CTZR": Forms(
                test=lambda: ["+CTZR: (0-3)"], read=lambda: [f"+CTZR: {self._reports}"], write=self._set_reports
            ),
        }

    def _now(self) -> datetime:
        now = self._started + timedelta(seconds=self._device.clock.now())
        return now.astimezone(timezone(self._zone))

    def _quarters(self) -> str:
        return f"{self._zone // _QUARTER:+03}"

    def _time(self) -> Lines:
        return [f'+CCLK: "{self._now():%y/%m/%d,%H:%M:%S}{self._quarters()}"']

    def _set_time(self, arguments: Arguments) -> Lines:
        """The time zone counts in quarters of an hour."""
        at_most(arguments, 1)
        match = _TIME.fullmatch(arguments[0].text) if arguments and arguments[0].quoted else None
        if match is None:
            raise CommandError(BAD_PARAMETER)
        *date, zone = map(int, match.groups())
        year, month, day, hour, minute, second = date
        try:
            local = datetime(2000 + year, month, day, hour, minute, second, tzinfo=timezone(zone * _QUARTER))
        except ValueError:
            raise CommandError(BAD_PARAMETER) from None
        self._zone = zone * _QUARTER
        self._started = local.astimezone(UTC) - timedelta(seconds=self._device.clock.now())
        return ()

    def _set_reports(self, arguments: Arguments) -> Lines:
        at_most(arguments, 1)
        self._reports = integer(arguments, 0, range(4), default=0)
        return ()

    def _registration_changed(self, attached: bool) -> None:
        """The network tells the zone when the module registers."""
        if not attached or not self._reports:
            return
        zone, now = f'"{self._quarters()}"', self._now()
        name, moment = ("+CTZE", now) if self._reports == 2 else ("+CTZEU", now.astimezone(UTC))
        line = f"+CTZV: {zone}" if self._reports == 1 else f'{name}: {zone},0,"{moment:%Y/%m/%d,%H:%M:%S}"'
        self._device.emit(line)
