from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from atshell.emulator.saving import Granted
from atshell.errors import AtshellError
from atshell_3gpp.emulator.emulation import StandardCommands

from .conftest import STARTED, Bench


def test_power_saving_mode(bench: Bench) -> None:
    bench.dialogue(
        """
        > AT+CPSMS?
        < +CPSMS: 0,,,"01000011","01000011"
        < OK
        > AT+CPSMS=1,,,"00100100","00000101"
        < OK
        > AT+CPSMS?
        < +CPSMS: 1,,,"00100100","00000101"
        < OK
        > AT+CEREG=4
        < OK
        > AT+CEREG?
        < +CEREG: 4,1,"1AF4","05F2B1C3",9,,,"00000101","00100100"
        < OK
        > AT+CPSMS=0
        < OK
        < +CEREG: 1,"1AF4","05F2B1C3",9
        > AT+CPSMS?;+CEREG?
        < +CPSMS: 0,,,"00100100","00000101"
        < +CEREG: 4,1,"1AF4","05F2B1C3",9
        < OK
        > AT+CPSMS=
        < OK
        > AT+CPSMS?
        < +CPSMS: 0,,,"01000011","01000011"
        < OK
        """
    )


def test_extended_discontinuous_reception(bench: Bench) -> None:
    bench.dialogue(
        """
        > AT+CEDRXS?;+CEDRXRDP
        < +CEDRXRDP: 0
        < OK
        > AT+CEDRXS=1,5,"0101"
        < OK
        > AT+CEDRXS?;+CEDRXRDP
        < +CEDRXS: 5,"0101"
        < +CEDRXRDP: 5,"0101","0101","0011"
        < OK
        > AT+CEDRXS=2,5,"1001"
        < OK
        < +CEDRXP: 5,"1001","1001","0011"
        > AT+CEDRXS=2,5,"1001"
        < OK
        > AT+CEDRXS=3
        < OK
        > AT+CEDRXS?
        < OK
        """
    )


def test_the_radio_technology_counts_otherwise_than_elsewhere(bench: Bench) -> None:
    bench.device.radio.technology = 7
    bench.dialogue(
        """
        > AT+CEDRXS=?
        < +CEDRXS: (0-3),(4),("0000"-"1111")
        < OK
        > AT+CEDRXS=1,5,"0101"
        < +CME ERROR: 50
        > AT+CEDRXS=1,4,"0101"
        < OK
        """
    )


@pytest.mark.parametrize(
    "line",
    [
        *(
            "AT+CPSMS=3",
            'AT+CPSMS=1,,,"0100001"',
            'AT+CPSMS=1,,,"01000012"',
            "AT+CPSMS=1,,,01000011",
            "AT+CPSMS=1,,,,,",
        ),
        *("AT+CEDRXS=4", "AT+CEDRXS=1,6", 'AT+CEDRXS=1,5,"01011"', "AT+CEDRXS=1,5,0101", 'AT+CEDRXS=1,5,"0101",1'),
    ],
)
def test_parameters_out_of_range(bench: Bench, line: str) -> None:
    before = bench.ask("AT+CPSMS?;+CEDRXS?")
    assert bench.ask(line) == ["+CME ERROR: 50"]
    assert bench.ask("AT+CPSMS?;+CEDRXS?") == before


# -- Asleep


def test_psm(bench: Bench) -> None:
    """T3324 of 10 s, T3412 of 4 minutes. The network lets a connection go after 10 s, then T3324 runs."""
    bench.dialogue(
        """
        > AT+CSCON=1;+CEREG=5
        < OK
        > AT+CPSMS=1,,,"10001000","00000101"
        < OK
        < +CSCON: 1
        < +CEREG: 1,"1AF4","05F2B1C3",9,,,"00000101","10001000"
        ~ 10
        < +CSCON: 0
        ~ 9
        > AT
        < OK
        ~ 10
        > AT
        ~ 0.05
        > AT+CEREG?
        < +CEREG: 5,1,"1AF4","05F2B1C3",9,,,"00000101","10001000"
        < OK
        ~ 20
        ~ 201
        < +CSCON: 1
        > AT
        < OK
        ~ 10
        < +CSCON: 0
        ~ 10
        > AT
        ~ 0.05
        > AT+CPSMS=0
        < OK
        < +CSCON: 1
        < +CEREG: 1,"1AF4","05F2B1C3",9
        ~ 10
        < +CSCON: 0
        ~ 99999
        > AT
        < OK
        """
    )


def test_what_is_asked_for_outlasts_a_reboot(bench: Bench) -> None:
    bench.ask('AT+CPSMS=1,,,"01000011","00000101"')
    bench.ask('AT+CEDRXS=1,5,"0101"')
    bench.device.reboot()
    bench.clock.advance(0.1)
    bench.hear()
    assert bench.device.saving.granted == Granted(10.0, 30 * 3600.0, 81.92, 10.24)
    assert bench.ask("ATE0")[-1] == "OK"
    assert bench.ask("AT+CPSMS?;+CEDRXS?") == ['+CPSMS: 1,,,"01000011","00000101"', '+CEDRXS: 5,"0101"', "OK"]
    bench.clock.advance(20)
    assert bench.device.asleep


def test_a_timer_that_is_off(bench: Bench) -> None:
    bench.ask('AT+CPSMS=1,,,"11100000","11100000"')
    assert bench.device.saving.granted == Granted()


def test_nothing_is_granted_without_a_network(bench: Bench) -> None:
    bench.device.radio.cover(False)
    bench.ask('AT+CPSMS=1,,,"01000011","00000101"')
    assert bench.device.saving.granted == Granted()
    bench.device.radio.cover(True)
    bench.clock.advance(0.1)
    assert bench.device.saving.granted.active == 10


@pytest.mark.parametrize(
    ("name", "record"),
    [
        ("+CPSMS", ("1",)),
        ("+CPSMS", ("2", "", "", "01000011", "01000011")),
        ("+CPSMS", ("1", "", "", "", "01000011")),
        ("+CEDRXS", ("01011",)),
        ("+CGDCONT", ("1", "IP")),
        ("+CGDCONT", ("9", "IP", "x")),
        ("+CTZU", ("7",)),
    ],
)
def test_what_no_module_has_kept(bench: Bench, name: str, record: tuple[str, ...]) -> None:
    bench.device.storage.write({name: record})
    with pytest.raises(AtshellError, match="cannot have kept"):
        StandardCommands(bench.device, STARTED)


def test_settings_outlast_the_process(tmp_path: Path) -> None:
    bench = Bench(state=tmp_path)
    bench.ask('AT+CPSMS=1,,,"01000011","00000101"')
    bench.ask('AT+CTZU=0;+CGDCONT=2,"IPV6","iot.example"')
    bench.ask("AT+CMEE=2;&W")
    asyncio.run(bench.device.close())
    again = Bench(state=tmp_path)
    assert again.ask("AT+CPSMS?;+CTZU?;+CGDCONT?;+CMEE?") == [
        '+CPSMS: 1,,,"01000011","00000101"',
        "+CTZU: 0",
        '+CGDCONT: 1,"IP","cmnbiot","",0,0',
        '+CGDCONT: 2,"IPV6","iot.example","",0,0',
        "+CMEE: 2",
        "OK",
    ]
    asyncio.run(again.device.close())
