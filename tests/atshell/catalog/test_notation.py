from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell.catalog.notation import (
    BadNotation,
    Choice,
    Literal,
    Optional,
    Placeholder,
    Repeat,
    Sequence,
    parse_notation,
)

COMMA = Literal(",")


def sequence(*parts: Literal | Placeholder | Optional | Repeat | Choice) -> Sequence:
    return Sequence(parts)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("AT+X", sequence()),
        ("AT+X=<a>", sequence(Placeholder("a"))),
        ("AT+X=< a > , <b>", sequence(Placeholder("a"), COMMA, Placeholder("b"))),
        (
            "AT+X=<a>[,<b>[,<c>]]",
            sequence(
                Placeholder("a"),
                Optional(sequence(COMMA, Placeholder("b"), Optional(sequence(COMMA, Placeholder("c"))))),
            ),
        ),
        ('AT+X="platform",<ref>', sequence(Literal('"platform"'), COMMA, Placeholder("ref"))),
        ('AT+X="a,b"', sequence(Literal('"a,b"'))),
        ("AT+X=<a>[...]", sequence(Placeholder("a"), Optional(sequence(Repeat())))),
        ("AT+X=<a>…", sequence(Placeholder("a"), Repeat())),
        ("AT+X=<a>|1", sequence(Choice((sequence(Placeholder("a")), sequence(Literal("1")))))),
        (
            "+X: <a>|1[,<b>]",
            sequence(
                Choice((sequence(Placeholder("a")), sequence(Literal("1")))),
                Optional(sequence(COMMA, Placeholder("b"))),
            ),
        ),
        (
            "+X: (0,1.5),<b>",
            sequence(Choice((sequence(Literal("0")), sequence(Literal("1.5"))), listed=True), COMMA, Placeholder("b")),
        ),
        ("+X: Q=<q>", sequence(Literal("Q="), Placeholder("q"))),
        ("AT+CGSN[=<snt>]", sequence(Optional(sequence(Placeholder("snt"))))),
        ("[+X: <a>]", sequence(Optional(sequence(Placeholder("a"))))),
    ],
)
def test_trees(text: str, tree: Sequence) -> None:
    assert parse_notation(text).tree == tree


@pytest.mark.parametrize(
    ("text", "head", "form"),
    [
        ("AT+MIPLOPEN=<ref>", "AT+MIPLOPEN", "write"),
        ("AT +MIPLOPEN = <ref>", "AT+MIPLOPEN", "write"),
        ("AT+X=?", "AT+X", "test"),
        ("AT+X?", "AT+X", "read"),
        ("AT+X", "AT+X", "execute"),
        ("AT+CGSN[=<snt>]", "AT+CGSN", "execute"),
        ("AT+<cmd>=<p1>", "AT+<cmd>", "write"),
        ("ATE[<value>]", "ATE", "execute"),
        ("AT&F[<value>]", "AT&F", "execute"),
        ("AT&<x><n>", "AT&<x>", "execute"),
        ("ATS<n>=<m>", "ATS<n>", "write"),
        ("ATS3=<n>", "ATS3", "write"),
        ("ATD<number>[;]", "ATD", "execute"),
        ("AT", "AT", "execute"),
        ("A/", "A/", "execute"),
        ("+MIPLEVENT: <ref>", "+MIPLEVENT", "urc"),
        ("+MIPLDEVINFO:<host>", "+MIPLDEVINFO", "urc"),
        ("+MIPOBSERVE=<ref>", "+MIPOBSERVE", "urc"),
        ("+CME ERROR: <err>", "+CME ERROR", "urc"),
        ("[+QDMPCFG: 1,<a>]", "+QDMPCFG", "urc"),
        ("^SIM", "^SIM", "urc"),
        ("0,<dmMode>", "", "urc"),
    ],
)
def test_heads(text: str, head: str, form: str) -> None:
    notation = parse_notation(text)
    assert (notation.head, notation.form, notation.text) == (head, form, text)


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("AT+X", {0}),
        ("AT+X=<a>,<b>", {2}),
        ("AT+X=<a>[,<b>[,<c>]]", {1, 2, 3}),
        ("AT+X=<ref>,<mid>[,<a>,<b>]", {2, 4}),
        ("AT+X=<a>[,<b>…]", set(range(1, 12))),
        ("AT+X=<p1>,<p2>,...", set(range(2, 12))),
        ("AT+X=<a>[,<b>,<c>]...", {1, 3, 5, 7, 9, 11}),
        ("ATE[<value>]", {0, 1}),
        ("+CEREG: <n>,<stat>[,[<tac>],[<ci>],[<AcT>][,[<cause_type>],[<reject_cause>]]]", {2, 3, 4, 5, 6, 7}),
        ("+X: 1,[<ip>],[<port>],<period>", {4}),
        ("+CFUN: (0,1,4),(0-1)", {2}),
        ("+X: <a>,(<b>,<c>[,<d>]),<e>", {3}),
        ("+X: <a>[,<b>]|[,<c>,<d>]", {1, 2, 3}),
        ("+X: <a>|<b>[,<c>]|[,<d>,<e>]", {1, 2, 3}),
        ("+CGDCONT: <cid>,<type>[<CR><LF>+CGDCONT: <cid>,<type>[...]]", {2}),
    ],
)
def test_how_many_parameters_fit(text: str, counts: set[int]) -> None:
    notation = parse_notation(text)
    assert {count for count in range(12) if notation.accepts(count)} == counts


def test_the_slot_of_each_parameter() -> None:
    notation = parse_notation("AT+X=<a>[,<b>,<c>]...")
    names = [slot.name if (slot := notation.slot(index)) else None for index in range(6)]
    assert names == ["a", "b", "c", "b", "c", "b"]
    assert notation.slot(-1) is None
    assert parse_notation("AT+X=<a>").slot(1) is None


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("", 0),
        ("  ", 0),
        ("AT+X=<a", 5),
        ("AT+X=a>", 6),
        ("AT+X=<a>]", 8),
        ("AT+X=<a>[,<b>", 13),
        ("AT+CGSN[=<snt>", 14),
        ("+X: (0,1", 8),
        ("AT+X=" + "[" * 40, 37),
        ("AT+X=" + "a" * 5000, 4096),
    ],
)
def test_what_is_no_notation_says_where(text: str, offset: int) -> None:
    with pytest.raises(BadNotation) as caught:
        parse_notation(text)
    assert caught.value.offset == offset


def test_the_same_text_gives_the_same_object() -> None:
    assert parse_notation("AT+X=<a>") is parse_notation("AT+X=<a>")


@given(st.text(alphabet='AT+X=:<>ab[](),|.…"? \r\n', max_size=40) | st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        notation = parse_notation(text)
    except BadNotation:
        return
    assert any(notation.accepts(count) for count in range(len(text) + 2))
    for slot in notation.slots:
        start, end = slot.span
        assert 0 <= start <= end <= len(text)
