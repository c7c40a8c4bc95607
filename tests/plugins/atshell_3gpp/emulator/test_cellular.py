from __future__ import annotations

import pytest

from atshell.errors import AtshellError

from .conftest import Bench


def test_identity(bench: Bench) -> None:
    bench.dialogue(
        """
        > AT+CGMI;+GMI
        < atshell emulator
        < atshell emulator
        < OK
        > AT+CGMM;+GMM
        < MN316
        < MN316
        < OK
        > AT+CGMR;+GMR
        < MN316-FW1
        < MN316-FW1
        < OK
        > AT+CGSN;+GSN;+CGSN=0
        < 869975030000461
        < 869975030000461
        < 869975030000461
        < OK
        > AT+CGSN=1
        < +CGSN: "869975030000461"
        < OK
        > AT+CGSN=2
        < +CGSN: "8699750300004601"
        < OK
        > AT+CGSN=3
        < +CGSN: "01"
        < OK
        > AT+CIMI
        < 460001064826326
        < OK
        > AT+CPIN?
        < +CPIN: READY
        < OK
        > AT+CPIN="1234"
        < +CME ERROR: 3
        """
    )


def test_error_reports(bench: Bench) -> None:
    bench.dialogue(
        """
        > AT+CMEE=?
        < +CMEE: (0-2)
        < OK
        > AT+CMEE=3
        < +CME ERROR: 50
        > AT+CMEE=2
        < OK
        > AT+CMEE=3
        < +CME ERROR: Incorrect parameters
        > AT+CMEE=
        < OK
        > AT+CMEE=3
        < ERROR
        > AT+CMEE?
        < +CMEE: 0
        < OK
        """
    )


def test_registration_is_reported(bench: Bench) -> None:
    bench.dialogue(
        """
        > AT+CEREG=1
        < OK
        ! network lost
        < +CEREG: 2
        > AT+CSQ
        < +CSQ: 99,99
        < OK
        > AT+COPS?
        < +COPS: 0
        < OK
        ! network found
        > AT+CEREG?
        < +CEREG: 1,2
        < OK
        ~ 0.1
        < +CEREG: 1
        > AT+CEREG=2
        < OK
        > AT+CFUN=4
        < OK
        < +CEREG: 0
        > AT+CGATT?
        < +CGATT: 0
        < OK
        > AT+CGATT=1
        < +CME ERROR: 3
        > AT+CFUN=1
        < OK
        < +CEREG: 2
        ~ 0.1
        < +CEREG: 1,"1AF4","05F2B1C3",9
        > AT+CEREG?
        < +CEREG: 2,1,"1AF4","05F2B1C3",9
        < OK
        > AT+CGATT=0
        < OK
        < +CEREG: 0
        > AT+COPS=?
        < +COPS: ,,(0,2),(2)
        < OK
        > AT+CGATT=1
        < OK
        < +CEREG: 2
        ~ 0.1
        < +CEREG: 1,"1AF4","05F2B1C3",9
        > AT+CEREG=0;+CFUN=0
        < OK
        """
    )


def test_restart(bench: Bench) -> None:
    bench.dialogue(
        """
        > AT+CEREG=1;+CMEE=2
        < OK
        > AT+CFUN=1,1
        < OK
        > AT
        ~ 0.2
        > AT+CEREG?;+CMEE?;+CFUN?
        < +CEREG: 0,1
        < +CMEE: 1
        < +CFUN: 1
        < OK
        """
    )


def test_operator(bench: Bench) -> None:
    bench.dialogue(
        """
        > AT+COPS?
        < +COPS: 0,2,"46000",9
        < OK
        > AT+COPS=?
        < +COPS: (2,"","","46000",9),,(0,2),(2)
        < OK
        > AT+COPS=2
        < OK
        > AT+COPS?
        < +COPS: 2
        < OK
        > AT+COPS=1,2,"46001"
        < +CME ERROR: 4
        > AT+COPS=0
        < OK
        ~ 0.1
        > AT+COPS?;+CGATT?
        < +COPS: 0,2,"46000",9
        < +CGATT: 1
        < OK
        """
    )


@pytest.mark.parametrize(
    ("operator", "network", "issuer"),
    [("cmcc", "46000", "898600"), ("ctcc", "46011", "898603"), ("cucc", "46001", "898601")],
)
def test_the_sim_card_is_the_operators(operator: str, network: str, issuer: str) -> None:
    bench = Bench(operator)
    assert bench.ask("AT+CIMI") == [f"{network}1064826326", "OK"]
    assert bench.ask("AT+COPS?") == [f'+COPS: 0,2,"{network}",9', "OK"]
    assert bench.device.identity.iccid == f"{issuer}01064826326459"


def test_an_operator_that_is_not_known() -> None:
    with pytest.raises(AtshellError, match="choose one of cmcc, ctcc, cucc"):
        Bench("nobody")


def test_signal_quality_goes_with_the_network(bench: Bench) -> None:
    bench.dialogue(
        """
        > AT+CESQ;+CPAS
        < +CESQ: 99,99,255,255,20,56
        < +CPAS: 0
        < OK
        ! network lost
        > AT+CESQ;+CSQ
        < +CESQ: 99,99,255,255,255,255
        < +CSQ: 99,99
        < OK
        """
    )


def test_character_set(bench: Bench) -> None:
    bench.dialogue(
        """
        > AT+CSCS?
        < +CSCS: "IRA"
        < OK
        > AT+CSCS="gsm";+CSCS?
        < +CSCS: "GSM"
        < OK
        > AT+CSCS="EBCDIC"
        < +CME ERROR: 50
        > AT+CSCS=;+CSCS?
        < +CSCS: "IRA"
        < OK
        """
    )


@pytest.mark.parametrize(
    "line",
    [
        *("AT+CFUN=2", "AT+CFUN=5", "AT+CFUN=-1", "AT+CFUN=0,1", "AT+CFUN=1,2", "AT+CFUN=1,0,0", 'AT+CFUN="1"'),
        *("AT+CMEE=3", "AT+CMEE=x", "AT+CMEE=1,1", "AT+CMEE=99999999999999999999", "AT+CMEE=٣"),
        *("AT+CEREG=6", "AT+CEREG=1,2", "AT+CGATT=2", "AT+CGATT=", "AT+CGSN=4", "AT+CGSN=", "AT+COPS=5"),
        *('AT+CCLK="24/02/30,00:00:00+32"', "AT+CCLK=24/02/28", 'AT+CCLK=""', 'AT+CCLK="24/02/29,00:00:00+99"'),
    ],
)
def test_parameters_out_of_range(bench: Bench, line: str) -> None:
    before = bench.ask("AT+CFUN?;+CMEE?;+CEREG?;+CGATT?;+COPS?;+CCLK?")
    assert bench.ask(line) == ["+CME ERROR: 50"]
    assert bench.ask("AT+CFUN?;+CMEE?;+CEREG?;+CGATT?;+COPS?;+CCLK?") == before


@pytest.mark.parametrize("line", ["AT+CSQ?", "AT+CSQ=1", "AT+CFUN", "AT+CGMI?", "AT+CLAC?", "AT+CEREG", "AT+CIMI=1"])
def test_forms_that_a_command_does_not_have(bench: Bench, line: str) -> None:
    assert bench.ask(line) == ["+CME ERROR: 4"]
