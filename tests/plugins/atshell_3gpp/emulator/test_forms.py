from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell.at.command import Command, Form
from atshell.at.syntax import Argument
from atshell.catalog.profile import Profile
from atshell.emulator.clock import ManualClock
from atshell.emulator.device import CommandError, Device, EmulatorOptions
from atshell_3gpp.emulator.forms import BAD_PARAMETER, NOT_SUPPORTED, Forms, at_most, integer, text, worded


def test_each_form_has_its_answer() -> None:
    forms = Forms(
        test=lambda: ["test"],
        read=lambda: ["read"],
        write=lambda arguments: [str(argument) for argument in arguments],
        execute=lambda: ["execute"],
    )
    assert [forms(Command("+X", form)) for form in (Form.TEST, Form.READ, Form.EXECUTE)] == [
        *(["test"], ["read"], ["execute"])
    ]
    assert forms(Command("+X", Form.WRITE, (Argument("1"), Argument("a", quoted=True)))) == ["1", '"a"']


@pytest.mark.parametrize("form", [Form.READ, Form.WRITE, Form.EXECUTE])
def test_a_form_that_is_not_there_is_refused(form: Form) -> None:
    with pytest.raises(CommandError) as refused:
        Forms()(Command("+X", form))
    assert refused.value.code == NOT_SUPPORTED


def test_the_test_form_is_always_there() -> None:
    assert Forms()(Command("+X", Form.TEST)) == ()


def test_an_execute_form_takes_no_parameters() -> None:
    with pytest.raises(CommandError) as refused:
        Forms(execute=lambda: ())(Command("+X", Form.EXECUTE, (Argument("1"),)))
    assert refused.value.code == BAD_PARAMETER


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300))
def test_integers_within_their_range(value: int, low: int, high: int) -> None:
    arguments = [Argument(f"{value:03}")]
    if low <= value < high:
        assert integer(arguments, 0, range(low, high)) == value
    else:
        with pytest.raises(CommandError):
            integer(arguments, 0, range(low, high))


@given(st.text())
def test_any_text_is_a_number_or_refused(text: str) -> None:
    if text.isascii() and text.isdecimal() and len(text) <= 10 and int(text) < 1000:
        assert integer([Argument(text)], 0, range(1000)) == int(text)
    else:
        with pytest.raises(CommandError):
            integer([Argument(text)], 0, range(1000))


def test_omitted_parameters() -> None:
    assert integer([], 0, range(2), default=1) == 1
    assert integer([Argument("")], 0, range(2), default=1) == 1
    with pytest.raises(CommandError):
        integer([], 0, range(2))
    with pytest.raises(CommandError):
        integer([Argument("", quoted=True)], 0, range(2), default=1)


def test_too_many_parameters() -> None:
    at_most([Argument("1")], 1)
    with pytest.raises(CommandError):
        at_most([Argument("1"), Argument("2")], 1)


def test_strings() -> None:
    letters = re.compile("[ab]+")
    assert text([Argument("ab", quoted=True)], 0, letters, default="") == "ab"
    assert text([], 0, letters, default="x") == "x"
    assert text([Argument("")], 0, letters, default="x") == "x"
    for argument in (Argument("ab"), Argument("", quoted=True), Argument("abc", quoted=True)):
        with pytest.raises(CommandError) as refused:
            text([argument], 0, letters, default="x")
        assert refused.value.code == BAD_PARAMETER


@pytest.mark.parametrize("own", [50, 53, None])
def test_a_model_has_its_own_code_for_a_parameter(own: int | None) -> None:
    device = Device(Profile("X", "FW"), EmulatorOptions("X"), ManualClock())
    forms = worded(Forms(write=lambda arguments: [str(integer(arguments, 0, range(2)))]), device)
    assert device.bad_parameter == BAD_PARAMETER
    device.bad_parameter = own
    assert forms(Command("+X", Form.WRITE, (Argument("1"),))) == ["1"]
    for command, code in (
        (Command("+X", Form.WRITE, (Argument("2"),)), own),
        (Command("+X", Form.READ), NOT_SUPPORTED),
    ):
        with pytest.raises(CommandError) as refused:
            forms(command)
        assert refused.value.code == code
