"""How many arguments, and which is which."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from atshell.assist.check import check
from atshell.catalog.lookup import Catalog
from atshell.catalog.profile import Profile
from atshell.host import host


def rules(line: str, model: str = "MN316") -> list[tuple[str, str]]:
    found = check(host().catalog, Profile(model), line)
    return [(one.rule, line[one.start : one.end]) for one in found if one.severity == "warning"]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("AT+MIPLOPEN=", [("missing", "")]),
        ("AT+MIPLOPEN=0", [("missing", "")]),
        ("AT+MIPLOPEN=0,300", []),
        ("AT+MIPLOPEN=0,300,", []),
        ("AT+MIPLOPEN=0,300,30,,", [("surplus", ",")]),
        ("AT+MIPLREADRSP=0,1,1,3200,0,5750", [("missing", "")]),
        ("AT+MIPLCFG=platform,0,1", [("word-quotes", "platform")]),
        ('AT+MIPLCFG="platfrom",0,1', [("word", '"platfrom"')]),
        ('AT+MIPLCFG="platform",0,0,9', [("above", "9")]),
        ('AT+MIPLCFG="binding",0,2,1', [("surplus", "1")]),
        ("AT+CMGS=18", []),
        ("AT+CMGS=+8613800138000", [("quotes", "+8613800138000")]),
        ("AT+CIND=1,1,1,1,1,1,1,1,1,1,1,1", []),
        ('AT+MIPLADDOBJ=0,3200,1,"1"x,0,0', [("stray-quote", '"1"x')]),
        ("AT+CMEE=1 2", [("type", "1 2")]),
    ],
)
def test_counts_and_fixed_words(line: str, found: list[tuple[str, str]]) -> None:
    assert rules(line) == found


@pytest.mark.parametrize(
    ("model", "line", "found"),
    [
        ("BC25", "AT+QDMPCFG=6", []),
        ("BC25", "AT+QDMPCFG=6,1", [("unfit", "1")]),
        ("BC25", "AT+QDMPCFG=0", [("missing", "")]),
        ("BC25", "AT+QDMPCFG=0,1,2", [("unfit", "2")]),
        ("BC25", "AT+QDMPCFG=9,1,2", [("above", "9")]),
        ("BC25", "AT+QDMPCFG=1,,,300", []),
        ("BC25", "AT+QDMPCFGEX=0,0", [("missing", "")]),
        ("BC25", 'AT+QDMPCFGEX=0,1,"x"', [("unfit", '"x"')]),
        ("BC28", "AT+DMPCONFIG=1, , ,300", []),
        ("BC95 R2.0", "AT+DMPCONFIG=1, , ,300", [("missing", ""), ("missing", "")]),
        ("BC28", "AT+DMPCONFIG=3,46004,46008,46009", []),
        ("BC28", 'AT+DMPCONFIG=2,"a","b",1,12345', [("short", "12345")]),
    ],
)
def test_what_goes_with_a_type(model: str, line: str, found: list[tuple[str, str]]) -> None:
    assert rules(line, model) == found


@pytest.mark.parametrize(
    ("line", "found"), [("1", []), ("1,2", []), ("1,1", ["missing"]), ("1,1,9", []), ("1,2,9", ["unfit"])]
)
def test_what_is_not_given_yet_asks_for_nothing(
    made: Callable[..., Catalog], command: Callable[..., str], line: str, found: list[str]
) -> None:
    number = 'type = "integer"'
    text = command(
        "AT+OPT",
        'forms.write = ["AT+OPT=<a>[,<kind>[,<arg>]]"]',
        a=number,
        kind=number,
        arg=f"{number}\nwhen.kind = [1]",
    )
    assert [one.rule for one in check(made(text), Profile("A1"), f"AT+OPT={line}")] == found
