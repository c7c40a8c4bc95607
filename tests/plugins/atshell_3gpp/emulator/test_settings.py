from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell.at.command import Command, Form
from atshell.at.syntax import Argument
from atshell.emulator.storage import Storage
from atshell_3gpp.emulator.forms import Forms
from atshell_3gpp.emulator.settings import SETTINGS, NumberSettings, Setting, written

from .conftest import Bench


def test_set_and_read_back(bench: Bench) -> None:
    bench.dialogue(
        """
        > AT+CGEREP=?;+CGEREP?
        < +CGEREP: (0-2),(0,1)
        < +CGEREP: 0,0
        < OK
        > AT+CGEREP=2,1
        < OK
        > AT+CGEREP=1
        < OK
        > AT+CGEREP?
        < +CGEREP: 1,1
        < OK
        > AT+CGEREP=
        < OK
        > AT+CGEREP?
        < +CGEREP: 0,1
        < OK
        > AT+CSCON=1;+CSCON?
        < +CSCON: 1,0
        < OK
        > AT+CIPCA=?;+CIPCA=3,1;+CIPCA?
        < +CIPCA: (3),(0,1)
        < +CIPCA: 3,1
        < OK
        > AT+CCIOTOPT=1,3,2;+CCIOTOPT?
        < +CCIOTOPT: 1,3,2
        < OK
        """
    )


@pytest.mark.parametrize("line", ["AT+CGEREP=3", "AT+CGEREP=1,2", "AT+CGEREP=1,1,1", "AT+CSCON=x", "AT+CIPCA=1"])
def test_out_of_range_changes_nothing(bench: Bench, line: str) -> None:
    name = line.removeprefix("AT").partition("=")[0]
    before = bench.ask(f"AT{name}?")
    assert bench.ask(line) == ["+CME ERROR: 50"]
    assert bench.ask(f"AT{name}?") == before


def test_what_the_host_hears_is_forgotten_what_the_network_hears_is_kept(bench: Bench) -> None:
    bench.ask("AT+CSCON=1;+CGEREP=1;+CTZU=0")
    assert bench.ask("AT&F") == ["OK"]
    assert bench.ask("AT+CSCON?;+CGEREP?;+CTZU?") == ["+CSCON: 0,0", "+CGEREP: 0,0", "+CTZU: 0", "OK"]


@pytest.mark.parametrize("name", SETTINGS)
def test_a_default_is_allowed(name: str) -> None:
    setting = SETTINGS[name]
    assert all(value in allowed for value, allowed in zip(setting.default, setting.allowed, strict=True))


@pytest.mark.parametrize(("allowed", "text"), [(range(3), "(0-2)"), (range(2), "(0,1)"), (range(3, 4), "(3)")])
def test_how_a_range_is_written(allowed: range, text: str) -> None:
    assert written(allowed) == text


@given(st.lists(st.integers(0, 4), min_size=1, max_size=3))
def test_any_allowed_numbers_are_read_back(values: list[int]) -> None:
    settings = NumberSettings(Storage(None, "MN316", ""), {"+X": Setting((range(5), range(5), range(5)), (0, 0, 0))})
    handler = settings.handlers["+X"]
    assert isinstance(handler, Forms)
    handler(Command("+X", Form.WRITE, tuple(Argument(str(value)) for value in values)))
    expected = ",".join(map(str, [*values, 0, 0][:3]))
    assert handler(Command("+X", Form.READ)) == [f"+X: {expected}"]
