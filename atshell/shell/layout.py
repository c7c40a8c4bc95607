"""Rows of text, meaning and time: the eye finds the answer first, the explanation second, the machinery last."""

from __future__ import annotations

from unicodedata import combining, east_asian_width

from atshell.styled import Fragments, visible

WIDTH = 80
"""Columns where nobody says otherwise."""
MEANING_COLUMN = 20
GAP = 4
"""Blanks between a long text and its meaning, at least."""
INDENT = 4


def columns(text: str) -> int:
    """How many columns a terminal gives the text: two for a wide character, none for a combining one."""
    shown = visible(text)
    if shown.isascii():
        return len(shown)
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in shown)


def padded(text: str, width: int) -> str:
    return text + " " * max(width - columns(text), 0)


def row(style: str, text: str, meaning: str = "", right: str = "", *, width: int = WIDTH) -> Fragments:
    """``text    meaning           right``; what does not fit beside the text goes below it."""
    fragments: Fragments = [(style, text)]
    used = columns(text)
    if meaning:
        gap = max(MEANING_COLUMN - used, GAP)
        if used + gap + columns(meaning) + (columns(right) + 2 if right else 0) > width:
            fragments += right_aligned(used, right, width)
            return [*fragments, ("", "\n" + " " * INDENT), ("dim", meaning)]
        fragments += [("", " " * gap), ("dim", meaning)]
        used += gap + columns(meaning)
    return fragments + right_aligned(used, right, width)


def right_aligned(used: int, right: str, width: int) -> Fragments:
    """``right`` at the right edge of a row of which ``used`` columns are taken, two blanks behind them at least."""
    if not right:
        return []
    return [("", " " * max(width - used - columns(right), 2)), ("dim", right)]


def elapsed(seconds: float) -> str:
    """``0.4 ms``, ``12 ms``, ``1.9 s``"""
    if seconds < 0.00995:
        return f"{seconds * 1000:.1f} ms"
    return f"{seconds * 1000:.0f} ms" if seconds < 0.9995 else f"{seconds:.1f} s"


def since(seconds: float) -> str:
    """``+0.34 s``, ``+12.3 s``, ``+2:05``, ``+1:02:05``: how long after the last command."""
    if seconds < 10:
        return f"+{max(seconds, 0):.2f} s"
    if seconds < 100:
        return f"+{seconds:.1f} s"
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"+{hours}:{minutes:02}:{rest:02}" if hours else f"+{minutes}:{rest:02}"


def joined(rows: list[Fragments]) -> Fragments:
    """Rows below one another."""
    fragments: Fragments = []
    for index, one in enumerate(rows):
        fragments += [("", "\n")] if index else []
        fragments += one
    return fragments


def cut(fragments: Fragments, width: int) -> Fragments:
    """The fragments in at most ``width`` columns, an ellipsis where something is missing."""
    if columns("".join(text for _, text in fragments)) <= width:
        return fragments
    kept: Fragments = []
    room = max(width - 1, 0)
    for style, text in fragments:
        used = 0
        for end, char in enumerate(text):
            if used + columns(char) > room:
                return [*kept, (style, text[:end] + "…")]
            used += columns(char)
        kept.append((style, text))
        room -= used
    return kept


def two_columns(lines: list[tuple[Fragments, Fragments]], width: int) -> list[Fragments]:
    """Text on the left and remarks in a column of their own on the right, both cut to fit."""
    texts = [columns("".join(text for _, text in left)) for left, _ in lines]
    remarks = [columns("".join(text for _, text in right)) for _, right in lines if right]
    if not remarks:
        return [cut(left, width) for left, _ in lines]
    beside = max((text for text, (_, right) in zip(texts, lines, strict=True) if right), default=0)
    column = min(beside + 2, max(width - max(remarks), width // 2))
    rows: list[Fragments] = []
    for used, (left, right) in zip(texts, lines, strict=True):
        if not right:
            rows.append(cut(left, width))
            continue
        gap = " " * max(column - used, 2)
        rows.append([*cut(left, column - 2), ("", gap), *cut(right, width - column)])
    return rows
