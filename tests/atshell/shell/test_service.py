"""The language service over cells and magics."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atshell.catalog.profile import Profile
from atshell.host import host
from atshell.shell.service import complete, inspected, line_at, manual, signature

EN = Profile("MN316")


def texts(cell: str) -> list[str]:
    return [cell[: one.start] + one.text for one in complete(host().catalog, EN, cell, len(cell))]


def test_the_line_under_the_cursor() -> None:
    assert line_at("a\nbc\nd", 3) == ("bc", 2)
    assert line_at("a\nbc\nd", 99) == ("d", 5)
    assert line_at("", 0) == ("", 0)


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("%ti", "%timeline"),
        ("AT\n%qu", "AT\n%quit"),
        ("%help miplno", "%help at+miplnotify"),
        ("%help AT+MIPLNO", "%help AT+MIPLNOTIFY"),
        ("%platform rea", "%platform read"),
        ("AT\nAT+MIPLNO", "AT\nAT+MIPLNOTIFY"),
    ],
)
def test_completion(cell: str, wanted: str) -> None:
    assert wanted in texts(cell)


def test_arguments_of_magics_that_take_anything_have_none() -> None:
    assert texts("%note AT") == []
    assert texts("%platform read /3") == []
    assert texts("%help AT+MIPLNOTIFY") == []


def test_a_magics_use_is_its_signature() -> None:
    shown = signature(host().catalog, EN, "%decode 00", 10)
    assert shown is not None
    assert shown.notation == "%decode HEX [PATH]"
    assert signature(host().catalog, EN, "%nothing", 8) is None


@pytest.mark.parametrize(
    ("cell", "cursor", "name"),
    [
        ("AT+MIPLOPEN=0", 5, "AT+MIPLOPEN"),
        ("AT+CSQ;+CGMM", 12, "AT+CGMM"),
        ("%help MIPLREAD", 14, "MIPLREAD"),
        ("+MIPLEVENT: 0,6", 3, "+MIPLEVENT"),
        ("", 0, ""),
    ],
)
def test_what_stands_under_the_cursor(cell: str, cursor: int, name: str) -> None:
    assert inspected(cell, cursor) == name


def test_manual_pages_of_commands_and_codes() -> None:
    page = manual(host().catalog, EN, "miplopen", 80)
    assert page is not None
    assert "AT+MIPLOPEN" in "".join(text for _, text in page)
    assert manual(host().catalog, EN, "602", 80) is not None
    assert manual(host().catalog, EN, "99999", 80) is None


@given(st.text('AT+=?%\n ,"helpmi', max_size=20), st.integers(-2, 25))
@settings(max_examples=100, deadline=None)
def test_no_cell_makes_it_fail(cell: str, cursor: int) -> None:
    for one in complete(host().catalog, EN, cell, cursor):
        assert 0 <= one.start <= len(cell)
    signature(host().catalog, EN, cell, cursor)
    inspected(cell, cursor)
