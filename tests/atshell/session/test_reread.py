"""A recorded session read again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell.session.exchange import DataPrompt, Exchange, Garbage, Happening, Outcome, Unsolicited
from atshell.session.reread import read
from atshell.transcript.entry import Direction, Entry, Header
from atshell.transcript.file import Transcript

Dialogue = Sequence[tuple[Direction, str] | tuple[Direction, str, str]]


def reread(dialogue: Dialogue) -> list[Happening]:
    """Entries a second apart, on the lines 2, 3, ..."""
    entries = (
        Entry(float(n), step[0], step[1], step[2] if len(step) == 3 else "", n + 2) for n, step in enumerate(dialogue)
    )
    return read(Transcript(Header(datetime(2026, 1, 1, tzinfo=UTC)), tuple(entries)))


def shown(dialogue: Dialogue) -> list[str]:
    """``line (outcome) -> answer @entries``"""
    result = []
    for happening in reread(dialogue):
        if isinstance(happening, Exchange):
            what = f"{happening.line} ({happening.outcome}) -> {' / '.join(happening.text.splitlines())}".strip()
            result.append(f"{what} @{happening.entries}")
        elif isinstance(happening, Unsolicited):
            result.append(f"{'late' if happening.late else 'urc'} {happening.information.text} @{happening.entries}")
        else:
            result.append("prompt" if isinstance(happening, DataPrompt) else "garbage")
    return result


def test_whole_lines() -> None:
    assert shown(
        [
            ("rx", "\r\nRDY\r\n"),
            ("tx", "AT+CSQ\r"),
            ("rx", "AT+CSQ\r\r\n+CSQ: 20,0\r\n"),
            ("note", "antenna moved", "comment"),
            ("rx", "\r\nOK\r\n\r\n+CEREG: 1\r\n"),
            ("tx", "AT\r\n"),
            ("rx", "OK\r\n"),
        ]
    ) == [
        "urc RDY @(2,)",
        "AT+CSQ (done) -> +CSQ: 20,0 / OK @(3, 4, 6)",
        "urc +CEREG: 1 @(6,)",
        "AT (done) -> OK @(7, 8)",
    ]


def test_times_are_the_transcript_s() -> None:
    (exchange,) = reread([("note", "x"), ("tx", "AT\r"), ("rx", "\r\n"), ("rx", "OK\r\n")])
    assert isinstance(exchange, Exchange)
    assert (exchange.sent, exchange.ended) == (1.0, 3.0)


def test_typed_character_by_character() -> None:
    typed: list[tuple[Direction, str]] = []
    for char in "ATI":
        typed += [("tx", char), ("rx", char)]
    assert shown([*typed, ("tx", "\r"), ("rx", "\r\r\nBC28\r\n\r\nOK\r\n")]) == [
        "ATI (done) -> BC28 / OK @(2, 3, 4, 5, 6, 7, 8, 9)"
    ]


@pytest.mark.parametrize("typed", ["ATX\x08I\r", "ATXY\x7f\x7fI\r", "\0\0ATI\r", "\x08ATI\r\n"])
def test_corrected_while_typing(typed: str) -> None:
    (exchange,) = reread([("tx", typed), ("rx", "\r\nOK\r\n")])
    assert isinstance(exchange, Exchange)
    assert exchange.line == "ATI"


def test_several_lines_in_one_entry_and_none() -> None:
    assert shown([("tx", "\r\n"), ("tx", "AT+A\rAT+B\r"), ("rx", "OK\r\nOK\r\n")]) == [
        "AT+A (timeout) -> @(3,)",
        "late OK @(4,)",
        "AT+B (done) -> OK @(3, 4)",
    ]


def test_the_repeat_command() -> None:
    assert shown([("tx", "AT+CSQ\r"), ("rx", "+CSQ: 1\r\nOK\r\n"), ("tx", "A/"), ("rx", "+CSQ: 2\r\nOK\r\n")])[1] == (
        "A/ (done) -> +CSQ: 2 / OK @(4, 5)"
    )


def test_lines_that_are_no_ascii() -> None:
    lines = [
        h.line
        for h in reread([("tx", "AT+X=中\r".encode().decode("latin-1")), ("tx", "AT+X=\xff\r")])
        if isinstance(h, Exchange)
    ]
    assert lines == ["AT+X=中", "AT+X=\xff"]


def test_an_answer_that_was_given_up() -> None:
    dialogue: Dialogue = [
        ("tx", "AT+CSQ\r"),
        ("note", "AT+CSQ: no answer within 10.0 s", "timeout"),
        ("rx", "+CSQ: 1\r\n"),
        ("rx", "OK\r\n"),
        ("tx", "AT\r"),
        ("note", "unplugged", "link lost"),
        ("note", "", "link back"),
        ("tx", "AT\r"),
    ]
    assert shown(dialogue) == [
        "AT+CSQ (timeout) -> @(2,)",
        "late +CSQ: 1 @(4,)",
        "late OK @(5,)",
        "AT (link lost) -> @(6,)",
        "AT (timeout) -> @(9,)",
    ]


def test_data_behind_a_prompt() -> None:
    assert shown(
        [
            ("tx", 'AT+CMGS="1"\r'),
            ("rx", "\r\n> "),
            ("tx", "AT is not a command here\rnor\x08 this"),
            ("tx", "\x1aAT\r"),
            ("rx", "\r\n+CMGS: 7\r\n\r\nOK\r\n"),
            ("rx", "\r\nOK\r\n"),
        ]
    ) == [
        "prompt",
        'AT+CMGS="1" (timeout) -> @(2, 3, 4, 5)',
        "late +CMGS: 7 @(6,)",
        "late OK @(6,)",
        "AT (done) -> OK @(5, 7)",
    ]


def test_data_without_a_prompt() -> None:
    assert shown([("tx", "AT+SEND=4\r"), ("tx", "wxyz\x1a"), ("rx", "\r\nOK\r\n")]) == [
        "AT+SEND=4 (done) -> OK @(2, 3, 4)"
    ]


def test_nothing() -> None:
    assert reread([]) == []
    assert reread([("tx", "AT")]) == []


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["tx", "rx", "note"]),
            st.text(st.sampled_from("AT/+\r\n> \x1a\x1b\x08OK\xe4"), max_size=10)
            | st.binary(max_size=8).map(lambda b: b.decode("latin-1")),
            st.sampled_from(["", "timeout", "link lost", "comment"]),
        ),
        max_size=30,
    )
)
def test_any_transcript(dialogue: Dialogue) -> None:
    happenings = reread(dialogue)
    lines = range(2, len(dialogue) + 2)
    for happening in happenings:
        assert isinstance(happening, Exchange | Unsolicited | DataPrompt | Garbage)
        if isinstance(happening, Exchange | Unsolicited):
            assert all(entry in lines for entry in happening.entries)
        if isinstance(happening, Exchange):
            assert happening.outcome in Outcome
            assert happening.sent <= happening.ended
