"""Bytes from a module to events.

Feed the bytes as they come, split anywhere; each ``feed`` returns the events that are now certain. Time is no
concern of this room. The one trick is the expectation: the caller says which command line is outstanding
and which prefixes its answer may carry; everything that the answer can't contain is a URC, and a line that could be
both (``+CREG: 1`` during ``AT+CREG?``) is the answer only as often as the command asks for one.

How a line is judged while a command is outstanding, in this order:

1. the command line itself, once and before anything of its answer: the echo;
2. a final result: it ends the expectation, so what follows in the same chunk is unsolicited already. Results that
   only a call can have (``NO CARRIER``) end a call command only, they are URCs to all others;
3. ``RING``: a URC, whatever is outstanding (V.250 5.7.1 has no command that answers it);
4. a prefix: of the answer when the expectation names it (and it was not taken yet, when it comes once, and it has
   as many values as an answer must have), else a URC;
5. no prefix: the answer when the expectation has free text; behind a prompt the echo of the data that was sent;
   otherwise a URC, for the answer cannot contain it.

With nothing outstanding every line is a URC, ``OK`` too. Both CR and LF end a line and empty lines are dropped, so
every kind of line ending reads the same. Bytes become the characters U+0000 to U+00FF, noise included.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from atshell.at.command import NotACommandLine, parse_line
from atshell.at.reply import Final, Information, Result, parse_final, parse_information
from atshell.at.syntax import BLANKS


@dataclass(frozen=True, slots=True)
class Echo:
    """The module repeats what was sent."""

    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """An information line of the outstanding command's answer."""

    information: Information


@dataclass(frozen=True, slots=True)
class Done:
    """The final result of the outstanding command line."""

    final: Final


@dataclass(frozen=True, slots=True)
class Urc:
    """A line that the module sends unasked."""

    information: Information


@dataclass(frozen=True, slots=True)
class Prompt:
    """``> ``: the module waits for data."""


@dataclass(frozen=True, slots=True)
class Overflow:
    """A line without end was given up; ``text`` is its beginning, the rest up to the next line ending is dropped."""

    text: str


Event = Echo | Line | Done | Urc | Prompt | Overflow


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the outstanding command line may answer."""

    line: str
    """The command line as sent, without its terminator (echoes are known by it)."""
    prefixes: frozenset[str] = frozenset()
    """Prefixes of information lines that belong to the answer, upper case: ``+CREG``."""
    once: frozenset[str] = frozenset()
    """Those that the answer carries at most once (a read form); further ones are URCs."""
    free_text: bool = False
    """True when the answer has lines without a prefix (``ATI``, ``AT+CGMM``)."""
    numeric: bool = False
    """True where ATV0 is in force: ``0`` is a final result."""
    least: Mapping[str, int] = field(default_factory=dict, hash=False)
    """Fewest values of the answer's lines, by prefix, where that is known. A line with fewer is a URC: ``AT+CREG?``
    answers two at least, its URC can have one (27.007 7.2)."""


_LINE_END = re.compile(rb"[\r\n]")
_PROMPT = b"> "

_CALL_RESULTS = frozenset({Result.NO_CARRIER, Result.BUSY, Result.NO_ANSWER, Result.NO_DIALTONE})
_CALL_COMMANDS = frozenset({"A", "D", "H", "O", "+CGDATA"})


class Stream:
    """One module's output. Holds at most ``max_line`` bytes."""

    def __init__(self, *, max_line: int = 4096) -> None:
        if max_line < len(_PROMPT):
            raise ValueError(f"max_line must be {len(_PROMPT)} at least")
        self._max_line = max_line
        self._held = bytearray()
        self._dropping = False
        self._judge: _Judge | None = None

    @property
    def held(self) -> str:
        """The unfinished line, as far as it has come."""
        return self._held.decode("latin-1")

    def expect(self, expectation: Expectation | None) -> None:
        """Set (or with None end) the outstanding command. Bytes already held are judged by the new one."""
        self._judge = _Judge(expectation) if expectation is not None else None

    def feed(self, data: bytes) -> list[Event]:
        """The events that are certain now. Takes time in proportion to ``data``, however long the line is."""
        events: list[Event] = []
        at = 0
        while at < len(data):
            ending = _LINE_END.search(data, at)
            end = ending.start() if ending else len(data)
            at = self._prompts(data, at, end, events)
            self._hold(data, at, end, events)
            if ending:
                self._finish_line(events)
            at = end + 1
        return events

    def _prompts(self, data: bytes, at: int, end: int, events: list[Event]) -> int:
        """Take prompts from the beginning of a line, which come without a line ending; returns where they end."""
        while self._judge is not None and not self._dropping and len(self._held) <= len(_PROMPT):
            behind = min(at + len(_PROMPT) - len(self._held), end)
            if self._held + data[at:behind] != _PROMPT:
                break
            self._held.clear()
            self._judge.prompted = True
            events.append(Prompt())
            at = behind
        return at

    def _hold(self, data: bytes, at: int, end: int, events: list[Event]) -> None:
        if self._dropping:
            return
        room = self._max_line - len(self._held)
        self._held += data[at : min(end, at + room)]
        if end - at > room:
            events.append(Overflow(self.held))
            self._held.clear()
            self._dropping = True

    def _finish_line(self, events: list[Event]) -> None:
        text = self.held
        self._held.clear()
        self._dropping = False
        if not text.strip(BLANKS):
            return
        event = self._judge.event(text) if self._judge is not None else Urc(parse_information(text))
        events.append(event)
        if isinstance(event, Done):
            self._judge = None


