"""The module as a whole: its reboot commands, what it says then, and that it goes by its manual's family."""

from __future__ import annotations

import pytest

from .conftest import MakeBench

READY = ["RDY", "+CFUN: 1", "+CPIN: READY"]
NEUL = ["REBOOT_CAUSE_APPLICATION_AT", "Neul"]


@pytest.mark.parametrize(
    ("model", "commands", "banner"),
    [
        ("BC35-G", ["AT+NRB"], NEUL),
        ("BC28", ["AT+NRB"], NEUL),
        ("BC95", ["AT+NRB"], NEUL),
        ("BC26", ["AT+QRST=1"], READY),
        ("BC20", ["AT+QRST=1"], READY),
        ("BC260Y-CN", ["AT+QRST=1"], READY),
        ("BC25", ["AT+QRST=1", "AT+NRB"], READY),
        ("BC25-B5", ["AT+QRST=1", "AT+NRB"], READY),
        ("BC25-B8", ["AT+QRST=1", "AT+NRB"], READY),
        ("BC32", ["AT+QRST=1", "AT+NRB"], READY),
        ("BC32-B8", ["AT+QRST=1", "AT+NRB"], READY),
    ],
)
def test_every_family_has_its_reboot_commands(
    bench: MakeBench, model: str, commands: list[str], banner: list[str]
) -> None:
    for line in ("AT+NRB", "AT+QRST=1", "AT+CFUN=1,1"):
        module = bench(model)
        module.ask("AT+CMEE=1")
        if line not in (*commands, "AT+CFUN=1,1"):
            assert module.ask(line) == ["ERROR"]
            continue
        assert module.ask(line) == ["OK"]  # and then it boots, and hears nothing
        assert module.ask("AT") == []
        assert module.wait() == banner
        assert module.ask("AT+CMEE?") == ["+CMEE: 0", "OK"]
        assert module.wait() == []


@pytest.mark.parametrize(("model", "wrong"), [("BC26", "ERROR"), ("BC25", "+CME ERROR: 53")])
def test_what_is_no_reboot(bench: MakeBench, model: str, wrong: str) -> None:
    module = bench(model)
    module.ask("AT+CMEE=1")
    for values in ("0", "", "2", "1,1", '"1"'):
        assert module.ask(f"AT+QRST={values}") == [wrong]
    assert module.ask("AT+QRST=?") == ["OK"]
    assert module.wait() == []


def test_a_power_cut_is_another_cause(bench: MakeBench) -> None:
    module = bench("BC28")
    assert module.power_cycle() == ["REBOOT_CAUSE_SECURITY_PMU_POWER_ON_RESET", "Neul"]
    assert module.reboot() == NEUL


def test_a_module_says_nothing_when_only_its_radio_goes_and_comes(bench: MakeBench) -> None:
    module = bench("BC28")
    assert module.ask("AT+CFUN=0") == ["OK"]
    assert module.ask("AT+CFUN=1") == ["OK"]
    assert module.wait() == []


def test_it_boots_where_there_is_no_network(bench: MakeBench) -> None:
    module = bench("BC26")
    module.device.radio.cover(network=False)
    assert module.reboot() == READY


def test_who_it_is(bench: MakeBench) -> None:
    module = bench("BC28")
    assert module.ask("AT+CGMI;+CGMM;+CGMR") == ["Quectel", "BC28", "BC28JAR01A10_ONT", "OK"]


def test_echo_is_on_by_default_and_comes_back(bench: MakeBench) -> None:
    module = bench("BC28")
    module.device.settings.echo = True
    assert module.ask("ATE0") == ["ATE0\r", "OK"]
    assert module.ask("AT+DMPCONFIG=4,0") == ["0,1", "OK"]
    module.reboot()
    assert module.ask("AT+DMPCONFIG=4,0") == ["AT+DMPCONFIG=4,0\r", "0,1", "OK"]


@pytest.mark.parametrize(
    ("model", "said"),
    [("BC28", "+CME ERROR: 50"), ("BC25", "+CME ERROR: 53"), ("BC32-B8", "+CME ERROR: 53"), ("BC26", "ERROR")],
)
def test_standard_commands_refuse_parameters_in_the_familys_words(bench: MakeBench, model: str, said: str) -> None:
    module = bench(model)
    module.ask("AT+CMEE=1")
    for line in ("AT+CFUN=7", "AT+CGATT=x", "AT+CMEE=3", "AT+CEREG=9"):
        assert module.ask(line) == [said]
    assert module.ask("AT+CPIN=1234") == ["+CME ERROR: 3"]
