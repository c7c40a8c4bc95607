from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell.at.reply import Final, Result, parse_final, parse_information


@pytest.mark.parametrize(
    ("line", "result", "detail", "ok"),
    [
        ("OK", Result.OK, "", True),
        ("OK ", Result.OK, "", True),
        ("ERROR", Result.ERROR, "", False),
        ("+CME ERROR: 50", Result.CME, "50", False),
        ("+CME ERROR: SIM not inserted", Result.CME, "SIM not inserted", False),
        ("+CME ERROR", Result.CME, "", False),
        ("+CMS ERROR: 500", Result.CMS, "500", False),
        ("+CIS ERROR:602", Result.CIS, "602", False),
        ("CONNECT", Result.CONNECT, "", True),
        ("CONNECT 9600/V42", Result.CONNECT, "9600/V42", True),
        ("NO CARRIER", Result.NO_CARRIER, "", False),
        ("NO DIAL TONE", Result.NO_DIALTONE, "", False),
        ("ABORTED", Result.ABORTED, "", False),
    ],
)
def test_finals(line: str, result: Result, detail: str, ok: bool) -> None:
    final = parse_final(line)
    assert final == Final(result, detail, line)
    assert final.ok is ok


@pytest.mark.parametrize(
    "line", ["", "ok", "OKAY", "CONNECT FAIL", "+CME ERRORS: 1", "ERROR: 5", "RING", "0", "+CSQ: 1"]
)
def test_not_finals(line: str) -> None:
    assert parse_final(line) is None


@pytest.mark.parametrize(
    ("line", "result"), [("0", Result.OK), ("4", Result.ERROR), ("3", Result.NO_CARRIER), ("OK", Result.OK)]
)
def test_numeric_finals(line: str, result: Result) -> None:
    final = parse_final(line, verbose=False)
    assert final is not None
    assert final.result is result


@pytest.mark.parametrize("line", ["2", "00", "0,0", "5"])
def test_numbers_that_end_nothing(line: str) -> None:
    assert parse_final(line, verbose=False) is None


@pytest.mark.parametrize(
    ("line", "prefix", "values"),
    [
        ("+CSQ: 23,0", "+CSQ", ["23", "0"]),
        ("+MIPLREAD:0,18172,3200,0,5750", "+MIPLREAD", ["0", "18172", "3200", "0", "5750"]),
        ("+MIPOBSERVE=0,18175,1", "+MIPOBSERVE", ["0", "18175", "1"]),
        ("+CFUN: (0,1,4),(0-1)", "+CFUN", ["(0,1,4)", "(0-1)"]),
        ('+MIPLDEVINFO:"183.230.40.40:5684",0,, "k"', "+MIPLDEVINFO", ['"183.230.40.40:5684"', "0", "", '"k"']),
        ("+DMPCONFIG: 2,M100000089,95Go****,1", "+DMPCONFIG", ["2", "M100000089", "95Go****", "1"]),
        ("+CPIN: READY", "+CPIN", ["READY"]),
        ("+PBREADY", "+PBREADY", []),
        ("^SYSSTART", "^SYSSTART", []),
        ("+QSSL ERROR: 3", "+QSSL ERROR", ["3"]),
        ("MN316-DLVD", "", []),
        ("RDY", "", []),
        ("0,0", "", []),
        ("+", "", []),
        ("+8613800138000", "", []),
        ("\x00\xff+CSQ: 1", "", []),
    ],
)
def test_information(line: str, prefix: str, values: list[str]) -> None:
    information = parse_information(line)
    assert information.text == line
    assert information.prefix == prefix
    assert [str(argument) for argument in information.values] == values


@given(st.text(max_size=80) | st.text(alphabet='+AC:= ,"()', max_size=30))
def test_any_line_is_read(line: str) -> None:
    assert parse_information(line).text == line
    final = parse_final(line, verbose=False)
    assert final is None or final.text == line
