from __future__ import annotations

import pytest

from .conftest import Bench


def test_the_clock_runs_and_is_set(bench: Bench) -> None:
    bench.dialogue(
        """
        > AT+CCLK?
        < +CCLK: "26/11/20,19:03:12+32"
        < OK
        ~ 3600
        > AT+CCLK?
        < +CCLK: "26/11/20,20:03:12+32"
        < OK
        > AT+CCLK="24/02/29,23:59:59-08"
        < OK
        ~ 2
        > AT+CCLK?
        < +CCLK: "24/03/01,00:00:01-08"
        < OK
        """
    )


@pytest.mark.parametrize(
    ("reports", "line"),
    [
        (1, '+CTZV: "+32"'),
        (2, '+CTZE: "+32",0,"2026/11/20,19:03:13"'),
        (3, '+CTZEU: "+32",0,"2026/11/20,11:03:13"'),
    ],
)
def test_the_network_tells_the_zone_at_registration(bench: Bench, reports: int, line: str) -> None:
    bench.dialogue(
        f"""
        > AT+CTZR={reports}
        < OK
        ! network lost
        ~ 0.95
        ! network found
        ~ 0.05
        < {line}
        > AT+CTZR?
        < +CTZR: {reports}
        < OK
        """
    )


@pytest.mark.parametrize("line", ["AT+CTZR=4", "AT+CTZR=1,1", 'AT+CCLK="24/02/30,00:00:00+32"', "AT+CCLK=24/02/28"])
def test_parameters_out_of_range(bench: Bench, line: str) -> None:
    assert bench.ask(line) == ["+CME ERROR: 50"]
    assert bench.ask("AT+CTZR?") == ["+CTZR: 0", "OK"]
