"""The lines of a session that no pack has an intent for: they stand in the timeline too, and claim nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from atshell.at.command import NotACommandLine, parse_line
from atshell.at.stream import Expectation
from atshell.session.exchange import Exchange, Happening, Unsolicited
from atshell.session.intent import Intent
from atshell.session.reread import read
from atshell.transcript.file import Transcript


def with_other_lines(intents: Sequence[Intent], transcript: Transcript) -> list[Intent]:
    """The intents, and a bare one for every other line, in the order of time."""
    known: dict[tuple[str, str], set[int]] = {}
    for intent in intents:
        known.setdefault((intent.kind, intent.line), set()).update(intent.entries)
    others = [
        bare
        for bare in _bare(read(transcript, _expect))
        if not known.get((bare.kind, bare.line), set()) & {*bare.entries}
    ]
    return sorted([*intents, *others], key=lambda intent: intent.time)


def _bare(happenings: Iterable[Happening]) -> Iterable[Intent]:
    for happening in happenings:
        if isinstance(happening, Exchange):
            final = happening.final
            summary = f"refused: {final.text}" if final is not None and not final.ok else ""
            yield Intent(happening.sent, happening.entries, "at", happening.line, summary)
        elif isinstance(happening, Unsolicited):
            yield Intent(happening.time, happening.entries, "urc", happening.information.text, "")


def _expect(line: str) -> Expectation:
    """An answer may carry lines with its commands' own names, and free text. It needs no catalog to know that."""
    try:
        names = frozenset(command.name for command in parse_line(line).commands if command.name.startswith("+"))
    except NotACommandLine:
        names = frozenset()
    return Expectation(line, names, free_text=True)
