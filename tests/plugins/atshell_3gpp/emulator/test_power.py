from __future__ import annotations

import pytest

from .conftest import Bench


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
