"""What a line's answer may carry, by the catalog and without one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell.catalog.lookup import Catalog
from atshell.session.expectation import expectation, expectations, numeric


@pytest.mark.parametrize(
    ("line", "prefixes", "once", "free_text"),
    [
        ("AT", "", "", False),
        ("AT+OPEN=0,300", "+OPEN", "", False),  # +EVENT comes behind OK: a URC
        ("AT+MGR=0", "+MGR +EVENT +OBSERVE +OBERVE", "", False),  # an example shows a URC before OK
        ('at+createex="h"', "+CREATEEX", "", False),
        ("AT+NMI=1", "", "", False),  # the name is a URC's too, and this form answers OK
        ("AT+NMI?", "+NMI", "+NMI", False),
        ("AT+NMI=?", "+NMI", "+NMI", True),  # no manual has this form
        ("AT+LIST?", "+LIST", "", False),
        ("AT+DMPCFG?", "+DMPCFG", "", False),
        ("AT+GMM", "+GMM", "", True),
        ("AT+GMM=?", "+GMM", "", False),
        ("AT+FOO=1", "+FOO", "", True),
        ("AT+CREG?", "+CREG", "+CREG", True),
        ("AT+OPEN?;+GMM;E0", "+OPEN +GMM", "", True),
        ("ATE0", "", "", False),
        ("ATI", "", "", True),
        ("ATS3?", "", "", True),
    ],
)
def test_with_a_catalog(catalog: Catalog, line: str, prefixes: str, once: str, free_text: bool) -> None:
    expected = expectations(catalog)(line)
    assert expected.line == line
    assert expected.prefixes == frozenset(prefixes.split())
    assert expected.once == frozenset(once.split())
    assert expected.free_text is free_text


@pytest.mark.parametrize(
    ("line", "prefixes", "free_text"),
    [
        ("AT+OPEN=0,300", "+OPEN", True),
        ("ATZ", "", False),
        ("+++", "", True),
        ("AT+A=1 +B", "+A", True),
        ("A/", "", False),
    ],
)
def test_without_a_catalog(line: str, prefixes: str, free_text: bool) -> None:
    expected = expectation(line)
    assert expected.prefixes == frozenset(prefixes.split())
    assert expected.free_text is free_text


@given(st.text() | st.text(st.sampled_from('AT+OPEN=?,;"0 ')))
def test_any_line(line: str) -> None:
    assert expectation(line).line == line


@pytest.mark.parametrize(
    ("line", "before", "now", "later"),
    [
        ("AT", False, False, False),
        ("AT", True, True, True),
        ("ATV0", False, True, True),
        ("ATV", False, True, True),
        ("ATE0V0", False, True, True),
        ("ATV1", True, True, False),
        ("ATZ", True, True, False),
        ("AT&F", True, True, False),
        ("nonsense", True, True, True),
    ],
)
def test_numeric_results(line: str, before: bool, now: bool, later: bool) -> None:
    assert numeric(line, before) == (now, later)
