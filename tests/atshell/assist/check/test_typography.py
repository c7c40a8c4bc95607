"""Curly quotes and full-width signs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell.assist.check.typography import straight


@pytest.mark.parametrize(
    ("line", "meant", "curly", "full_width"),
    [
        ('AT+X="a"', 'AT+X="a"', None, None),
        ("AT+X=“a”,1", 'AT+X="a",1', 5, None),
        ("AT+X=”a”", 'AT+X="a"', 5, None),
        ("AT+X=‘a’,1", 'AT+X="a",1', 5, None),
        ("AT+X=don’t", "AT+X=don’t", None, None),
        ('AT+X="a”,1', 'AT+X="a",1', 7, None),
        ('AT+X="a”,"b"', 'AT+X="a”,"b"', None, None),
        ('AT+X=“a"，2', 'AT+X="a",2', 5, 8),
        ("AT+X＝１，２", "AT+X=1,2", None, 4),
        ('AT+X="他说“好，走”",1', 'AT+X="他说“好，走”",1', None, None),
        ("AT+X=“他说，好”", 'AT+X="他说，好"', 5, None),
        ("AT+X=度", "AT+X=度", None, None),
    ],
)
def test_the_line_as_it_was_meant(line: str, meant: str, curly: int | None, full_width: int | None) -> None:
    assert straight(line) == (meant, curly, full_width)


@given(st.text('AT+=,"“”‘’，；＂1a ', max_size=40))
def test_offsets_stay(line: str) -> None:
    meant, curly, full_width = straight(line)
    assert len(meant) == len(line)
    assert all(at is None or line[at] != meant[at] for at in (curly, full_width))
