from __future__ import annotations

import pytest

from atshell.at.command import parse_line
from atshell.emulator.device import CommandError
from atshell_onemo.emulator.fields import Fields


def _fields(text: str) -> Fields:
    return Fields(parse_line(f"AT+X={text}").commands[0], 1, 4)


def test_numbers_and_strings():
    fields = _fields('0x400,"a,b",abc,')
    assert fields.integer(0) == 1024
    assert fields.string(1) == "a,b"
    assert fields.text(2) == "abc"
    assert fields.integer(3, default=7) == 7
    assert not fields.given(3)
    assert not fields.given(9)


@pytest.mark.parametrize(("text", "high"), [("-1", 9), ("10", 9), ('"1"', 9), ("", 9), ("1.0", 9), ("x", 9)])
def test_numbers_that_are_none(text, high):
    with pytest.raises(CommandError, match=r"\+CIS ERROR: 601"):
        _fields(f"{text},0").integer(0, high)


@pytest.mark.parametrize("line", ["AT+X?", "AT+X=1,2,3,4,5", 'AT+X="abc', "AT+X"])
def test_forms_and_counts(line):
    with pytest.raises(CommandError, match="601"):
        Fields(parse_line(line).commands[0], 1, 4)
