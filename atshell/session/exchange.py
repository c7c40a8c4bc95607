"""The sans-io exchange machine: which bytes belong to which command.

One command line is outstanding at most. It ends with its final result or when its time is over. After a timeout the
machine remembers that an answer is owed: whatever arrives until that late final result is reported as late and is
never credited to the next command (the owed answer is forgotten after ``forget_after`` seconds).
The same machine reads live bytes and recorded ones; time comes in as a value in seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from atshell.at.reply import Final, Information
from atshell.at.stream import Expectation


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


class ExchangeMachine:
    """``expect`` says for a command line what its answer may carry (see ``catalog`` and ``expectation``)."""

    def __init__(self, expect: Expect | None = None, *, forget_after: float = 180.0) -> None:
        raise NotImplementedError

    @property
    def busy(self) -> bool:
        """True while a command is outstanding."""
        raise NotImplementedError

    @property
    def deadline(self) -> float | None:
        """When ``tick`` must be called at the latest."""
        raise NotImplementedError

    def send(self, line: str, now: float, timeout: float, *, mark: int = 0) -> bytes:
        """Make ``line`` the outstanding command; returns the bytes to write. Raises ValueError when busy."""
        raise NotImplementedError

    def receive(self, data: bytes, now: float, *, mark: int = 0) -> list[Happening]:
        raise NotImplementedError

    def tick(self, now: float) -> list[Happening]:
        """The timeout of the outstanding command, when it is over."""
        raise NotImplementedError

    def lost(self, now: float) -> list[Happening]:
        """The link is gone."""
        raise NotImplementedError
