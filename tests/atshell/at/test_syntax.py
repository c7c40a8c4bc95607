from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell.at.syntax import Argument, omitted, parse_arguments, plain, quote


def values(text: str) -> list[str]:
    return [str(argument) for argument in parse_arguments(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("  ", []),
        ("0", ["0"]),
        (",", ["", ""]),
        ('"nbiotbt.heclouds.com:5684",1,,"1234abcd"', ['"nbiotbt.heclouds.com:5684"', "1", "", '"1234abcd"']),
        ('0,3200,1,14,"5500;5501;5750"', ["0", "3200", "1", "14", '"5500;5501;5750"']),
        (",0,25845,2", ["", "0", "25845", "2"]),
        ("1, , ,300", ["1", "", "", "300"]),
        (" 0, 18174,\t3200 ", ["0", "18174", "3200"]),
        ('"",', ['""', ""]),
        ("2,4096KB,FREE RTOS", ["2", "4096KB", "FREE RTOS"]),
        ("0,QUEUES=3,DROPPED=0,BUFFERS=12", ["0", "QUEUES=3", "DROPPED=0", "BUFFERS=12"]),
        (" (0,1,4),(0-1)", ["(0,1,4)", "(0-1)"]),
        ('(2,"A,B","(",(1,2)),,(0-4)', ['(2,"A,B","(",(1,2))', "", "(0-4)"]),
        ("a(b,c)", ["a(b", "c)"]),
        ("“a,b”", ["“a", "b”"]),
        ('name="a,b",1', ['name="a,b"', "1"]),
        ('"a"b,1', ['"a"b', "1"]),
    ],
)
def test_values_are_split_at_commas_outside_of_quotes_and_lists(text: str, expected: list[str]) -> None:
    assert values(text) == expected


def test_quoted_and_omitted_are_told_apart() -> None:
    empty, left_out = parse_arguments('"",')
    assert (empty.quoted, empty.omitted) == (True, False)
    assert (left_out.quoted, left_out.omitted) == (False, True)


@pytest.mark.parametrize(
    ("text", "value"),
    [(r'"a\22b"', 'a"b'), (r'"\0D\0a"', "\r\n"), (r'"\5C22"', r"\22"), (r'"C:\new"', r"C:\new"), (r'"\FF"', "\xff")],
)
def test_a_backslash_and_two_digits_are_a_character(text: str, value: str) -> None:
    assert parse_arguments(text)[0].text == value


@pytest.mark.parametrize(
    ("text", "value"), [('1,"open,2', "open,2"), ('1,"', ""), ("1,(2,3", "(2,3"), ('1,a"b,c', 'a"b,c')]
)
def test_what_is_not_closed_goes_to_the_end_and_says_so(text: str, value: str) -> None:
    first, last = parse_arguments(text)
    assert first.closed
    assert (last.text, last.closed, last.end) == (value, False, len(text))


def test_offsets_count_in_the_whole_line_without_blanks() -> None:
    line = 'AT+X= 1 ,"b", ,c'
    found = parse_arguments(line, 5)
    assert [line[argument.start : argument.end] for argument in found] == ["1", '"b"', "", "c"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("-12", -12),
        ("0x400", 0x400),
        ("0XfF", 255),
        ("4.5", None),
        ("", None),
        ("1_0", None),
        ("٣", None),
        ("9" * 5000, None),
    ],
)
def test_numbers_are_decimal_or_hexadecimal(text: str, number: int | None) -> None:
    assert Argument(text).integer == number


def test_makers() -> None:
    assert [str(argument) for argument in (quote('a"b'), plain(5), omitted())] == [r'"a\22b"', "5", ""]


@given(st.text(max_size=80), st.integers(-3, 90))
def test_any_text_is_read_and_the_pieces_lie_in_order(text: str, start: int) -> None:
    behind = 0
    for argument in parse_arguments(text, start):
        assert behind <= argument.start <= argument.end <= len(text)
        behind = argument.end


@given(st.lists(st.text(max_size=12), min_size=1, max_size=6))
def test_strings_are_read_back(texts: list[str]) -> None:
    written = ",".join(str(quote(text)) for text in texts)
    assert [(argument.text, argument.quoted) for argument in parse_arguments(written)] == [(t, True) for t in texts]


@given(st.text(alphabet='a,"() \\2', max_size=30))
def test_what_is_read_is_written_and_read_alike(text: str) -> None:
    once = parse_arguments(text)
    if all(argument.closed for argument in once):
        again = parse_arguments(",".join(str(argument) for argument in once))
        if once != (Argument(""),):
            assert [(a.text, a.quoted) for a in again] == [(a.text, a.quoted) for a in once]
