from __future__ import annotations

import json

import pytest

from atshell.host import host
from atshell.session.carried import Said
from atshell.shell.payloads import beside, is_line, records, rows, said
from atshell.styled import to_plain

NSOST = "AT+NSOST=0,1.2.3.4,5683,25,4401c409d74d0b01bb2e77656c6c2d6b6e6f776e04636f7265"


@pytest.mark.parametrize(
    ("text", "line"),
    [("AT+NSOST=0", True), ("at^X", True), ("+NNMI:1,AA", True), ("4401c409", False), ("0x44", False), ("", False)],
)
def test_lines_and_digits(text: str, line: bool) -> None:
    assert is_line(text) is line


def test_a_datagram_in_a_command() -> None:
    (row,) = rows(host(), said(NSOST))
    assert "GET /.well-known/core" in to_plain(row)
    (record,) = map(json.loads, records(host(), said(NSOST)))
    assert record["mid"] == 0xC409


def test_beside_a_line() -> None:
    assert beside(host(), Said("+NNMI:6,02000100010a")).startswith("opaque  Write /19/1/0 Data = 02000100010a")
    # Its value is to be read in the line itself.
    assert beside(host(), Said("+MIPLWRITE: 0,7,3200,0,5750,1,4,abcd,0")) == ""
    assert beside(host(), Said("+CSQ: 20,99")) == ""


def test_nothing_in_it() -> None:
    assert rows(host(), said("AT+CSQ")) == records(host(), said("AT+CSQ")) == []
