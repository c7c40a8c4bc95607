from __future__ import annotations

import pytest

from atshell.assist.sheet import Sheet
from atshell.catalog.model import Example, Note, Text
from atshell.catalog.profile import Profile
from atshell.styled import to_plain

MODELS = ["X1", "X2", "X3"]


def lines(sheet: Sheet) -> list[str]:
    return to_plain(sheet.joined()).splitlines()


@pytest.mark.parametrize(
    ("models", "english", "chinese"),
    [([], "", ""), (["X1"], "only X1", "仅 X1"), (["X1", "X2"], "not X3", "X3 除外"), (MODELS, "", "")],
)
def test_which_models_a_fact_is_for_the_shorter_way(models: list[str], english: str, chinese: str) -> None:
    assert Sheet(Profile(), 80, MODELS).only(models) == english
    assert Sheet(Profile(language="zh"), 80, MODELS).only(models) == chinese
    assert Sheet(Profile("X1"), 80, MODELS).only(models) == ""


def test_a_condition_on_the_firmware_in_words() -> None:
    assert Sheet(Profile(), 80).firmware({}) == ""
    assert Sheet(Profile(), 80).firmware({"firmware": "A*, <= A4, !*_BT"}) == "with firmware A*, <= A4, not *_BT"
    assert Sheet(Profile(language="zh"), 80).firmware({"firmware": "!*_BT"}) == "固件 非 *_BT"


def test_a_row_goes_on_beside_its_label_and_below_a_long_one() -> None:
    sheet = Sheet(Profile(), 40)
    sheet.row("note", ("", "word " * 8))
    sheet.row("a long label", ("", "text"))
    assert lines(sheet) == [
        "note     word word word word word word",
        "         word word",
        "a long label",
        "         text",
    ]


def test_an_example_reads_as_a_dialogue() -> None:
    sheet = Sheet(Profile(), 80, MODELS)
    sheet.examples(
        [
            Example(send=["AT+A", "AT+B"], receive=["+A: 1", "OK", "+CME ERROR: 3", "+LATER: 1"], section="1"),
            Example(send=["AT+C"], receive=[], section="2", about=Text(en="see", zh="见"), models=["X2"]),
        ],
        "1",
    )
    assert lines(sheet) == [
        "example  AT+A",
        "         +A: 1",
        "         OK",
        "         AT+B",
        "         +CME ERROR: 3",
        "         +LATER: 1",
        "         see · only X2 · §2",
        "           AT+C",
    ]


def test_notes_name_their_models_and_sections() -> None:
    sheet = Sheet(Profile(language="zh"), 80, MODELS)
    sheet.notes([Note("a", "甲", "1"), Note("b", "乙", "2", ["X1"])])
    assert lines(sheet) == ["注意     甲 §1", "         X1: 乙 §2"]
