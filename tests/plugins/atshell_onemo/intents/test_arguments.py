"""Parameters by position."""

from __future__ import annotations

import pytest

from atshell.at.syntax import Argument
from atshell_onemo.intents.arguments import Arguments


def arguments(*texts: str) -> Arguments:
    return Arguments(tuple(Argument(text) for text in texts))


@pytest.mark.parametrize(
    ("text", "number"),
    [("12", 12), ("-1", -1), ("0x400", 0x400), ("", None), ("x", None), ("1" * 13, None), ("0x", None), ("1.5", None)],
)
def test_numbers(text, number):
    assert arguments(text).number(0) == number


def test_what_is_not_there():
    assert arguments().number(0) is None
    assert arguments().text(3) == ""
    assert arguments().path(0) is None
    assert arguments("1").value("/3/0/1", 0, 1) == ()


@pytest.mark.parametrize(
    ("texts", "path"),
    [
        (("3200", "0", "5750"), "/3200/0/5750"),
        (("3200", "0", "-1"), "/3200/0"),
        (("3200", "-1", "-1"), "/3200"),
        (("3200", "0"), "/3200/0"),
        (("-1", "0", "1"), None),
        (("x", "0", "1"), None),
    ],
)
def test_paths(texts, path):
    assert arguments(*texts).path(0) == path


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("1", "12", "12"),
        ("2", "E309C82FE6", "e309c82fe6"),
        ("3", "-12", -12),
        ("4", "50.8", 50.8),
        ("5", "1", True),
        ("5", "2", "2"),
        ("6", "05010203", "05010203"),
        ("3", "x", "x"),
        ("", "x", "x"),
    ],
)
def test_values(kind, text, value):
    (pair,) = arguments(kind, text).value("/3200/0/5750", 0, 1)
    assert pair == ("/3200/0/5750", value)
    assert type(pair[1]) is type(value)
