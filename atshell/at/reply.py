"""What a module says, line by line: final results and information lines (V.250 5.7, 27.007 9.2, 27.005 3.2.5)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from atshell.at.syntax import Argument


class Result(StrEnum):
    """The kinds of final result."""

    OK = "OK"
    ERROR = "ERROR"
    CME = "+CME ERROR"
    CMS = "+CMS ERROR"
    CIS = "+CIS ERROR"
    CONNECT = "CONNECT"
    NO_CARRIER = "NO CARRIER"
    BUSY = "BUSY"
    NO_ANSWER = "NO ANSWER"
    NO_DIALTONE = "NO DIALTONE"
    ABORTED = "ABORTED"


@dataclass(frozen=True, slots=True)
class Final:
    """The line that ends an exchange."""

    result: Result
    detail: str = ""
    """The error code or text of ``+CME ERROR: 50``, the rate of ``CONNECT 9600``."""
    text: str = ""
    """The line as the module wrote it, without line ending."""

    @property
    def ok(self) -> bool:
        return self.result in (Result.OK, Result.CONNECT)


@dataclass(frozen=True, slots=True)
class Information:
    """``+CSQ: 23,0`` read: the prefix and the values; free text (``AT+CGMM``) has the prefix ""."""

    text: str
    prefix: str = ""
    """``+CSQ``, as the module spells it."""
    values: tuple[Argument, ...] = ()


def parse_final(line: str, *, verbose: bool = True) -> Final | None:
    """The final result that a line is, or None. ``verbose=False`` reads the numeric forms of ATV0 too."""
    raise NotImplementedError


def parse_information(line: str) -> Information:
    """Read an information line or URC. Never fails."""
    raise NotImplementedError
