"""The sans-io exchange machine: which bytes belong to which command.

One command line is outstanding at most. It ends with its final result or when its time is over. After a timeout the
machine remembers that an answer is owed: whatever arrives until that late final result is reported as late and is
never credited to the next command (the owed answer is forgotten after ``forget_after`` seconds).
The same machine reads live bytes and recorded ones; time comes in as a value in seconds.

Modules answer in order. While answers are owed and a further command is outstanding, it is decided whose the next
final result is, by the first of these that holds:

| seen since the last final result                                  | the result belongs to                           |
|-------------------------------------------------------------------|-------------------------------------------------|
| a line that only an owed answer can have                          | that owed one; those before it never come       |
| a line that only the outstanding command's answer can have        | the outstanding command; the owed never come    |
| the outstanding command's echo (a module echoes a line as it      | the outstanding command; the owed never come    |
| takes it up, behind the answer before)                            |                                                 |
| none of them                                                      | the oldest owed one                             |

Lines that either answer can have wait for that decision. A module which is caught echoing before its late answer
came (the first row, after an echo) is not believed the third row again.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from atshell.at.command import REPEAT
from atshell.at.reply import Final, Information, parse_information
from atshell.at.stream import Done, Echo, Event, Expectation, Line, Overflow, Prompt, Stream, Urc
from atshell.session.expectation import expectation, numeric


class Outcome(StrEnum):
    DONE = "done"
    TIMEOUT = "timeout"
    LOST = "link lost"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One command line with everything that belongs to its answer."""

    line: str
    sent: float
    """Seconds, by the caller's clock."""
    ended: float
    lines: tuple[Information, ...] = ()
    final: Final | None = None
    """None when it timed out or the link was lost."""
    outcome: Outcome = Outcome.DONE
    entries: tuple[int, ...] = ()
    """Marks of the chunks that made it up (transcript line numbers when read from a transcript)."""

    @property
    def ok(self) -> bool:
        return self.final is not None and self.final.ok

    @property
    def elapsed(self) -> float:
        """Seconds from sending to the end."""
        return self.ended - self.sent

    @property
    def text(self) -> str:
        """The answer as lines, the final result last."""
        lines = [information.text for information in self.lines]
        if self.final is not None:
            lines.append(self.final.text)
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Unsolicited:
    """A URC, or a line of an answer that came too late (``late``)."""

    time: float
    information: Information
    late: bool = False
    entries: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class DataPrompt:
    """The module asks for the data of the outstanding command."""

    time: float


@dataclass(frozen=True, slots=True)
class Garbage:
    """A line without end that was given up."""

    time: float
    text: str


Happening = Exchange | Unsolicited | DataPrompt | Garbage
Expect = Callable[[str], Expectation]

DATA_PATIENCE = 120.0
"""Seconds that a command may wait for its data at least: someone is typing them."""
MAX_OWED = 8
MAX_LINES = 10_000
"""Lines of one answer; what goes beyond is reported as unasked."""
MAX_MARKS = 4096
_PIECES = re.compile(rb"[^\r\n]*[\r\n]|[^\r\n]+")


@dataclass(slots=True)
class _Command:
    """A command line whose answer has not come."""

    line: str
    expectation: Expectation
    sent: float
    timeout: float
    deadline: float
    lines: list[Information] = field(default_factory=list)
    entries: list[int] = field(default_factory=list)
    echoed: bool = False

    def can_have(self, information: Information) -> bool:
        if not information.prefix:
            return self.expectation.free_text
        return information.prefix.upper() in self.expectation.prefixes

    def is_echo(self, text: str) -> bool:
        return not self.echoed and text.strip() in (self.line.strip(), _wire(self.line).strip())

    def add_entries(self, marks: Sequence[int]) -> None:
        self.entries += [mark for mark in marks if mark not in self.entries[-1:]]

    def exchange(self, ended: float, outcome: Outcome, final: Final | None = None) -> Exchange:
        return Exchange(self.line, self.sent, ended, tuple(self.lines), final, outcome, tuple(sorted({*self.entries})))


