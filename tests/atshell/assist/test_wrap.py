from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from atshell.assist.wrap import columns, padded, wrapped


def lines(text: str, width: int) -> list[str]:
    return ["".join(part for _, part in line) for line in wrapped([("", text)], width)]


def test_words_break_at_spaces() -> None:
    assert lines("the quick brown fox", 10) == ["the quick", "brown fox"]
    assert lines("", 10) == [""]


def test_notations_break_behind_commas_and_before_an_optional_parameter() -> None:
    assert lines("AT+X=<one>,<two>[,<three>[,<four>]]", 20) == ["AT+X=<one>,<two>", "[,<three>[,<four>]]"]
    assert lines("+CEREG: <stat>[,[<tac>],[<ci>]]", 18) == ["+CEREG: <stat>", "[,[<tac>],[<ci>]]"]


def test_chinese_takes_two_columns_and_no_line_begins_with_a_closing_mark() -> None:
    assert columns("平台a") == 5
    assert lines("平台下发，读取", 8) == ["平台下", "发，读取"]
    assert padded("读取", 6) == "读取  "


def test_what_is_longer_than_a_line_is_cut() -> None:
    assert lines("abcdefgh ij", 3) == ["abc", "def", "gh", "ij"]


def test_styles_stay_with_their_text() -> None:
    assert wrapped([("name", "one two"), ("dim", " · three")], 9) == [
        [("name", "one two"), ("dim", " ·")],
        [("dim", "three")],
    ]


@given(st.text(alphabet=st.sampled_from("ab ,[]<>平台，。\u0301\t\n"), max_size=80), st.integers(-3, 30))
def test_nothing_is_lost_but_space_and_every_line_fits(text: str, width: int) -> None:
    broken = lines(text, width)
    assert "".join("".join(broken).split()) == "".join(text.split())
    assert all(columns(line.strip()) <= max(width, 2) for line in broken)


@given(st.text(max_size=80))
def test_any_text(text: str) -> None:
    assert lines(text, 20)
