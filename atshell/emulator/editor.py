"""What a host types, byte by byte, to command lines (V.250 5.2). S3 ends a line, S5 takes a character back.

Whatever precedes ``AT`` is skipped: the search for ``A`` and ``T`` goes on through any noise. From there to the
terminator the bytes are the body, in which the editing character takes one back. ``A/`` is a line by itself,
without a terminator. A body that grows too long is dropped to its end and then reported as such.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from atshell.emulator.framing import TERMINATOR

MAX_LINE = 8192
"""Bytes of a line. The longest that a manual allows are hexadecimal values of some thousand characters."""

EDITING = 5
_DELETE = 0x7F  # what the backspace key of a terminal sends
_RUBOUT = b"\b \b"


@dataclass(frozen=True, slots=True)
class Typed:
    """What one piece of input came to."""

    used: int
    """Bytes that were read; the rest is for the next call."""
    echo: bytes
    """What is sent back when echo is on."""
    line: str | None = None
    """A whole line, when there is one."""
    too_long: bool = False
    """A line ended that was too long to be kept."""


class _State(Enum):
    SEEK = "A is awaited"
    PREFIX = "T or / is awaited"
    REPEAT = "A/ is complete"
    BODY = "the terminator is awaited"
    DROP = "the terminator of a line that is too long is awaited"


class LineEditor:
    def __init__(self, *, max_line: int = MAX_LINE) -> None:
        self._max_line = max_line
        self._state = _State.SEEK
        self._line = bytearray()
        self._last = "AT"
        self._noise = False
        """Something else was typed before the prefix: then ``A/`` is noise too, lest it carries a command out."""

    def clear(self) -> None:
        """Forget a line that is half typed."""
        self._state = _State.SEEK
        self._line.clear()
        self._noise = False

    def feed(self, data: bytes, registers: Mapping[int, int]) -> Typed:
        """Read up to the end of the first line. ``registers`` are the S-registers that are in force."""
        echo = bytearray()
        for used, byte in enumerate(data, 1):
            if byte == registers[TERMINATOR]:
                echo.append(byte)
                too_long = self._state is _State.DROP
                line = self._end()
                if line is not None or too_long:
                    return Typed(used, bytes(echo), line, too_long)
            elif byte in (registers[EDITING], _DELETE):
                echo += self._erase()
            elif self._take(byte):
                echo.append(byte)
                if self._state is _State.REPEAT:
                    self.clear()
                    return Typed(used, bytes(echo), self._last)
        return Typed(len(data), bytes(echo))

    def _end(self) -> str | None:
        line = self._line.decode("utf-8", "surrogateescape") if self._state is _State.BODY else None
        self.clear()
        if line is not None:
            self._last = line
        return line

    def _take(self, byte: int) -> bool:
        """Add one byte; True when it is to be echoed."""
        printable = 0x20 <= byte < 0x7F
        letter = byte & 0xDF
        if self._state is _State.BODY:
            if printable or byte >= 0x80:  # V.250 5.2.2: other control characters are ignored
                self._line.append(byte)
                if len(self._line) > self._max_line:
                    self._state = _State.DROP
                    self._line.clear()
                return True
            return False
        if self._state is _State.DROP:
            return printable
        if letter == 0x41:  # A, in either case
            self._noise |= self._state is _State.PREFIX
            self._state, self._line[:] = _State.PREFIX, bytes([byte])
        elif self._state is _State.PREFIX and letter == 0x54:  # T
            self._state = _State.BODY
            self._line.append(byte)
        elif self._state is _State.PREFIX and byte == 0x2F and not self._noise:
            self._state = _State.REPEAT
        elif byte > 0x20:
            self._state, self._noise = _State.SEEK, True
        return printable

    def _erase(self) -> bytes:
        """Take the last character of the body back; the prefix stays (V.250 6.2.3)."""
        if self._state is not _State.BODY or len(self._line) <= 2:
            return b""
        while len(self._line) > 2 and 0x80 <= self._line.pop() < 0xC0:
            pass  # the trailing bytes of a UTF-8 character
        return _RUBOUT
