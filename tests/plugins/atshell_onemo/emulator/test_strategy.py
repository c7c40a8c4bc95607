from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell_onemo.emulator.strategy import read


@pytest.mark.parametrize(
    ("query", "depth", "strategy"),
    [
        ("pmin=18;lt=0.0;gt=60.0;stp=2.0", 3, {"pmin": "18", "lt": "0.0", "gt": "60.0", "st": "2.0"}),
        ("pmin=10;pmax=60", 1, {"pmin": "10", "pmax": "60"}),
        ("pmax=1", 3, {"pmax": "1"}),
        ("pmax=0", 3, None),
        ("pmin=60;pmax=60", 3, None),
        ("lt=10;gt=10", 3, None),
        ("lt=0;gt=4;st=2", 3, None),
        ("lt=0;gt=4.1;st=2", 3, {"lt": "0", "gt": "4.1", "st": "2"}),
        ("gt=4", 2, None),
        ("pmin=-1", 3, None),
        ("pmin=1.5", 3, None),
        ("lt=1e3", 3, None),
        ("epmin=5", 3, None),
        ("pmin", 3, {}),
    ],
)  # fmt: skip
def test_what_the_manual_says_of_it(query: str, depth: int, strategy: dict[str, str] | None) -> None:
    assert read(query.split(";"), depth, {}) == strategy


def test_what_held_before_holds_on() -> None:
    assert read(["pmax=60"], 3, {"pmin": "10"}) == {"pmin": "10", "pmax": "60"}
    assert read(["pmax=9"], 3, {"pmin": "10"}) is None
    assert read(["pmin="], 3, {"pmin": "10", "pmax": "60"}) == {"pmax": "60"}


@given(st.lists(st.text(max_size=12), max_size=6), st.integers(1, 3))
def test_any_text(query: list[str], depth: int) -> None:
    read(query, depth, {})
