"""Text broken into lines of a given width in columns, where a Chinese character takes two.

Words break at spaces, notations behind their commas, Chinese between any two characters, except that no line begins
with a closing mark. What is longer than a line is cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from unicodedata import combining, east_asian_width

from atshell.styled import Fragment, Fragments

_WIDE = r"\u2e80-\u9fff\uac00-\ud7a3\uff00-\uffef"
_CLOSING = "，。；：、！？）》」』”"
# Space; a wide character with the closing marks behind it; a run of others with its comma, or with the bracket and
# comma before it, so that an optional parameter moves to the next line whole; brackets and commas alone.
_PIECE = re.compile(rf"\s+|[{_WIDE}][{_CLOSING}]*|(?:\[,)?\[*[^\s,\[{_WIDE}{_CLOSING}]+[,{_CLOSING}]*|[\[,{_CLOSING}]+")


def columns(text: str) -> int:
    """How many columns of a terminal ``text`` takes."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(char: str) -> int:
    if combining(char):
        return 0
    return 2 if east_asian_width(char) in "WF" else 1


def padded(text: str, width: int) -> str:
    """``text`` with spaces up to ``width`` columns."""
    return text + " " * (width - columns(text))


def wrapped(fragments: Iterable[Fragment], width: int) -> list[Fragments]:
    """``fragments`` in lines of at most ``width`` columns; at least one line."""
    width = max(width, 2)
    lines: list[Fragments] = [[]]
    used = 0
    space: Fragment | None = None
    for style, text in fragments:
        for piece in _pieces(text, width):
            taken = columns(piece)
            if piece.isspace():
                # Kept back: at the end of a line it is dropped.
                space = (style, piece)
                continue
            if used + (columns(space[1]) if space else 0) + taken > width:
                if lines[-1]:
                    lines.append([])
                used, space = 0, None
            if space is not None:
                _append(lines[-1], *space)
                used += columns(space[1])
            _append(lines[-1], style, piece)
            used, space = used + taken, None
    return lines


def _append(line: Fragments, style: str, text: str) -> None:
    """Runs of one style stay one fragment."""
    if line and line[-1][0] == style:
        line[-1] = (style, line[-1][1] + text)
    else:
        line.append((style, text))


def _pieces(text: str, width: int) -> Iterator[str]:
    for match in _PIECE.finditer(text.replace("\n", " ")):
        piece = match[0]
        while columns(piece) > width and not piece.isspace():
            cut = _fitting(piece, width)
            yield piece[:cut]
            piece = piece[cut:]
        yield piece


def _fitting(piece: str, width: int) -> int:
    """How many characters of ``piece`` fit, one at least."""
    used = 0
    for index, char in enumerate(piece):
        used += _columns(char)
        if used > width:
            return max(index, 1)
    return len(piece)
