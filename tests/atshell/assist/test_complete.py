"""Completion over the manuals that come with the program."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atshell.assist.complete import complete
from atshell.assist.explain import signature
from atshell.assist.situation import Pending, Situation
from atshell.catalog.model import Text
from atshell.catalog.profile import Profile
from atshell.host import host

EN = Profile("MN316")
ZH = Profile("MN316", language="zh")
LINES = [
    'AT+MIPLNOTIFY=0,0,3200,0,5750,1,4,"abcd",0,0,147',
    "AT+MIPLOPEN=0,300,30",
    'AT+MIPLCFG="platform",0,1',
    "AT+CSQ;+CGMM",
    "ATE0;+CFUN=1,1",
    "at+cereg=?",
    "A/",
    "AT+CEREG?",
]


def texts(line: str, cursor: int | None = None, profile: Profile = EN) -> list[str]:
    cursor = len(line) if cursor is None else cursor
    return [line[: one.start] + one.text for one in complete(host().catalog, profile, line, cursor)]


def test_names_with_what_they_are_for() -> None:
    (found,) = complete(host().catalog, EN, "AT+MIPLNO", 9)
    assert (found.text, found.start, found.label) == ("+MIPLNOTIFY", 2, "AT+MIPLNOTIFY")
    assert "report" in found.meaning
    (chinese,) = complete(host().catalog, ZH, "AT+MIPLNO", 9)
    assert chinese.meaning != found.meaning
    assert not chinese.meaning.isascii()


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("at+miplno", "at+miplnotify"),
        ("AT+MIPLNO", "AT+MIPLNOTIFY"),
        ("AT+CSQ;+MIPLNO", "AT+CSQ;+MIPLNOTIFY"),
        ("notify", "at+miplnotify"),
        ("AT+NOTIFY", "AT+MIPLNOTIFY"),
        ("  a", "  at+miplnotify"),
        ("AT+MIPLNOTIFY", "AT+MIPLNOTIFY="),
        ("AT+MIPLOPEN", "AT+MIPLOPEN?"),
    ],
)
def test_what_can_be_typed_next(typed: str, wanted: str) -> None:
    assert wanted in texts(typed)


def test_values_with_their_meaning_at_the_right_place() -> None:
    line = "AT+MIPLNOTIFY=0,0,3200,0,5750,"
    found = {one.text: one.meaning for one in complete(host().catalog, EN, line, len(line))}
    assert found["1"] == "string"
    assert set(found) == set("123456")
    assert texts("AT+MIPLNOTIFY=0,0,3200,0,57") == []
    (hint,) = complete(host().catalog, EN, "AT+MIPLNOTIFY=0,0,3200,0,", 25)
    assert (hint.hint, hint.text, hint.label) == (True, "", "0 to 65535")
    assert texts("AT+CFUN=4") == []


def test_fixed_words_and_quotes() -> None:
    assert texts("AT+MIPLCFG=") == ['AT+MIPLCFG="platform"', 'AT+MIPLCFG="binding"']
    assert texts('AT+MIPLCFG="pl') == ['AT+MIPLCFG="platform"']


def test_nothing_behind_a_question_mark() -> None:
    assert texts("AT+CEREG?") == []
    assert texts("AT+CEREG=?") == []


def test_the_cursor_may_be_anywhere() -> None:
    assert texts("AT+MIPLNO=1,2", 9) == ["AT+MIPLNOTIFY"]
    assert complete(host().catalog, EN, "AT", 99)
    assert complete(host().catalog, EN, "AT", -5)


def test_letters_in_order_find_a_name_that_nothing_else_finds() -> None:
    assert texts("at+ntfy") == ["at+miplnotify"]
    assert texts("AT+NOTIFY") == ["AT+MIPLNOTIFY"]


def test_a_name_that_the_module_lists_and_no_manual_has() -> None:
    situation = Situation(listed=("+ACMEX", "+CSQ"))
    found = {one.text: one.meaning for one in complete(host().catalog, EN, "AT+ACM", 6, situation)}
    assert found == {"+ACMEX": "the module lists it, no manual here has it"}


def test_the_usual_comes_first_and_what_cannot_succeed_last() -> None:
    reason = Text("not logged in", "未登录")
    situation = Situation(usual=("+MIPLOPEN", "+MIPLNOTIFY"), unready={"+MIPLNOTIFY": reason})
    names = list(complete(host().catalog, EN, "AT+MIPL", 7, situation))
    assert names[0].text == "+MIPLOPEN"
    assert names[-1].text == "+MIPLNOTIFY"
    assert names[-1].meaning.endswith(" · not logged in")


ANSWERS = ('AT+MIPLREADRSP=0,7,1,3200,0,5750,1,0,"\0",0,0', "AT+MIPLREADRSP=0,7,13")
PENDING = Situation(pending=(Pending(7, Text("reads", "读"), 5.0, ANSWERS),))


def test_a_ready_answer_is_the_first_suggestion_wherever_it_fits() -> None:
    for typed in ("", "AT", "at+mi", "AT+MIPLREADRSP=0,7,1,"):
        first, *_ = complete(host().catalog, EN, typed, len(typed), PENDING)
        assert (first.text, first.start) == ('AT+MIPLREADRSP=0,7,1,3200,0,5750,1,0,"",0,0', 0)
        assert first.text[: len(first.text) - first.back].endswith(',1,0,"')
    assert [one.text for one in complete(host().catalog, EN, "AT+CSQ", 6, PENDING)] == ["=?"]
    behind = complete(host().catalog, EN, "AT+MI=1", 5, PENDING)
    assert all(one.text.startswith("+") for one in behind)


def test_another_answer_says_what_it_says() -> None:
    second = complete(host().catalog, EN, "AT+MIPLREADRSP=0,7,13"[:-1], 20, PENDING)
    assert [(one.text, one.meaning) for one in second][1] == ("AT+MIPLREADRSP=0,7,13", "reads: Not Found")


def test_quotes_that_are_closed_already_stay_so() -> None:
    line = 'AT+MIPLCFG="pl",0'
    (one,) = complete(host().catalog, EN, line, 14)
    assert line[: one.start] + one.text + line[14:] == 'AT+MIPLCFG="platform",0'


edits = st.tuples(st.integers(0, 60), st.text('AT+=?;,"<>%\x00é 0019', max_size=3))


def example_lines() -> list[str]:
    """Every line that any manual shows, commands and answers."""
    found: dict[str, None] = dict.fromkeys(LINES)
    for manual in host().catalog.manuals:
        examples = [one for command in manual.commands for one in command.examples]
        examples += [one for topic in manual.topics for one in topic.examples]
        for example in examples:
            found |= dict.fromkeys((*example.send, *example.receive))
    return list(found)


def check(line: str, cursor: int, profile: Profile = EN) -> None:
    for one in complete(host().catalog, profile, line, cursor, PENDING):
        assert 0 <= one.start <= min(cursor, len(line))
        assert 0 <= one.back <= len(one.text)
    shown = signature(host().catalog, profile, line, cursor)
    if shown is not None and shown.span is not None:
        start, end = shown.span
        assert 0 <= start < end <= len(shown.notation)


@pytest.mark.parametrize("model", ["", "MN316"])
def test_no_prefix_of_any_line_of_any_manual_makes_it_fail(model: str) -> None:
    lines = example_lines()
    assert len(lines) > 150
    prefixes = {line[:end] for line in lines for end in range(len(line) + 1)}
    for prefix in prefixes:
        check(prefix, len(prefix), Profile(model))


@given(st.data(), st.lists(edits, max_size=4), st.integers(0, 80))
@settings(max_examples=200, deadline=None)
def test_no_edit_of_a_line_makes_it_fail(data: st.DataObject, changes: list[tuple[int, str]], cursor: int) -> None:
    line = data.draw(st.sampled_from(example_lines()))
    for at, text in changes:
        line = line[:at] + text + line[at + 1 :]
    check(line, cursor)
