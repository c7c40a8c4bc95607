"""Quotes and signs as word processors and input methods write them, set right place by place.

A caution says so, and the rest of the check reads the line as it was meant. Every character becomes one character,
so that offsets stay. What stands in straight quotes is data and stays as it is.
"""

from __future__ import annotations

import re

CURLY = frozenset("“”„‟«»＂″")
SINGLE = frozenset("‘’‚‛＇")
"""Taken for quotes where a value begins or ends; elsewhere they are letters of a text."""
FULL_WIDTH = {chr(code + 0xFEE0): chr(code) for code in range(0x21, 0x7F)} | {"\u3000": " ", "，": ",", "；": ";"}


def straight(line: str) -> tuple[str, int | None, int | None]:
    """The line as it was meant, and the offsets of the first curly quote and the first full-width character."""
    if line.isascii():
        return line, None, None
    reader = _Reader(line)
    for at, char in enumerate(line):
        reader.take(at, char)
    return "".join(reader.chars), reader.curly, reader.full_width


_EDGE = re.compile(r"[ \t]*(?:[,，;；]|$)")


class _Reader:
    def __init__(self, line: str) -> None:
        self.chars = list(line)
        self.curly: int | None = None
        self.full_width: int | None = None
        self._line = line
        self._last_straight = line.rfind('"')
        self._inside = ""
        """The kind of string that the place is in: ``"`` closed by a straight quote, ``“`` by any."""
        self._before = ""
        """The last character that is no blank."""

    def take(self, at: int, char: str) -> None:
        if self._inside == '"':
            self._inside = "" if char == '"' else '"'
        elif char == '"':
            # A quote that no straight one closes may be closed by a curly one.
            closes = self._inside == "“"
            self._inside = "" if closes else '"' if self._last_straight > at else "“"
        elif char in CURLY or (char in SINGLE and self._at_edge(at)):
            self.chars[at] = '"'
            self.curly = at if self.curly is None else self.curly
            self._inside = "" if self._inside else "“"
        elif not self._inside and char in FULL_WIDTH:
            self.chars[at] = FULL_WIDTH[char]
            self.full_width = at if self.full_width is None else self.full_width
        if not char.isspace():
            self._before = self.chars[at]

    def _at_edge(self, at: int) -> bool:
        return self._before in ("=", ",") or _EDGE.match(self._line, at + 1) is not None
