from __future__ import annotations

from datetime import UTC, datetime

from atshell.session.said import lines
from atshell.transcript.entry import Direction, Entry, Header
from atshell.transcript.file import Transcript


def said(*entries: tuple[Direction, str]) -> list[tuple[int, str, bool, str, bytes]]:
    """Lines with the numbers of the transcript lines where they stand."""
    made = tuple(Entry(number / 10, way, data, line=number) for number, (way, data) in enumerate(entries, 2))
    found = lines(Transcript(Header(datetime(2026, 1, 1, tzinfo=UTC)), made))
    return [(entry.line, one.text, one.sent, one.command, one.data) for entry, one in found]


def test_commands_answers_and_urcs() -> None:
    assert said(
        ("tx", "AT+NSORF=0,9\r"),
        ("rx", "\r\n0,1.2.3.4,5683,1,AA,0\r\n"),
        ("rx", "\r\nOK\r\n"),
        ("rx", "\r\n+NNMI:1,BB\r\n"),
    ) == [
        (2, "AT+NSORF=0,9", True, "", b""),
        (3, "0,1.2.3.4,5683,1,AA,0", False, "AT+NSORF=0,9", b""),
        (5, "+NNMI:1,BB", False, "", b""),
    ]


def test_data_behind_a_prompt() -> None:
    answer = "\r\nSEND OK\r\nOK\r\n"
    found = said(("tx", "AT+QISEND=0,5\r"), ("rx", "\r\n> "), ("tx", "hel"), ("tx", "lo\x1a"), ("rx", answer))
    assert (2, "AT+QISEND=0,5", True, "", b"hello") in found


def test_lines_sent_in_one_go_are_no_data() -> None:
    found = said(("tx", "AT+A\rAT+B\r"), ("rx", "\r\nOK\r\n\r\nOK\r\n"))
    assert [(text, data) for _, text, _, _, data in found] == [("AT+A", b""), ("OK", b""), ("AT+B", b"")]


def test_a_cut_session() -> None:
    assert said(("tx", "AT+NSOST=0,1.2.3.4,5683,1,AA\r")) == [(2, "AT+NSOST=0,1.2.3.4,5683,1,AA", True, "", b"")]
    assert said() == []
