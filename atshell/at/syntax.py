"""Parameters: the text between ``=`` and the end of a command, or after the colon of an answer.

Both directions share one grammar: values separated by commas, strings in double quotes (with V.250 5.4.2.2's
``\\22`` escapes), empty and omitted values, sub-lists in parentheses (answers to test commands). The reader never
fails: a string or sub-list that is not closed ends at the end of the text and says so in ``closed``.

The one trick: a value's extent is found first (a comma in quotes or in a sub-list ends nothing), then what it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

BLANKS = " \t"
"""What stands around values, names and operators without a meaning (V.250 5.2.2 ignores spaces)."""

_INTEGER = re.compile(r"[+-]?[0-9]{1,24}")
_HEX_INTEGER = re.compile(r"0[xX][0-9A-Fa-f]{1,16}")
_ESCAPE = re.compile(r"\\([0-9A-Fa-f]{2})")
_MUST_ESCAPE = re.compile(r'["\x00-\x1f\x7f]|\\(?=[0-9A-Fa-f]{2})')
_QUOTED = re.compile(r'"[^"]*"')
_LIST = re.compile(r"[ \t]*\(")
# What can end, open or close something: everything between is skipped at the speed of the regular expression.
_STOP = re.compile(r'[",()]')


@dataclass(frozen=True, slots=True)
class Argument:
    """One parameter as it stands in a line."""

    text: str
    """The value without its quotes; "" when omitted or empty."""
    quoted: bool = False
    start: int = 0
    """Offset of the first character in the line, quotes included."""
    end: int = 0
    """Offset behind the last character."""
    closed: bool = True
    """False for a string whose closing quote is missing (or a sub-list without its parenthesis)."""

    @property
    def omitted(self) -> bool:
        """True for nothing between two commas (``""`` is empty, not omitted)."""
        return not self.text and not self.quoted

    @property
    def integer(self) -> int | None:
        """The number that the text is, decimal or ``0x400``; None for anything else."""
        if _INTEGER.fullmatch(self.text):
            return int(self.text)
        return int(self.text, 16) if _HEX_INTEGER.fullmatch(self.text) else None

    def __str__(self) -> str:
        """The value as it is written: ``"`` and control characters of a string as ``\\22``, ``\\0D``."""
        return f'"{_MUST_ESCAPE.sub(_escape, self.text)}"' if self.quoted else self.text


def quote(text: str) -> Argument:
    """A string parameter."""
    return Argument(text, quoted=True)


def plain(value: int | str) -> Argument:
    """A parameter without quotes: a number, a word."""
    return Argument(str(value))


def omitted() -> Argument:
    """A parameter that is left out between its commas."""
    return Argument("")


def parse_arguments(text: str, start: int = 0) -> tuple[Argument, ...]:
    """The parameters in ``text`` from offset ``start`` to its end. Offsets count in the whole ``text``.

    Nothing (or blanks alone) is no parameter at all; ``,`` is two omitted ones. Never fails.
    """
    start = max(start, 0)
    if not text[start:].strip(BLANKS):
        return ()
    arguments = []
    while True:
        end, closed = _extent(text, start)
        arguments.append(_argument(text, start, end, closed))
        if end >= len(text):
            return tuple(arguments)
        start = end + 1


def _extent(text: str, start: int) -> tuple[int, bool]:
    """Where the value that begins at ``start`` ends, and whether everything that it opens is closed.

    Quotes hide commas wherever they stand (``name="a,b"``), parentheses only in a value that begins with one:
    an unquoted word may contain a stray one.
    """
    depth = 0
    at = start
    in_list = _LIST.match(text, start) is not None
    while stop := _STOP.search(text, at):
        char, at = stop.group(), stop.end()
        if char == '"':
            closing = text.find('"', at)
            if closing < 0:
                return len(text), False
            at = closing + 1
        elif char == ",":
            if not depth:
                return stop.start(), True
        elif in_list:
            depth = max(depth + (1 if char == "(" else -1), 0)
    return len(text), not depth


def _argument(text: str, start: int, end: int, closed: bool) -> Argument:
    while start < end and text[start] in BLANKS:
        start += 1
    while end > start and text[end - 1] in BLANKS:
        end -= 1
    raw = text[start:end]
    if _QUOTED.fullmatch(raw):
        return Argument(_unescape(raw[1:-1]), True, start, end)
    if raw.startswith('"') and raw.count('"') == 1:
        return Argument(_unescape(raw[1:]), True, start, end, closed=False)
    return Argument(raw, False, start, end, closed)


def _unescape(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match.group(1), 16)), text) if "\\" in text else text


def _escape(match: re.Match[str]) -> str:
    return f"\\{ord(match.group()):02X}"
