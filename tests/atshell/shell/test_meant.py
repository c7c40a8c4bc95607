"""Mistyped lines and magics get a hint that would have worked."""

from __future__ import annotations

import pytest

from atshell.host import host
from atshell.shell.meant import line_meant, magic_meant

PROFILE = host().profile("MN316")


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("qiut", "did you mean quit"),
        ("timelin", "did you mean %timeline"),
        ("MIPLOPN=0,1", "AT+MIPLOPEN"),
        ("csq", "AT+CSQ"),
        ("?=", "%help"),
    ],
)
def test_lines(typed: str, hint: str) -> None:
    assert hint in line_meant(host().catalog, PROFILE, typed)


def test_magics() -> None:
    assert magic_meant("tmeline") == "did you mean %timeline"
    assert magic_meant("xyzzy") == "%help lists what is"
