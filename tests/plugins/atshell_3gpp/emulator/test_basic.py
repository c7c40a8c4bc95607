from __future__ import annotations

import pytest

from .conftest import Bench


def test_identification(bench: Bench) -> None:
    bench.dialogue(
        """
        > AT
        < OK
        > ATI
        < atshell emulator
        < MN316
        < Revision: MN316-FW1
        < OK
        > ATI9
        < atshell emulator
        < MN316
        < Revision: MN316-FW1
        < OK
        """
    )


def test_echo_form_and_silence(bench: Bench) -> None:
    assert bench.ask("ATE1") == ["OK"]
    assert bench.ask("AT") == ["AT\r", "OK"]
    assert bench.ask("ATE") == ["ATE\r", "OK"]
    assert bench.ask("ATV") == ["0\r"]
    assert bench.ask("ATE2") == ["4\r"]
    assert bench.ask("ATV1") == ["OK"]
    assert bench.ask("ATQ1") == []
    assert bench.ask("ATI") == ["atshell emulator", "MN316", "Revision: MN316-FW1"]
    assert bench.ask("ATQ") == ["OK"]


def test_registers(bench: Bench) -> None:
    bench.dialogue(
        """
        > ATS3?
        < 013
        < OK
        > ATS4?S5?
        < 010
        < 008
        < OK
        > ATS5=127
        < OK
        > ATS5?
        < 127
        < OK
        > ATS5=128
        < +CME ERROR: 50
        > ATS5=
        < +CME ERROR: 50
        > ATS5
        < ERROR
        > ATS9?
        < ERROR
        """
    )


@pytest.mark.parametrize("command", ["AT&F", "ATZ", "AT&F0", "ATZ0"])
def test_defaults_come_back(bench: Bench, command: str) -> None:
    bench.dialogue(
        f"""
        > ATE1V1S5=9;+CMEE=2;+CEREG=1
        < OK
        > {command}
        < {command}\r
        < OK
        > ATS5?;+CMEE?;+CEREG?
        < 008
        < +CMEE: 1
        < +CEREG: 0,1
        < OK
        """
    )


@pytest.mark.parametrize("line", ["ATE2", "ATE=1", "ATE?", "ATQ2", "ATV2", "AT&F1", "ATZ1", "ATI10", "ATI=?"])
def test_what_a_basic_command_does_not_know(bench: Bench, line: str) -> None:
    assert bench.ask(line) == ["ERROR"]


def test_the_kept_profile(bench: Bench) -> None:
    bench.dialogue(
        """
        > AT+CMEE=2;&W
        < OK
        > AT+CMEE=0;Z;+CMEE?
        < +CMEE: 2
        < OK
        > AT&F;+CMEE?
        < +CMEE: 1
        < OK
        > ATZ0;+CMEE?
        < +CMEE: 2
        < OK
        > AT&W1
        < ERROR
        """
    )
