from __future__ import annotations

from .conftest import Bench


def test_traffic_is_told(bench: Bench) -> None:
    bench.dialogue(
        """
        > AT+CSCON=?;+CSCON?
        < +CSCON: (0,1)
        < +CSCON: 0,0
        < OK
        > AT+CSCON=1
        < OK
        """
    )
    bench.device.air.carry(True, b"out", lambda data: None)
    assert bench.hear() == ["+CSCON: 1"]
    bench.dialogue(
        """
        > AT+CSCON?
        < +CSCON: 1,1
        < OK
        ~ 9
        ~ 1
        < +CSCON: 0
        > AT+CSCON=2
        < +CME ERROR: 50
        > ATZ
        < OK
        > AT+CSCON?
        < +CSCON: 0,0
        < OK
        """
    )
