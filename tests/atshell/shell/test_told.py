"""What a line means, as it is shown."""

from __future__ import annotations

import pytest

from atshell.catalog.profile import Profile
from atshell.host import host
from atshell.shell.layout import columns
from atshell.shell.told import told


def test_fields_stand_in_columns() -> None:
    result = told(host().catalog, Profile("MN316"), "+MIPLEVENT: 0,26,147", width=100)
    assert result is not None
    head, *rows = result.text.splitlines()
    assert head.startswith("+MIPLEVENT  ")
    assert [row.split()[:2] for row in rows] == [["<ref>", "0"], ["<evtid>", "26"], ["<ackid>", "147"]]
    assert len({len(row) - len(row.lstrip()) for row in rows}) == 1
    assert result.data[0]["fields"][1]["value"] == "26"


def test_what_is_wrong_is_marked_and_what_is_too_wide_goes_below() -> None:
    result = told(host().catalog, Profile("MN316"), "AT+MIPLCLOSE=0,1", width=40)
    assert result is not None
    assert result.text.splitlines()[1].startswith("    ")
    assert "one more than the manual has  !" in result.text
    assert columns(result.text.splitlines()[0]) < 80


@pytest.mark.parametrize("line", ["", "hello", "+NOBODY: 1"])
def test_what_nobody_knows(line: str) -> None:
    assert told(host().catalog, Profile("MN316"), line, width=80) is None
