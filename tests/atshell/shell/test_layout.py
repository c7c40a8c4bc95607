"""Rows: where text, meaning and time stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell.shell.layout import columns, cut, elapsed, joined, padded, row, since, two_columns
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


def test_cut_and_padded_count_columns() -> None:
    assert to_plain(cut([("", "abc"), ("dim", "平台平台")], 6)) == "abc平…"
    assert cut([("", "abc")], 3) == [("", "abc")]
    assert to_plain(cut([("", "abc")], 0)) == "…"
    assert padded("平台", 6) == "平台  "


def test_remarks_stand_in_a_column_that_fits() -> None:
    lines = [([("", "short")], [("dim", "why")]), ([("", "l" * 40)], [("dim", "because")]), ([("", "m" * 60)], [])]
    rows = [to_plain(row) for row in two_columns(lines, 30)]
    assert rows == [f"{'short':<23}why", f"{'l' * 20}…  because", f"{'m' * 29}…"]
    assert [to_plain(row) for row in two_columns(lines[:1], 30)] == ["short  why"]


@given(st.lists(st.tuples(st.text(max_size=60), st.text(max_size=40)), max_size=5), st.integers(12, 100))
def test_no_row_is_wider_than_the_terminal(texts: list[tuple[str, str]], width: int) -> None:
    lines = [([("", left)], [("dim", right)] if right else []) for left, right in texts]
    for row_ in two_columns(lines, width):
        assert all(columns(part) <= width for part in to_plain(row_).split("\n"))
