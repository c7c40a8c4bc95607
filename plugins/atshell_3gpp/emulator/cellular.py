"""3GPP TS 27.007: identity, error reports, functionality, signal and operator."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from atshell.emulator.device import CommandError, Device, Handler, Lines
from atshell.emulator.radio import Radio, Registration
from atshell.errors import AtshellError
from atshell_3gpp.emulator.forms import (
    BAD_PARAMETER,
    NOT_ALLOWED,
    NOT_SUPPORTED,
    Arguments,
    Forms,
    at_most,
    integer,
    nothing,
    text,
)

SOFTWARE_VERSION = "01"
_SIM_CARDS = {"cmcc": ("46000", "898600"), "ctcc": ("46011", "898603"), "cucc": ("46001", "898601")}
"""How the IMSI of an operator begins, with the number of its network, and how the ICCID (ITU-T E.212, E.118)."""
_CHARACTER_SETS = ("GSM", "IRA", "UCS2")
_CHARACTER_SET = re.compile("|".join(_CHARACTER_SETS), re.IGNORECASE)
_AUTOMATIC, _DEREGISTER = 0, 2  # <mode> of AT+COPS


class Cellular:
    def __init__(self, device: Device) -> None:
        self._device = device
        self._network = self._insert_sim(device.options.operator)
        self._operator_mode = _AUTOMATIC
        self._characters = "IRA"

    def reset(self) -> None:
        """What AT&F and ATZ put back."""
        self._characters = "IRA"

    def reboot(self) -> None:
        self.reset()
        self._operator_mode = _AUTOMATIC

    @property
    def handlers(self) -> Mapping[str, Handler]:
        return {**self._identity(), **self._status(), **self._network_commands()}

    def _identity(self) -> dict[str, Handler]:
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
            "+CPIN": Forms(read=lambda: ["+CPIN: READY"], write=self._enter_pin),
            "+CLAC": Forms(execute=lambda: [f"AT{name}" for name in device.commands]),
        }

    def _status(self) -> dict[str, Handler]:
        return {
            "+CMEE": Forms(
                test=lambda: ["+CMEE: (0-2)"],
                read=lambda: [f"+CMEE: {self._device.settings.cmee}"],
                write=self._set_error_reports,
            ),
            "+CFUN": Forms(
                test=lambda: ["+CFUN: (0,1,4),(0,1)"],
                read=lambda: [f"+CFUN: {self._device.settings.cfun}"],
                write=self._set_functionality,
            ),
            "+CPAS": Forms(test=lambda: ["+CPAS: (0)"], execute=lambda: ["+CPAS: 0"]),
            "+CSCS": Forms(
                test=lambda: [f"+CSCS: ({','.join(map(_quoted, _CHARACTER_SETS))})"],
                read=lambda: [f"+CSCS: {_quoted(self._characters)}"],
                write=self._set_characters,
            ),
        }

    def _network_commands(self) -> dict[str, Handler]:
        radio = self._device.radio
        return {
            "+CSQ": Forms(
                test=lambda: ["+CSQ: (0-31,99),(0-7,99)"], execute=lambda: [f"+CSQ: {radio.signal},{self._errors()}"]
            ),
            "+CESQ": Forms(
                test=lambda: ["+CESQ: (0-63,99),(0-7,99),(0-96,255),(0-49,255),(0-34,255),(0-97,255)"],
                execute=lambda: [f"+CESQ: 99,99,255,255,{self._quality()}"],
            ),
            "+CGATT": Forms(
                test=lambda: ["+CGATT: (0,1)"], read=lambda: [f"+CGATT: {int(radio.attached)}"], write=self._attach
            ),
            "+COPS": Forms(test=self._operators, read=self._operator, write=self._select_operator),
            "+CNMPSD": Forms(execute=nothing),  # nothing is connected that could be let go earlier
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

    def _errors(self) -> int:
        """``<ber>``: 99 where nothing can be measured (27.007, 8.5)."""
        return 0 if self._device.radio.signal != Radio.UNKNOWN_SIGNAL else 99

    def _quality(self) -> str:
        """``<rsrq>,<rsrp>``: -10 dB, -85 dBm where there is a network (27.007, 8.69)."""
        return "20,56" if self._device.radio.signal != Radio.UNKNOWN_SIGNAL else "255,255"

    def _set_characters(self, arguments: Arguments) -> Lines:
        """Nothing that is emulated has strings that it would change."""
        at_most(arguments, 1)
        self._characters = text(arguments, 0, _CHARACTER_SET, default="IRA").upper()
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


def _quoted(value: str) -> str:
    return f'"{value}"'
