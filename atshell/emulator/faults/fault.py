"""One fault as a value, and how it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from atshell.emulator.faults.kinds import CODE, COMMAND, KINDS, OPERATIONS
from atshell.emulator.faults.values import quoted, write_bytes, write_time

PLAIN = re.compile(rf"[+^$*&][^\s%]*|AT[^\s%]*|{'|'.join(OPERATIONS)}", re.IGNORECASE)
"""A subject that is no condition, whatever it is."""


@dataclass(frozen=True, slots=True)
class Fault:
    kind: str
    """A key of ``KINDS``."""
    way: str = ""
    """``up`` or ``down``, ``in`` or ``out``; "" for both."""
    code: str = ""
    """``4.04``"""
    time: float = 0.0
    """Seconds"""
    number: int = 0
    about: str = ""
    """How the command, URC or operation begins that is hit; "" for every one."""
    share: float = 100.0
    """Percent of the occasions."""
    nth: int = 0
    """The one occasion, counted from 1; 0 for all."""
    holding: bytes = b""
    """In the packet."""
    over: int = 0
    """Bytes; the packet has more."""
    after: float = 0.0
    """Seconds from when the fault was set."""
    lasting: float = 0.0
    """Seconds from there; 0 without end."""
    times: int = 0
    """How often at most; 0 without limit."""

    def __str__(self) -> str:
        return " ".join(_written(self))

    @property
    def waits(self) -> bool:
        """False for one that happens when its time has come; others wait for a command, a packet."""
        kind = KINDS[self.kind]
        chosen = bool(self.about or self.nth) or self.share < 100
        return chosen or not (kind.once and kind.about == COMMAND)


def _written(fault: Fault) -> Iterator[str]:
    kind = KINDS[fault.kind]
    yield kind.name.replace("CODE", fault.code) if kind.name == CODE else kind.name
    if fault.way:
        yield fault.way
    if kind.time:
        yield write_time(fault.time)
    if kind.number:
        yield str(fault.number)
    if fault.about:
        yield fault.about if PLAIN.fullmatch(fault.about) else quoted(fault.about)
    yield from _conditions(fault, once=kind.once)


def _conditions(fault: Fault, *, once: bool) -> Iterator[str]:
    if fault.share < 100:
        yield f"{fault.share:.7g}%"
    if fault.nth:
        yield f"#{fault.nth}"
    if fault.holding:
        yield f"with {write_bytes(fault.holding)}"
    if fault.over:
        yield f"over {fault.over}"
    if fault.after:
        yield f"after {write_time(fault.after)}"
    if fault.lasting:
        yield f"for {write_time(fault.lasting)}"
    if fault.times != int(once):
        yield "once" if fault.times == 1 else f"times {fault.times}"
