"""Lines that cannot be read, and what is behind a comment."""

from __future__ import annotations

import pytest

from atshell.assist.check.line import check
from atshell.catalog.profile import Profile
from atshell.host import host


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("AT MIPLOPEN=0,300", [("unknown", "MIPLOPEN", "did you mean AT+MIPLOPEN")]),
        ("ATmiplopen?", [("unknown", "miplopen", "did you mean AT+MIPLOPEN")]),
        ("AT+CSQ;MIPLOPEN", [("unknown", "MIPLOPEN", "did you mean AT+MIPLOPEN")]),
        ("ATE0K", [("unknown", "K", "")]),
        ("AT+CSQ,1", [("syntax", ",1", "")]),
        ("AT+CSQ;;+CSQ", [("syntax", ";+CSQ", "")]),
        ("AT+CMEE=9 // why", [("comment", "// why", None), ("above", "9", "give 0 to 2")]),
    ],
)
def test_unreadable_lines(line: str, found: list[tuple[str, str, str | None]]) -> None:
    cautions = check(host().catalog, Profile("MN316"), line)
    assert [(one.rule, line[one.start : one.end]) for one in cautions] == [(rule, part) for rule, part, _ in found]
    for one, (_, _, fix) in zip(cautions, found, strict=True):
        assert fix is None or one.fix == fix


def test_a_url_is_no_comment() -> None:
    found = check(host().catalog, Profile("MN316"), 'AT+MIPLCREATEEX="coap://nbiotbt.heclouds.com:5683",1')
    assert found == []
