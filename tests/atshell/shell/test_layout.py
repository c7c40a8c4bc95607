"""Rows: where text, meaning and time stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell.shell.layout import columns, elapsed, joined, row, since
from atshell.styled import to_plain


def test_a_row_has_its_meaning_in_a_column_and_its_time_at_the_edge() -> None:
    assert to_plain(row("", "OK", "", "12 ms", width=20)) == "OK             12 ms"
    shown = to_plain(row("urc", "+X: 1", "meaning", "+0.1 s", width=40))
    assert shown == "+X: 1               meaning       +0.1 s"


def test_a_long_meaning_goes_below_and_a_long_text_keeps_its_time() -> None:
    assert to_plain(row("", "+X: 1", "m" * 40, "1 ms", width=30)) == "+X: 1                     1 ms\n    " + "m" * 40
    assert to_plain(row("", "x" * 50, "", "1 ms", width=30)) == "x" * 50 + "  1 ms"


def test_wide_and_combining_characters_count_as_they_are_shown() -> None:
    assert columns("平台") == 4
    assert columns("e\u0301") == 1
    assert columns("\x1b[") == len("\\x1b[")
    assert columns(to_plain(row("", "+X: 1", "已登录平台", "1 ms", width=60))) == 60


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0.0004, "0.4 ms"), (0.012, "12 ms"), (0.9994, "999 ms"), (0.9999, "1.0 s"), (12.34, "12.3 s")],
)
def test_elapsed(seconds: float, shown: str) -> None:
    assert elapsed(seconds) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(-0.1, "+0.00 s"), (0.341, "+0.34 s"), (12.34, "+12.3 s"), (125, "+2:05"), (3725, "+1:02:05")],
)
def test_since(seconds: float, shown: str) -> None:
    assert since(seconds) == shown


@given(st.text(), st.text(), st.text(), st.integers(1, 200))
def test_nothing_from_outside_is_lost_or_breaks_it(text: str, meaning: str, right: str, width: int) -> None:
    shown = to_plain(joined([row("", text, meaning, right, width=width)]))
    assert "\x1b" not in shown
    assert to_plain([("", text)]) in shown
