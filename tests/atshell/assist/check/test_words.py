"""The words of the rules."""

from __future__ import annotations

from string import Formatter

from atshell.assist.check.words import FIXES, KINDS, TEXTS, joined


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_tell_the_same_facts() -> None:
    # English has numbers and articles that Chinese does without.
    for table in (TEXTS, FIXES, KINDS):
        for rule, (english, chinese) in table.items():
            assert fields(english) - fields(chinese) <= {"verb", "unit", "of"}, rule
            assert not fields(chinese) - fields(english), rule


def test_every_fix_belongs_to_a_rule() -> None:
    assert FIXES.keys() <= TEXTS.keys()


def test_lists() -> None:
    assert joined([], chinese=False) == ""
    assert joined(["a"], chinese=False) == "a"
    assert joined(["a", "b", "c"], chinese=False) == "a, b or c"
    assert joined(["a", "b", "c"], chinese=True) == "a、b 或 c"