class _Judge:
    """What belongs to one outstanding command: the expectation and how much of it has come."""

    def __init__(self, expectation: Expectation) -> None:
        self.prompted = False
        self._expectation = expectation
        self._echoes = _echoes(expectation.line)
        self._taken: set[str] = set()
        self._calls = _calls(expectation.line)

    def event(self, text: str) -> Event:
        if text.strip(BLANKS) in self._echoes:
            self._echoes = frozenset()
            return Echo(text)
        final = parse_final(text, verbose=not self._expectation.numeric)
        if final is not None and (self._calls or final.result not in _CALL_RESULTS):
            return Done(final)
        event = self._information(text, unasked=final is not None or self._rings(text))
        if isinstance(event, Line):
            self._echoes = frozenset()
        return event

    def _information(self, text: str, *, unasked: bool) -> Event:
        information = parse_information(text)
        if unasked:
            return Urc(information)
        if information.prefix:
            return Line(information) if self._take(information) else Urc(information)
        if self._expectation.free_text:
            return Line(information)
        return Echo(text) if self.prompted else Urc(information)

    def _take(self, information: Information) -> bool:
        """Whether a line with a prefix belongs to the answer; what does is counted."""
        expected, prefix = self._expectation, information.prefix.upper()
        if prefix not in expected.prefixes or len(information.values) < expected.least.get(prefix, 0):
            return False
        again = prefix in self._taken
        self._taken.add(prefix)
        return not (again and prefix in expected.once)

    def _rings(self, text: str) -> bool:
        text = text.strip(BLANKS)
        return text == "RING" or (self._expectation.numeric and text == "2")


def _echoes(line: str) -> frozenset[str]:
    """How the echo of a line can look: as it is, or as the characters that its UTF-8 bytes become."""
    line = line.strip(BLANKS)
    return frozenset({line, line.encode("utf-8", "replace").decode("latin-1")} - {""})


def _calls(line: str) -> bool:
    """True for a line that sets up, takes or ends a call; for ``A/`` and what cannot be read too: it may be one."""
    try:
        read = parse_line(line)
    except NotACommandLine:
        return True
    return read.repeat or any(command.name in _CALL_COMMANDS for command in read.commands)
