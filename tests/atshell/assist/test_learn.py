"""A module's answer to a test command as a command of a manual."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atshell.assist.complete import complete
from atshell.assist.learn import MAX_COMMANDS, MAX_LINES, can_be_learned, learned, learned_manual, useful
from atshell.catalog.lookup import Catalog
from atshell.catalog.notation import parse_notation
from atshell.catalog.profile import Profile


def test_values_and_ranges() -> None:
    command = learned("+QCFG", ["+QCFG: (0,1,4),(0-100),(0-3)"])
    assert command.forms["write"] == ["AT+QCFG=<value1>[,<value2>[,<value3>]]"]
    first, second, third = command.parameters
    assert (list(first.values), first.type, first.optional) == (["0", "1", "4"], "integer", False)
    assert (second.range, second.values, second.optional) == ((0, 100), {}, True)
    assert list(third.values) == ["0", "1", "2", "3"]


def test_words_names_and_several_lines() -> None:
    command = learned("+QCFG", ['+QCFG: "band",(0-15)', '+QCFG: "mode",("auto","manual"),<time>'])
    assert command.forms["write"] == ['AT+QCFG="band"[,<value2>]', 'AT+QCFG="mode"[,<value2-2>[,<time>]]']
    words = next(one for one in command.parameters if one.name == "value2-2")
    assert (list(words.values), words.quoted) == (["auto", "manual"], True)


def test_what_was_learned_is_completed_from() -> None:
    catalog = Catalog([learned_manual({"+QX": ['+QX: (0,1),("A","B")']})])
    texts = [one.text for one in complete(catalog, Profile(), "AT+QX=", 6)]
    assert texts == ["0", "1", "?"]
    assert [one.text for one in complete(catalog, Profile(), "AT+QX=0,", 8)] == ['"A"', '"B"']
    assert [one.text for one in complete(catalog, Profile(), "AT+Q", 4)] == ["+QX"]


@pytest.mark.parametrize("line", ["", "OK", "free text", "+OTHER: (0,1)", "+QX: ((((", "\x1b[2J+QX: (0)", "+QX:"])
def test_an_answer_that_says_nothing(line: str) -> None:
    assert "write" not in learned("+QX", [line]).forms


def test_a_module_is_not_trusted() -> None:
    assert not can_be_learned("+Q" * 40)
    assert not can_be_learned("+Q\n")
    assert not can_be_learned("QX")
    assert len(useful(["+X: (0)"] * 1000)) == MAX_LINES
    assert useful(["x" * 10_000, "+X: \x9b"]) == ()
    assert len(learned_manual({f"+Q{number}": ["(0)"] for number in range(2000)}).commands) == MAX_COMMANDS
    assert len(learned("+QX", ["+QX: (0-999999999999)"]).parameters[0].values) == 0
    assert len(learned("+QX", ["+QX: " + ",".join(["(0)"] * 120)]).parameters) <= 24


@given(st.lists(st.text('+QX:(0,1-9)"<>[]ab…. ', max_size=40), max_size=5))
@settings(max_examples=200, deadline=None)
def test_no_answer_makes_it_fail(lines: list[str]) -> None:
    command = learned("+QX", lines)
    for notation in command.forms.get("write", ()):
        parse_notation(notation)
    catalog = Catalog([learned_manual({"+QX": lines})])
    complete(catalog, Profile(), "AT+QX=", 6)
