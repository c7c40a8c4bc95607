from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell_lwm2m.filter.tokens import MAX_LENGTH, FilterError, tokens


def test_words_are_wide() -> None:
    found = tokens("src==10.8.0.7:5683 and rtt>150ms or /3/0/9<2.5")
    assert [(one.text, one.column) for one in found] == [
        ("src", 1), ("==", 4), ("10.8.0.7:5683", 6), ("and", 20), ("rtt", 24), (">", 27), ("150ms", 28), ("or", 34),
        ("/3/0/9", 37), ("<", 43), ("2.5", 44), ("", 47),
    ]  # fmt: skip


def test_text_in_either_quotes() -> None:
    found = tokens(r""" "a 'b' \"c\"" 'd "e"' """)
    assert [(one.kind, one.text) for one in found] == [("text", "a 'b' \"c\""), ("text", 'd "e"'), ("end", "")]


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [
        ("op = 3", 4, "a single =: write =="),
        ("op & x", 4, "a single &: write and"),
        ("op | x", 4, "a single |: write or"),
        ('op == "x', 7, "no closing"),
        ('op == "x\\', 7, "no closing"),
        ("x" * (MAX_LENGTH + 1), MAX_LENGTH, "make it shorter"),
    ],
)
def test_errors_tell_the_column(text: str, column: int, says: str) -> None:
    with pytest.raises(FilterError, match=says) as caught:
        tokens(text)
    assert caught.value.column == column


@given(st.text(max_size=60))
def test_any_text_gives_tokens_that_go_on(text: str) -> None:
    try:
        columns = [one.column for one in tokens(text)]
    except FilterError as error:
        columns = [error.column]
    assert columns == sorted(set(columns))
    assert all(1 <= column <= len(text) + 1 for column in columns)
