"""3GPP TS 27.007: identity, error reports, functionality, signal and registration."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from atshell.emulator.device import CommandError, Device, Handler, Lines
from atshell.emulator.radio import Registration
from atshell.errors import AtshellError
from atshell_3gpp.emulator.forms import BAD_PARAMETER, NOT_ALLOWED, NOT_SUPPORTED, Arguments, Forms, at_most, integer

TAC, CELL = "1AF4", "05F2B1C3"
SOFTWARE_VERSION = "01"
_SIM_CARDS = {"cmcc": ("46000", "898600"), "ctcc": ("46011", "898603"), "cucc": ("46001", "898601")}
"""How the IMSI of an operator begins, with the number of its network, and how the ICCID (ITU-T E.212, E.118)."""
_TIME = re.compile(r"(\d\d)/(\d\d)/(\d\d),(\d\d):(\d\d):(\d\d)([+-]\d\d)", re.ASCII)
_QUARTER = timedelta(minutes=15)
_AUTOMATIC, _DEREGISTER = 0, 2  # <mode> of AT+COPS


class Cellular:
    """``started`` is the wall clock when the device's clock stood at 0."""

    def __init__(self, device: Device, started: datetime) -> None:
        self._device = device
        self._network = self._insert_sim(device.options.operator)
        self._started = started - timedelta(seconds=device.clock.now())
        self._zone = 32 * _QUARTER
        self._reports = 0
        self._operator_mode = _AUTOMATIC
        device.radio.listen(self._registration_changed)

    def reset(self) -> None:
        """What AT&F and ATZ put back."""
        self._reports = 0

    def reboot(self) -> None:
        self.reset()
        self._operator_mode = _AUTOMATIC

    @property
    def handlers(self) -> Mapping[str, Handler]:
        device = self._device
        manufacturer = Forms(execute=lambda: [device.identity.manufacturer])
        model = Forms(execute=lambda: [device.profile.model])
        revision = Forms(execute=lambda: [device.profile.firmware])
        serial = Forms(test=lambda: ["+CGSN: (0-3)"], write=self._serial_number, execute=lambda: [device.identity.imei])
        return {
            "+CGMI": manufacturer,
            "+CGMM": model,
            "+CGMR": revision,
            "+CGSN": serial,
            "+GMI": manufacturer,  # V.250 6.1.4 to 6.1.7 have the same under these names
            "+GMM": model,
            "+GMR": revision,
            "+GSN": Forms(execute=lambda: [device.identity.imei]),
            "+CIMI": Forms(execute=lambda: [device.identity.imsi]),
            "+CMEE": Forms(
                test=lambda: ["+CMEE: (0-2)"],
                read=lambda: [f"+CMEE: {device.settings.cmee}"],
                write=self._set_error_reports,
            ),
            "+CFUN": Forms(
                test=lambda: ["+CFUN: (0,1,4),(0,1)"],
                read=lambda: [f"+CFUN: {device.settings.cfun}"],
                write=self._set_functionality,
            ),
            "+CPIN": Forms(read=lambda: ["+CPIN: READY"], write=self._enter_pin),
            "+CSQ": Forms(
                test=lambda: ["+CSQ: (0-31,99),(0-7,99)"], execute=lambda: [f"+CSQ: {device.radio.signal},0"]
            ),
            "+CEREG": Forms(
                test=lambda: ["+CEREG: (0-5)"],
                read=lambda: [f"+CEREG: {self._reports},{self._registration()}"],
                write=self._set_reports,
            ),
            "+CGATT": Forms(
                test=lambda: ["+CGATT: (0,1)"],
                read=lambda: [f"+CGATT: {int(device.radio.attached)}"],
                write=self._attach,
            ),
            "+COPS": Forms(test=self._operators, read=self._operator, write=self._select_operator),
            "+CCLK": Forms(read=self._time, write=self._set_time),
            "+CLAC": Forms(execute=lambda: [f"AT{name}" for name in device.commands]),
        }

    # -- Identity and error reports

    def _serial_number(self, arguments: Arguments) -> Lines:
        """27.007, 5.4: the serial number, the IMEI, the IMEISV or the software version."""
        at_most(arguments, 1)
        imei = self._device.identity.imei
        kind = integer(arguments, 0, range(4))
        if kind == 0:
            return [imei]
        return [f'+CGSN: "{(imei, imei[:14] + SOFTWARE_VERSION, SOFTWARE_VERSION)[kind - 1]}"']

    def _set_error_reports(self, arguments: Arguments) -> Lines:
        at_most(arguments, 1)
        self._device.settings.cmee = integer(arguments, 0, range(3), default=0)
        return ()

    def _enter_pin(self, arguments: Arguments) -> Lines:
        """No PIN is awaited."""
        raise CommandError(NOT_ALLOWED)

    # -- Functionality and registration

    def _set_functionality(self, arguments: Arguments) -> Lines:
        at_most(arguments, 2)
        functionality = integer(arguments, 0, range(5), default=1)
        restart = integer(arguments, 1, range(2), default=0)
        if functionality not in (0, 1, 4) or (restart and functionality != 1):
            raise CommandError(BAD_PARAMETER)
        if restart:
            self._device.reboot()
        else:
            self._device.settings.cfun = functionality
            self._device.radio.switch(functionality == 1)
        return ()

    def _registration(self) -> str:
        """``<stat>``, and where the cell is known and asked for ``,<tac>,<ci>,<AcT>`` (27.007, 10.1.22)."""
        radio = self._device.radio
        if self._reports < 2 or not radio.attached:
            return f"{radio.registration:d}"
        return f'{radio.registration:d},"{TAC}","{CELL}",{radio.technology}'

    def _registration_changed(self, _attached: bool) -> None:
        if self._reports:
            self._device.emit(f"+CEREG: {self._registration()}")

    def _set_reports(self, arguments: Arguments) -> Lines:
        at_most(arguments, 1)
        self._reports = integer(arguments, 0, range(6), default=0)
        return ()

    def _attach(self, arguments: Arguments) -> Lines:
        at_most(arguments, 1)
        attach = integer(arguments, 0, range(2)) == 1
        if self._device.settings.cfun != 1:
            raise CommandError(NOT_ALLOWED)
        self._device.radio.want(attach)
        return ()

    # -- Operator

    def _insert_sim(self, operator: str) -> str:
        """Give the module that operator's card; the number of its network."""
        if operator not in _SIM_CARDS:
            raise AtshellError(f"{operator!r} is no operator", f"choose one of {', '.join(_SIM_CARDS)}")
        network, issuer = _SIM_CARDS[operator]
        identity = self._device.identity
        self._device.identity = replace(
            identity, imsi=network + identity.imsi[len(network) :], iccid=issuer + identity.iccid[len(issuer) :]
        )
        return network

    def _operators(self) -> Lines:
        if self._device.radio.registration is Registration.NOT_SEARCHING:
            return ["+COPS: ,,(0,2),(2)"]
        return [f'+COPS: (2,"","","{self._network}",{self._device.radio.technology}),,(0,2),(2)']

    def _operator(self) -> Lines:
        radio = self._device.radio
        where = f',2,"{self._network}",{radio.technology}' if radio.attached else ""
        return [f"+COPS: {self._operator_mode}{where}"]

    def _select_operator(self, arguments: Arguments) -> Lines:
        """There is one network, which is taken or left (27.007, 7.3)."""
        mode = integer(arguments, 0, range(5), default=_AUTOMATIC)
        if mode not in (_AUTOMATIC, _DEREGISTER):
            raise CommandError(NOT_SUPPORTED)
        at_most(arguments, 1)
        self._operator_mode = mode
        self._device.radio.want(mode == _AUTOMATIC)
        return ()

    # -- Time

    def _time(self) -> Lines:
        zone = timezone(self._zone)
        now = (self._started + timedelta(seconds=self._device.clock.now())).astimezone(zone)
        return [f'+CCLK: "{now:%y/%m/%d,%H:%M:%S}{self._zone // _QUARTER:+03}"']

    def _set_time(self, arguments: Arguments) -> Lines:
        """27.007, 8.15: the time zone counts in quarters of an hour."""
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
