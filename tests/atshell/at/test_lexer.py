from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell.at.lexer import Position, comment_start, position, tokens


def painted(text: str) -> str:
    """Each token as ``kind:text``, blanks left out."""
    return " ".join(f"{t.kind[:3]}:{text[t.start : t.end]}" for t in tokens(text) if t.kind != "space")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("A", "wor:A"),
        ("AT", "pre:AT"),
        ("A/", "pre:A/"),
        (
            'AT+X=0,-1.5,"a;b",0x4,c d',
            'pre:AT nam:+X ope:= num:0 sep:, num:-1.5 sep:, str:"a;b" sep:, num:0x4 sep:, wor:c wor:d',
        ),
        ("AT +X = ? ;+Y?", "pre:AT nam:+X ope:= ? sep:; nam:+Y ope:?"),
        ("ATE0V1+CMEE=1", "pre:AT nam:E num:0 nam:V num:1 nam:+CMEE ope:= num:1"),
        ("AT&FS3=13", "pre:AT nam:&F nam:S3 ope:= num:13"),
        ("ATD1;", "pre:AT nam:D num:1 sep:;"),
        ('AT+X="open;+Y', 'pre:AT nam:+X ope:= str:"open;+Y'),
        ("AT+X=“a,b”", "pre:AT nam:+X ope:= wor:“a sep:, wor:b”"),
        ("+MIPLREAD:0,1", "nam:+MIPLREAD ope:: num:0 sep:, num:1"),
        ("+CME ERROR: 50", "nam:+CME ERROR ope:: num:50"),
        ("+CFUN: (0,1),(0-1)", "nam:+CFUN ope:: sep:( num:0 sep:, num:1 sep:) sep:, sep:( wor:0-1 sep:)"),
        ("# note", "com:# note"),
        ("// note", "com:// note"),
        ("AT+X=coap://h,1 // note", "pre:AT nam:+X ope:= wor:coap://h sep:, num:1 com:// note"),
        ('AT+X="a // b" //c', 'pre:AT nam:+X ope:= str:"a // b" com://c'),
        ("AT+X? //c", "pre:AT nam:+X ope:? com://c"),
        ("AT\r\nATE1", "pre:AT pre:AT nam:E num:1"),
        ("%why x", "wor:%why wor:x"),
    ],
)
def test_colours(text: str, expected: str) -> None:
    assert painted(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Position("", 0, "none")),
        ("A", Position("", 1, "none")),
        ("AT", Position("", 2, "name")),
        ("AT ", Position("", 3, "name")),
        ("AT+", Position("+", 2, "name")),
        ("at+miplno", Position("+MIPLNO", 2, "name")),
        ("AT&", Position("&", 2, "name")),
        ("AT+X ", Position("+X", 2, "operator")),
        ("AT+X?", Position("+X", 2, "operator")),
        ("AT+X=?", Position("+X", 2, "operator")),
        ("AT+X=", Position("+X", 2, "argument", 0, 5, "", ())),
        ("AT+X= ", Position("+X", 2, "argument", 0, 6, "", ())),
        ("AT+X=1", Position("+X", 2, "argument", 0, 5, "1", ("1",))),
        ("AT+X=1,", Position("+X", 2, "argument", 1, 7, "", ("1", ""))),
        ('AT+X="a",, "b;', Position("+X", 2, "argument", 2, 11, '"b;', ("a", "", "b;"))),
        ("AT+X=1;", Position("", 7, "name")),
        ("AT+X=1; +Y", Position("+Y", 8, "name")),
        ("AT+X=1;+Y=2", Position("+Y", 7, "argument", 0, 10, "2", ("2",))),
        ("ATE", Position("E", 2, "name")),
        ("ATE0", Position("E", 2, "argument", 0, 3, "0", ("0",))),
        ("ATE0V", Position("V", 4, "name")),
        ("ATE0 +", Position("+", 5, "name")),
        ("ATS3=1", Position("S3", 2, "argument", 0, 5, "1", ("1",))),
        ("ATD10", Position("D", 2, "argument", 0, 3, "10", ("10",))),
        ("AT+X=1 //c", Position("", 10, "none")),
        ("+CSQ: 1", Position("", 7, "none")),
        ("A/", Position("", 2, "none")),
        ("AT+X=1\nAT+Y=", Position("+Y", 9, "argument", 0, 12, "", ())),
    ],
)
def test_what_stands_under_the_cursor(text: str, expected: Position) -> None:
    assert position(text, len(text)) == expected


def test_only_what_is_before_the_cursor_counts() -> None:
    assert position("AT+MIPLOPEN=0,300", 6) == Position("+MIP", 2, "name")
    assert position("AT+X=1,2", -5) == position("", 0)
    assert position("AT+X=1", 99) == position("AT+X=1", 6)


def test_where_a_comment_begins() -> None:
    assert comment_start("AT+X=1 //c") == 7
    assert comment_start('AT+X="//" ') == len('AT+X="//" ')


TEXTS = st.text(max_size=60) | st.text(alphabet='aTtEDSs+&=?;,"0x\\ /:()#%\r\n', max_size=50).map(
    lambda text: f"AT{text}"
)


@given(TEXTS)
def test_tokens_cover_any_text_without_gaps(text: str) -> None:
    behind = 0
    for token in tokens(text):
        assert token.start == behind
        assert token.end > token.start
        behind = token.end
    assert behind == len(text)


@given(TEXTS, st.integers(-2, 70))
def test_any_cursor_has_a_place(text: str, cursor: int) -> None:
    place = position(text, cursor)
    inside = min(max(cursor, 0), len(text))
    assert 0 <= place.name_start <= inside
    if place.part == "argument":
        assert text[place.argument_start : inside] == place.typed
        assert text[place.name_start : place.name_start + len(place.name)].upper() == place.name
