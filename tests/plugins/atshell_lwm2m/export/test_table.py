from __future__ import annotations

import csv
import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell_lwm2m.export.table import cell, columns, csv_lines, defused
from atshell_lwm2m.message import Block, Message, Registration, Resource, Seconds
from atshell_lwm2m.report.exchanges import Exchange
from atshell_lwm2m.report.registrations import Life


def rows(*messages: Message) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(csv_lines(messages, Message)))))


def test_a_row_a_message() -> None:
    (row,) = rows(
        Message(
            7, Seconds.of(1_795_203_219_000_000_001), "10.8.0.7:1", "b:5683", "udp", type="CON", code="0.02",
            options=[(11, "Uri-Path", "rd"), (14, "Max-Age", 60)], query=["ep=x", "lt=300"], rtt=-0.25,
            block1=Block(1, True, 64), registration=Registration("x", 300, objects=["/1/0", "/3/0"]),
            resources=[Resource("/3/0/9", value=95), Resource("/3/0/1", value=True, unit="u")],
        )
    )  # fmt: skip
    assert row["frame"] == "7"
    assert row["time"] == "1795203219.000000001"
    assert row["options"] == "Uri-Path=rd | Max-Age=60"
    assert row["query"] == "ep=x | lt=300"
    assert row["rtt"] == "-0.25"
    assert (row["block1.num"], row["block1.more"], row["block2.num"]) == ("1", "true", "")
    assert (row["registration.lt"], row["registration.objects"]) == ("300", "/1/0 | /3/0")
    assert (row["resources.path"], row["resources.value"]) == ("/3/0/9 | /3/0/1", "95 | true")
    assert row["resources.unit"] == " | u"


def test_what_is_not_there_is_empty() -> None:
    (row,) = rows(Message())
    assert set(row.values()) == {"0", ""}


def test_columns_are_the_fields_with_their_parts() -> None:
    names = [column.name for column in columns(Message)]
    assert len(names) == len(set(names))
    assert set(Message.__struct_fields__) - set(names) == {"block1", "block2", "expert", "registration", "resources"}
    assert "last_renewed" in [column.name for column in columns(Life)]
    assert "outcome" in [column.name for column in columns(Exchange)]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\n=1", "＝1"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert cell(text)[0] not in "=+-@\t\r\n＝＋－＠"
    assert cell([text, "x"]).lstrip(" ")[0] not in "=+-@\t\r\n＝＋－＠"
    assert defused(text) == f"'{text}"


@given(st.text())
def test_any_text_is_one_safe_cell(text: str) -> None:
    (row,) = rows(Message(endpoint=text, error=text, query=[text], resources=[Resource("/1", value=text)]))
    for name in ("endpoint", "error", "query", "resources.value"):
        assert not any(unicodedata.category(char) == "Cc" for char in row[name])
        assert row[name].strip()[:1] not in tuple("=+-@＝＋－＠")
