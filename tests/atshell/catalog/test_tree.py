from __future__ import annotations

import time

import pytest

from atshell.catalog.notation import parse_notation
from atshell.catalog.tree import Slot, fits, slots


def shown(slot: Slot) -> str:
    marks = [mark for mark in ("optional", "repeated", "literal") if getattr(slot, mark)]
    return " ".join([slot.name or "-", *marks, *(f"={choice}" for choice in slot.choices)])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AT+X", []),
        ("AT+X=<a>,<b>", ["a", "b"]),
        ("AT+X=<a>[,<b>[,<c>]]", ["a", "b optional", "c optional"]),
        ("+X: 1,[<ip>],<period>", ["1 literal", "ip optional", "period"]),
        ('AT+X="platform",<ref>[,<p>]', ['"platform" literal', "ref", "p optional"]),
        ("+X: <ref>,QUEUES=<queues>", ["ref", "queues"]),
        ('AT+X="<info>"', ["info"]),
        ("AT+X=<ip>:<port>", ["ip:port"]),
        ("AT+X=<a>[<unit>]", ["aunit"]),
        ("AT+X=<a>|<b>,0|1", ["a|b", "0|1 =0 =1"]),
        ("+X: (0,1,4),(0-255)", ["(0,1,4) =0 =1 =4", "(0-255) =0-255"]),
        ("+X: (list of supported <n>s)", ["n"]),
        ("+X: <cid>,,(<a>,<b>)", ["cid", "- optional", "(a,b)"]),
        ("AT+X=<a>[,<b>…]", ["a", "b optional repeated"]),
        ("AT+X=<p1>[,<p2>[...]]", ["p1", "p2 optional repeated"]),
        ("AT+X=<p1>,<p2>,...", ["p1", "p2 repeated"]),
        ("AT+X=<a>[,<b>,<c>]...", ["a", "b optional repeated", "c optional repeated"]),
        ("AT+X=[,<a>]|[,<b>,<c>]", ["- optional", "a optional"]),
        ("+X: <cid>[<CR><LF>+X: <cid>,<more>]", ["cid"]),
    ],
)
def test_slots(text: str, expected: list[str]) -> None:
    notation = parse_notation(text)
    assert [shown(slot) for slot in notation.slots] == expected
    assert slots(text, notation.tree) == notation.slots


def test_spans_mark_the_slots_in_the_text() -> None:
    text = 'AT +X= "p" ,<a>|<b>[, <c>[,(0, 1)]]'
    marked = [text[slice(*slot.span)] for slot in parse_notation(text).slots]
    assert marked == ['"p"', "<a>|<b>", "<c>", "(0, 1)"]


def test_spans_are_no_part_of_a_trees_value() -> None:
    assert parse_notation("AT+X=<a>,<b>").tree == parse_notation("AT+LONGER=<a>, <b>").tree


@pytest.mark.parametrize("piece", ["[,a]", ",[a]", "[,[a],[b]]", ",a|b", "(a,b)", ",..."])
def test_long_answers_of_a_module_take_no_long_time(piece: str) -> None:
    started = time.perf_counter()
    tree = parse_notation("+X: " + piece * (4000 // len(piece))).tree
    assert fits(tree).counts
    assert time.perf_counter() - started < 5
