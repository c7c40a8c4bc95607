"""Bytes from a module to events.

Feed the bytes as they come, split anywhere; each ``feed`` returns the events that are now certain. Time is no
concern of this room. The one trick is the expectation: the caller says which command line is outstanding
and which prefixes its answer may carry; everything that the answer can't contain is a URC, and a line that could be
both (``+CREG: 1`` during ``AT+CREG?``) is the answer only as often as the command asks for one.
"""

from __future__ import annotations

from dataclasses import dataclass

from atshell.at.reply import Final, Information


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


class Stream:
    """One module's output. Holds at most ``max_line`` bytes."""

    def __init__(self, *, max_line: int = 4096) -> None:
        raise NotImplementedError

    def expect(self, expectation: Expectation | None) -> None:
        """Set (or with None end) the outstanding command. Bytes already held are judged by the new one."""
        raise NotImplementedError

    def feed(self, data: bytes) -> list[Event]:
        raise NotImplementedError
