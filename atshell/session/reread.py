"""A recorded session read again: the exchange machine over a transcript's entries.

What was sent is cut into lines where a carriage return was sent, whether a program wrote whole lines or a person typed
characters (backspace takes one back). A record does not say how long a command would have been waited for, so one that
is outstanding ends with its answer, with the session's note that its time was over, or when the next line was sent.
Bytes behind a prompt are data.
"""

from __future__ import annotations

import re

from atshell.session.exchange import DataPrompt, Exchange, ExchangeMachine, Expect, Happening
from atshell.transcript.entry import Entry
from atshell.transcript.file import Transcript

_FOR_EVER = float("inf")
MAX_TYPED = 1 << 16
"""Bytes of a line that is being typed."""
_LINE = re.compile(rb"[^\r\n\x1a\x1b]*[\r\n\x1a\x1b]|[^\r\n\x1a\x1b]+")
_DATA = re.compile(rb"[^\x1a\x1b]*[\x1a\x1b]?")
_REPEAT = re.compile(rb"\s*[Aa]/")
_COMMAND = re.compile(rb"\s*[Aa][Tt]")
_ERASED = re.compile(rb"[^\x08\x7f][\x08\x7f]")


def read(transcript: Transcript, expect: Expect | None = None) -> list[Happening]:
    """What happened, in order. Times are transcript seconds, entries are line numbers of the transcript."""
    reader = _Reader(expect)
    for entry in transcript.entries:
        reader.entry(entry)
    reader.end(transcript.entries[-1].t if transcript.entries else 0.0)
    return reader.happenings


class _Reader:
    def __init__(self, expect: Expect | None) -> None:
        self.happenings: list[Happening] = []
        self._machine = ExchangeMachine(expect)
        self._typed = bytearray()
        self._marks: list[int] = []
        """Of the entries in which the line was typed."""
        self._prompted = False

    def entry(self, entry: Entry) -> None:
        if entry.dir == "rx":
            self._happened(self._machine.receive(entry.bytes, entry.t, mark=entry.line))
        elif entry.dir == "tx":
            self._sent(entry)
        elif entry.kind == "link lost":
            self._forget_typed()
            self._happened(self._machine.lost(entry.t))
        elif entry.kind == "timeout":
            self._happened(self._machine.give_up(entry.t))

    def end(self, t: float) -> None:
        self._happened(self._machine.give_up(t))

    def _happened(self, happenings: list[Happening]) -> None:
        for happening in happenings:
            if isinstance(happening, DataPrompt | Exchange):
                self._prompted = isinstance(happening, DataPrompt)
        self.happenings += happenings

    def _sent(self, entry: Entry) -> None:
        data, at = entry.bytes, 0
        while at < len(data):
            pattern = _DATA if self._prompted and self._machine.busy else _LINE
            piece = match[0] if (match := pattern.match(data, at)) else data[at:]
            at += len(piece)
            if pattern is _DATA:
                self._data(piece, entry)
            else:
                self._type(piece, entry)

    def _data(self, piece: bytes, entry: Entry) -> None:
        self._machine.data_sent(entry.t, mark=entry.line)
        self._prompted = piece[-1:] not in b"\x1a\x1b"

    def _type(self, piece: bytes, entry: Entry) -> None:
        ends = piece[-1:] in b"\r\n\x1a\x1b"
        self._typed += piece[: MAX_TYPED - len(self._typed)]
        if self._typed.strip() and entry.line and entry.line not in self._marks[-1:]:
            self._marks.append(entry.line)
        if ends or _REPEAT.fullmatch(self._typed):
            line, marks = self._take_typed()
            if line:
                self._line(line, marks, entry)

    def _line(self, line: bytes, marks: list[int], entry: Entry) -> None:
        if self._machine.busy and not _COMMAND.match(line) and not _REPEAT.match(line):
            self._machine.data_sent(entry.t, mark=entry.line)
            return
        self._happened(self._machine.give_up(entry.t))
        self._machine.send(_text(line), entry.t, _FOR_EVER, marks=marks)

    def _take_typed(self) -> tuple[bytes, list[int]]:
        line, marks = bytes(self._typed).strip(b" \t\r\n\0\x1a\x1b"), self._marks
        self._forget_typed()
        erased = 1
        while erased:
            line, erased = _ERASED.subn(b"", line)
        return line.lstrip(b"\x08\x7f"), marks

    def _forget_typed(self) -> None:
        self._typed.clear()
        self._marks = []


def _text(line: bytes) -> str:
    """As the session's user wrote it."""
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("latin-1")
