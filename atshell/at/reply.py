"""What a module says, line by line: final results and information lines (V.250 5.7, 27.007 9.2, 27.005 3.2.5)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from atshell.at.syntax import BLANKS, Argument, parse_arguments


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


# "CONNECT" alone or with a rate; what follows in another way (SIMCom's "CONNECT FAIL") is no final result.
_CONNECT = re.compile(r"CONNECT(?:[ \t]+([0-9].*))?")
_COLON_RESULT = re.compile(r"(\+C(?:ME|MS|IS) ERROR)(?:[ \t]*:[ \t]*(.*))?")
_WORDS = {result.value: result for result in Result if not result.value.startswith(("+", "CONNECT"))}
# Dial tone is one word in V.250 6.2.7 and two in many modules.
_WORDS["NO DIAL TONE"] = Result.NO_DIALTONE
_NUMERIC = {
    "0": Result.OK,
    "1": Result.CONNECT,
    "3": Result.NO_CARRIER,
    "4": Result.ERROR,
    "6": Result.NO_DIALTONE,
    "7": Result.BUSY,
    "8": Result.NO_ANSWER,
}
"""V.250 5.7.1 table 1; 2 is RING, which ends nothing."""

# A name as in command lines (27.005 and vendors have some with " ERROR" too), then what separates it from the values.
# The OneMO manual prints one URC with "=" for the colon (3.19), some modules print neither.
_PREFIXED = re.compile(r"[ \t]*([+^*%$#!@][A-Za-z][A-Za-z0-9!%._-]*(?: ERROR(?=[ \t]*:))?)(?:[ \t]*[:=]|(?=[ \t])|$)")


def parse_final(line: str, *, verbose: bool = True) -> Final | None:
    """The final result that a line is, or None. ``verbose=False`` reads the numeric forms of ATV0 too."""
    text = line.strip(BLANKS)
    result = _WORDS.get(text) or (None if verbose else _NUMERIC.get(text))
    if result is not None:
        return Final(result, "", line)
    if match := _COLON_RESULT.fullmatch(text):
        return Final(Result(match.group(1)), match.group(2) or "", line)
    if match := _CONNECT.fullmatch(text):
        return Final(Result.CONNECT, match.group(1) or "", line)
    return None


def parse_information(line: str) -> Information:
    """Read an information line or URC. Never fails."""
    match = _PREFIXED.match(line)
    if match is None:
        return Information(line)
    return Information(line, match.group(1), parse_arguments(line, match.end()))
