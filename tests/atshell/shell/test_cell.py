"""What each line of a cell is."""

from __future__ import annotations

import pytest

from atshell.shell.cell import CellLine, read_cell, read_line


@pytest.mark.parametrize(
    ("raw", "kind", "text"),
    [
        ("", "skip", ""),
        ("   # comment", "skip", "# comment"),
        ("  AT+CSQ ", "at", "AT+CSQ"),
        ("at", "at", "at"),
        ("A/", "at", "A/"),
        ("%decode  00 ", "magic", "decode  00"),
        ("Exit", "magic", "quit"),
        ("?", "magic", "help"),
        ("hello", "other", "hello"),
        (" +CEREG: 0,1", "said", "+CEREG: 0,1"),
        ("+CME ERROR: 50", "said", "+CME ERROR: 50"),
        ("OK", "said", "OK"),
        ("+CSQ", "other", "+CSQ"),
        ("\x1b[2J", "other", "\x1b[2J"),
    ],
)
def test_kinds(raw: str, kind: str, text: str) -> None:
    assert read_line(raw) == CellLine(kind, text, raw)


def test_lines_keep_their_order_and_their_raw_text() -> None:
    assert [line.raw for line in read_cell("AT\r\n  x\n\n%help")] == ["AT", "  x", "", "%help"]
