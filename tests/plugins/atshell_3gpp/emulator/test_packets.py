from __future__ import annotations

import pytest

from .conftest import Bench


def test_the_first_context_comes_with_the_attach(bench: Bench) -> None:
    bench.dialogue(
        """
        > AT+CGDCONT?;+CGACT?;+CGPADDR;+CGCONTRDP
        < +CGDCONT: 1,"IP","cmnbiot","",0,0
        < +CGACT: 1,1
        < +CGPADDR: 1,"10.8.1.7"
        < +CGCONTRDP: 1,5,"cmnbiot"
        < OK
        > AT+CGACT=0,1
        < +CME ERROR: 171
        > AT+CGDCONT=1
        < +CME ERROR: 3
        > AT+CGATT=0
        < OK
        > AT+CGACT?;+CGPADDR;+CGCONTRDP;+CGCONTRDP=?
        < +CGACT: 1,0
        < +CGPADDR: 1
        < +CGCONTRDP: ()
        < OK
        > AT+CGACT=1,1
        < +CME ERROR: 30
        """
    )


def test_further_contexts(bench: Bench) -> None:
    bench.dialogue(
        """
        > AT+CGDCONT=2,"ipv4v6","iot.example"
        < OK
        > AT+CGDCONT=3,"Non-IP","bytes"
        < OK
        > AT+CGDCONT?
        < +CGDCONT: 1,"IP","cmnbiot","",0,0
        < +CGDCONT: 2,"IPV4V6","iot.example","",0,0
        < +CGDCONT: 3,"Non-IP","bytes","",0,0
        < OK
        > AT+CGACT=1,2,3
        < OK
        > AT+CGACT?;+CGPADDR=2,3;+CGPADDR=?
        < +CGACT: 1,1
        < +CGACT: 2,1
        < +CGACT: 3,1
        < +CGPADDR: 2,"10.8.2.7","32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.2"
        < +CGPADDR: 3
        < +CGPADDR: (1,2,3)
        < OK
        > AT+CGACT=0,3
        < OK
        > AT+CGDCONT=3
        < OK
        > AT+CGCONTRDP=?
        < +CGCONTRDP: (1,2)
        < OK
        ! network lost
        ! network found
        ~ 0.1
        > AT+CGACT?
        < +CGACT: 1,1
        < +CGACT: 2,0
        < OK
        > AT+CGDCONT=2,"IPV6"
        < OK
        > AT+CGACT=1
        < OK
        > AT+CGPADDR=2
        < +CGPADDR: 2,"32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.2"
        < OK
        """
    )


@pytest.mark.parametrize(("operator", "apn"), [("cmcc", "cmnbiot"), ("ctcc", "ctnb"), ("cucc", "nbiot")])
def test_the_access_point_is_the_operators(operator: str, apn: str) -> None:
    assert Bench(operator).ask("AT+CGDCONT?") == [f'+CGDCONT: 1,"IP","{apn}","",0,0', "OK"]


@pytest.mark.parametrize(
    "line",
    [
        *(
            "AT+CGDCONT=8",
            'AT+CGDCONT=2,"X"',
            "AT+CGDCONT=2,IP",
            'AT+CGDCONT=2,"IP","a b"',
            'AT+CGDCONT=2,"IP","a","1"',
        ),
        *('AT+CGDCONT=2,"IP","a",,1', 'AT+CGDCONT=2,"IP","a",,0,0,0', "AT+CGACT=2", "AT+CGACT=1,5", "AT+CGPADDR=5"),
        *("AT+CGPADDR=x", "AT+CGCONTRDP=1,1", "AT+CGPADDR=1,1,1,1,1,1,1,1,1"),
    ],
)
def test_parameters_out_of_range(bench: Bench, line: str) -> None:
    before = bench.ask("AT+CGDCONT?;+CGACT?")
    assert bench.ask(line) == ["+CME ERROR: 50"]
    assert bench.ask("AT+CGDCONT?;+CGACT?") == before
