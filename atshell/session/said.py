"""A recorded session line by line, each line with its place in the transcript and the data behind its prompt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from atshell.session.carried import Said
from atshell.session.exchange import DataPrompt, Exchange, Expect, Happening, Unsolicited
from atshell.session.reread import read
from atshell.transcript.entry import Entry
from atshell.transcript.file import Transcript

_ENDS = b"\x1a\x1b"
_AHEAD = 32
"""Entries in which an answer's next line is looked for."""
_NOWHERE = Entry(0.0, "note", "")


def lines(transcript: Transcript, expect: Expect | None = None) -> Iterator[tuple[Entry, Said]]:
    """In order, each with the entry in which it began."""
    entries = {entry.line: entry for entry in transcript.entries}
    prompted = False
    for happening in read(transcript, expect):
        found = [entries[mark] for mark in _marks(happening) if mark in entries]
        if isinstance(happening, DataPrompt):
            prompted = True
        elif isinstance(happening, Unsolicited):
            text = happening.information.text
            yield _where(found, text), Said(text)
        elif isinstance(happening, Exchange):
            sent = [entry for entry in found if entry.dir == "tx"]
            data = _behind(sent) if prompted else b""
            prompted = False
            yield (sent or found or [_NOWHERE])[0], Said(happening.line, True, data=data)
            received = [entry for entry in found if entry.dir == "rx"]
            at = 0
            for information in happening.lines:
                # Lines come in order: what is before the last one's entry need not be looked at again.
                near = range(at, min(at + _AHEAD, len(received)))
                at = next((index for index in near if information.text in received[index].data), at)
                yield received[at] if received else _NOWHERE, Said(information.text, command=happening.line)


def _marks(happening: Happening) -> Sequence[int]:
    return happening.entries if isinstance(happening, Exchange | Unsolicited) else ()


def _where(entries: Sequence[Entry], text: str) -> Entry:
    """The entry that has the whole line; of one that came in pieces, the first piece."""
    return next((entry for entry in entries if text in entry.data), (entries or [_NOWHERE])[0])


def _behind(sent: Sequence[Entry]) -> bytes:
    """What was sent after the line's end, without the sign that ends it (27.005 section 3.5.1)."""
    _, _, data = b"".join(entry.bytes for entry in sent).partition(b"\r")
    data = data.removeprefix(b"\n")
    return data[:-1] if data[-1:] and data[-1:] in _ENDS else data
