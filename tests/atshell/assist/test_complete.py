"""Completion over the manuals that come with the program."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atshell.assist.complete import complete
from atshell.assist.explain import signature
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


edits = st.tuples(st.integers(0, 60), st.text('AT+=?;,"<>%\x00é 0019', max_size=3))


@given(st.sampled_from(LINES), st.lists(edits, max_size=4), st.integers(0, 80))
@settings(max_examples=150, deadline=None)
def test_no_line_makes_it_fail(line: str, changes: list[tuple[int, str]], cursor: int) -> None:
    for at, text in changes:
        line = line[:at] + text + line[at + 1 :]
    for one in complete(host().catalog, EN, line, cursor):
        assert 0 <= one.start <= min(cursor, len(line))
    shown = signature(host().catalog, EN, line, cursor)
    if shown is not None and shown.span is not None:
        start, end = shown.span
        assert 0 <= start < end <= len(shown.notation)
