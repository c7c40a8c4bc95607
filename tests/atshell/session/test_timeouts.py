"""How long a line's answer is waited for."""

from __future__ import annotations

import pytest

from atshell.catalog.lookup import Catalog
from atshell.session.timeouts import timeout_of


@pytest.mark.parametrize(
    ("line", "seconds"),
    [
        ("AT+OPEN=0,300", 5.0),
        ("at+open?", 5.0),
        ("AT+MGR=0", 1.0),  # the manual says 300 ms
        ("AT+OPEN?;+OPEN?", 10.0),
        ("AT+OPEN?;+FOO;E0", 15.0),
        ("AT+FOO", 10.0),
        ("AT", 10.0),
        ("A/", 10.0),
        ("nonsense", 10.0),
    ],
)
def test_by_the_manual(catalog: Catalog, line: str, seconds: float) -> None:
    assert timeout_of(line, catalog) == seconds


def test_without_a_catalog() -> None:
    assert timeout_of("AT+OPEN=0,300") == 10.0
