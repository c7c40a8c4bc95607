from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell.emulator.faults.kinds import first_words
from atshell.emulator.faults.offers import offers, subject_after
from atshell.emulator.faults.spec import EXAMPLES, parse
from atshell.errors import AtshellError


@pytest.mark.parametrize(
    ("before", "first", "others"),
    [
        ("", "lose", {"platform", "seed"}),
        ("lose", "up", {"down", "after", "once", "with"}),
        ("delay", "up", {"down"}),
        ("delay up 2s", "with", {"times"}),
        ("platform", "silent", {"refuse", "late", "4.04", "5.03"}),
        ("platform 4.04", "bootstrap", {"update", "once"}),
        ("urc", "drop", {"delay", "inside"}),
        ("urc drop +X", "after", {"for", "once", "times"}),
    ],
)
def test_words(before: str, first: str, others: set[str]) -> None:
    words = [word for word, en, zh in offers(before)]
    assert words[0] == first
    assert others <= set(words)


@pytest.mark.parametrize("before", ["delay up", "seed", "nonsense", "lose after", "lose upp", "urc drop x y"])
def test_nothing_where_a_value_has_to_follow(before: str) -> None:
    assert list(offers(before)) == []


def test_what_excludes_another_is_not_offered() -> None:
    words = {word for word, _, _ in offers("lose once")}
    assert "times" not in words
    assert "once" not in words


def test_subjects() -> None:
    assert subject_after("answer late 2s") == subject_after("reboot") == "COMMAND"
    assert subject_after("urc drop") == "URC"
    assert subject_after("answer late") == subject_after("lose") == subject_after("reboot once") == ""
    assert subject_after("urc drop +X") == subject_after("") == ""


@pytest.mark.parametrize("line", EXAMPLES)
def test_every_offer_stands_where_it_is_offered(line: str) -> None:
    words = line.split()
    for count in range(len(words)):
        before = " ".join(words[:count])
        for word, _, _ in offers(before):
            assert is_a_beginning(f"{before} {word}".strip())


def is_a_beginning(line: str) -> bool:
    try:
        parse(line)
    except AtshellError as error:
        return "is not whole" in error.what
    return True


@given(st.text(max_size=30))
def test_it_never_fails(before: str) -> None:
    assert len(list(offers(before))) <= 2 * len(first_words())
    subject_after(before)