class ExchangeMachine:
    """``expect`` says for a command line what its answer may carry (see ``catalog`` and ``expectation``)."""

    def __init__(self, expect: Expect | None = None, *, forget_after: float = 180.0) -> None:
        self._expect = expect or expectation
        self._forget_after = forget_after
        self._stream = Stream()
        self._current: _Command | None = None
        self._owed: deque[_Command] = deque(maxlen=MAX_OWED)
        """Given up, the oldest first; their answers may still come, in this order."""
        self._undecided: list[tuple[Information, tuple[int, ...]]] = []
        """Lines that an owed answer and the outstanding one can have."""
        self._late = False
        """The answer that is coming in is an owed one."""
        self._echoes_early = False
        self._marks: list[int] = []
        """Of the chunks that the line which is coming in is made of."""
        self._last_line = "AT"
        self._numeric = False

    @property
    def busy(self) -> bool:
        """True while a command is outstanding."""
        return self._current is not None

    @property
    def deadline(self) -> float | None:
        """When ``tick`` must be called at the latest."""
        return self._current.deadline if self._current is not None else None

    def send(self, line: str, now: float, timeout: float, *, mark: int = 0, marks: Sequence[int] = ()) -> bytes:
        """Make ``line`` the outstanding command; returns the bytes to write. Raises ValueError when busy.

        ``marks`` are those of a line that was typed in several chunks.
        """
        if self._current is not None:
            raise ValueError("a command is outstanding")
        self._forget(now)
        repeats = REPEAT.fullmatch(line) is not None
        meant = self._last_line if repeats else line
        self._last_line = meant
        in_numbers, self._numeric = numeric(meant, self._numeric)
        expected = replace(self._expect(meant), line=line, numeric=in_numbers)
        entries = list(marks) or ([mark] if mark else [])
        self._current = _Command(line, expected, now, timeout, now + timeout, entries=entries)
        self._listen()
        return _wire(line).encode("latin-1") + (b"" if repeats else b"\r")

    def data_sent(self, now: float, *, mark: int = 0) -> None:
        """The outstanding command got its data: its time begins anew."""
        if self._current is not None:
            self._current.deadline = now + self._current.timeout
            self._current.add_entries((mark,) if mark else ())

    def receive(self, data: bytes, now: float, *, mark: int = 0) -> list[Happening]:
        self._forget(now)
        happenings: list[Happening] = []
        # Line by line: the end of one answer changes what the next line may be.
        for piece in _PIECES.findall(data):
            if mark and piece.strip(b"\r\n") and mark not in self._marks[-1:] and len(self._marks) < MAX_MARKS:
                self._marks.append(mark)
            for event in self._stream.feed(piece):
                happenings += self._happened(event, now)
            if piece[-1:] in b"\r\n":
                self._marks.clear()
        return happenings

    def tick(self, now: float) -> list[Happening]:
        """The timeout of the outstanding command, when it is over."""
        if self._current is None or now < self._current.deadline:
            return []
        return self.give_up(now)

    def give_up(self, now: float) -> list[Happening]:
        """End the outstanding command as if its time were over; its answer is owed from now on."""
        command, self._current = self._current, None
        if command is None:
            return []
        late = self._as_late(now)
        self._owed.append(replace(command, deadline=now + self._forget_after))
        self._listen()
        return [*late, command.exchange(now, Outcome.TIMEOUT)]

    def lost(self, now: float) -> list[Happening]:
        """The link is gone."""
        command, self._current = self._current, None
        late = self._as_late(now)
        self._owed.clear()
        self._late = False
        self._stream = Stream()
        self._marks.clear()
        return [*late, command.exchange(now, Outcome.LOST)] if command is not None else late

    def _forget(self, now: float) -> None:
        """Owed answers that will not come any more."""
        if self._owed and self._owed[0].deadline <= now:
            while self._owed and self._owed[0].deadline <= now:
                self._owed.popleft()
            self._late = self._late and bool(self._owed)
            self._listen()

    def _listen(self) -> None:
        """Tell the stream what may come: the answers of all who wait."""
        waiting = [*self._owed, self._current] if self._current is not None else [*self._owed]
        if not waiting:
            self._stream.expect(None)
            return
        expected = [command.expectation for command in waiting]
        prefixes = frozenset().union(*(e.prefixes for e in expected))
        several = frozenset().union(*(e.prefixes - e.once for e in expected))
        free_text, in_numbers = any(e.free_text for e in expected), any(e.numeric for e in expected)
        self._stream.expect(Expectation(waiting[-1].line, prefixes, prefixes - several, free_text, in_numbers))

    def _happened(self, event: Event, now: float) -> list[Happening]:
        marks = tuple(self._marks)
        self._marks = self._marks[-1:]
        match event:
            case Line(information) | Urc(information) if self._is_echo(information.text, marks):
                return []
            case Echo(text):
                if not self._is_echo(text, marks) and self._current is not None:
                    self._current.add_entries(marks)  # the data of a prompt come back
                return []
            case Line(information):
                return self._line(information, now, marks)
            case Urc(information):
                return [Unsolicited(now, information, False, marks)]
            case Done(final):
                return self._final(final, now, marks)
            case Prompt():
                return self._prompt(now, marks)
            case Overflow(text):
                return [Garbage(now, text)]

    def _is_echo(self, text: str, marks: tuple[int, ...]) -> bool:
        """The echo of a line whose answer has not come; it is noted. Those of owed lines can be late as well."""
        waiting = [self._current, *self._owed] if self._current is not None else [*self._owed]
        command = next((command for command in waiting if command.is_echo(text)), None)
        if command is None:
            return False
        command.echoed = True
        command.add_entries(marks)
        return True

    def _prompt(self, now: float, marks: tuple[int, ...]) -> list[Happening]:
        if self._current is not None:
            self._current.deadline = max(self._current.deadline, now + DATA_PATIENCE)
            self._current.add_entries(marks)
        return [DataPrompt(now)]

    def _line(self, information: Information, now: float, marks: tuple[int, ...]) -> list[Happening]:
        current = self._current
        for_current = current is not None and current.can_have(information)
        owed = next((command for command in self._owed if command.can_have(information)), None)
        if owed is not None and not for_current:
            self._belongs_to(owed)
            return [*self._as_late(now), Unsolicited(now, information, True, marks)]
        if owed is not None and len(self._undecided) < MAX_LINES:
            self._undecided.append((information, marks))
            return []
        if current is None or not for_current or len(current.lines) >= MAX_LINES:
            return [Unsolicited(now, information, False, marks)]
        self._late = False
        self._owed.clear()
        self._credit()
        current.lines.append(information)
        current.add_entries(marks)
        return []

    def _final(self, final: Final, now: float, marks: tuple[int, ...]) -> list[Happening]:
        current = self._current
        if self._owed and (current is None or self._late or not current.echoed or self._echoes_early):
            self._owed.popleft()
            happenings = [*self._as_late(now), Unsolicited(now, parse_information(final.text), True, marks)]
            self._late = False
            self._listen()
            return happenings
        self._owed.clear()
        if current is None:
            return [Unsolicited(now, parse_information(final.text), False, marks)]
        self._credit()
        current.add_entries(marks)
        self._current = None
        self._listen()
        return [current.exchange(now, Outcome.DONE, final)]

    def _belongs_to(self, owed: _Command) -> None:
        """The answer that is coming in is that of ``owed``; those before it will not come."""
        while self._owed[0] is not owed:
            self._owed.popleft()
        self._late = True
        if self._current is not None and self._current.echoed:
            self._echoes_early = True

    def _credit(self) -> None:
        """The undecided lines are the outstanding command's."""
        if self._current is not None:
            for information, marks in self._undecided:
                self._current.lines.append(information)
                self._current.add_entries(marks)
        self._undecided.clear()

    def _as_late(self, now: float) -> list[Happening]:
        """The undecided lines are an owed answer's."""
        late: list[Happening] = [Unsolicited(now, information, True, marks) for information, marks in self._undecided]
        self._undecided.clear()
        return late


def _wire(line: str) -> str:
    """A line as the characters that its bytes are read as."""
    return line.encode("utf-8", "replace").decode("latin-1")
