"""Lines that no pack has an intent for."""

from __future__ import annotations

from datetime import UTC, datetime

from atshell.session.intent import Intent
from atshell.transcript.entry import Entry, Header
from atshell.transcript.file import Transcript
from atshell_lwm2m.correlate.lines import with_other_lines

TRANSCRIPT = Transcript(
    Header(datetime(2026, 11, 20, tzinfo=UTC)),
    (
        Entry(0.0, "tx", "AT+CEREG?\r", line=2),
        Entry(0.1, "rx", "\r\n+CEREG: 0,1\r\n\r\nOK\r\n", line=3),
        Entry(1.0, "tx", "AT+MIPLCLOSE=0\r", line=4),
        Entry(1.1, "rx", "\r\nOK\r\n\r\n+MIPLEVENT: 0,15\r\n", line=5),
        Entry(2.0, "rx", "\r\n+CEREG: 2\r\n", line=6),
        Entry(3.0, "tx", "AT+CGACT=1\r", line=7),
        Entry(3.1, "rx", "\r\n+CME ERROR: 30\r\n", line=8),
    ),
)


def test_each_line_once():
    known = [
        Intent(1.0, (4, 5), "at", "AT+MIPLCLOSE=0", "", ("De-register",)),
        Intent(1.1, (5,), "urc", "+MIPLEVENT: 0,15", "", ("De-register",), part="outcome"),
    ]
    lines = with_other_lines(known, TRANSCRIPT)
    assert [(line.kind, line.line, line.summary) for line in lines] == [
        ("at", "AT+CEREG?", ""),
        ("at", "AT+MIPLCLOSE=0", ""),
        ("urc", "+MIPLEVENT: 0,15", ""),
        ("urc", "+CEREG: 2", ""),
        ("at", "AT+CGACT=1", "refused: +CME ERROR: 30"),
    ]
    assert lines[0].entries == (2, 3)
    assert all(bool(line.operations) == (line in known) for line in lines)


def test_without_any_pack():
    assert len(with_other_lines([], TRANSCRIPT)) == 5
    assert with_other_lines([], Transcript(TRANSCRIPT.header, ())) == []
