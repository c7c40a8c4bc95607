from __future__ import annotations

import pytest

from atshell.emulator.faults.conditions import CONDITIONS, Condition, condition_of
from atshell.emulator.faults.fault import Fault


@pytest.mark.parametrize(
    ("word", "name"), [("30%", "%"), ("#3", "#"), ("After", "after"), ("once", "once"), ("%", "%"), ("x", None)]
)
def test_which_one_a_word_begins(word: str, name: str | None) -> None:
    found = condition_of(word)
    assert (found.name if found else None) == name


@pytest.mark.parametrize("condition", CONDITIONS.values(), ids=lambda condition: condition.name)
def test_each_changes_a_fault(condition: Condition) -> None:
    value = {"TIME": "5s", "BYTES": "rd"}.get(condition.value, "3")
    assert condition.apply(Fault("lose"), value) != Fault("lose")
    assert set(condition.excludes) <= set(CONDITIONS)
    assert all(condition.name in CONDITIONS[other].excludes for other in condition.excludes)
