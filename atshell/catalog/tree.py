"""The tree of a notation (see ``notation``), and what its users ask of it: the slots, and how many parameters fit."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Literal:
    """Characters that stand for themselves. A comma between parameters is one of its own."""

    text: str
    span: Span = field(default=(0, 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Placeholder:
    """``<name>``"""

    name: str
    span: Span = field(default=(0, 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Optional:
    """``[...]``"""

    body: Sequence


@dataclass(frozen=True, slots=True)
class Repeat:
    """``...``: what precedes it may come again."""


@dataclass(frozen=True, slots=True)
class Choice:
    """``a|b`` and the values that a test command's answer lists in parentheses."""

    options: tuple[Sequence, ...]
    listed: bool = False
    """True for a list in parentheses: commas in it separate options, not parameters."""
    span: Span = field(default=(0, 0), compare=False, repr=False)


Part = Literal | Placeholder | Optional | Repeat | Choice


@dataclass(frozen=True, slots=True)
class Sequence:
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """One positional parameter of a notation."""

    name: str
    """The placeholder's name, or the literal's text when ``literal``."""
    optional: bool
    repeated: bool = False
    literal: bool = False
    span: Span = (0, 0)
    """Where the slot stands in the notation's text, for marking it in the toolbar."""
    choices: tuple[str, ...] = ()
    """The values that the notation itself lists: ``0|1``, ``(0,1,4)``; a range as it is written, ``0-255``."""


_LINE_ENDS = frozenset({"CR", "LF"})


def spans_of(sequence: Sequence) -> list[Span]:
    """Where the characters of a sequence stand, whatever brackets are around them."""
    spans: list[Span] = []
    for part in sequence.parts:
        if isinstance(part, Optional):
            spans += spans_of(part.body)
        elif not isinstance(part, Repeat):
            spans.append(part.span)
    return spans


def _extent(sequence: Sequence) -> Span:
    spans = spans_of(sequence)
    return spans[0][0], spans[-1][1]


# ---- slots


@dataclass(slots=True)
class _Cell:
    """What stands between two commas."""

    depth: int | None = None
    """The fewest brackets around any of its contents; None while it is empty."""
    spans: list[Span] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    choices: tuple[str, ...] = ()
    literal: bool = True
    repeated: bool = False

    def add(self, span: Span, depth: int) -> None:
        self.depth = depth if self.depth is None else min(self.depth, depth)
        self.spans.append(span)

    def slot(self, text: str) -> Slot:
        start, end = (self.spans[0][0], self.spans[-1][1]) if self.spans else (0, 0)
        written = text[start:end]
        literal = self.literal and bool(self.spans)
        one = self.names[0] if len(self.names) == 1 else re.sub(r'[<>\[\]"]', "", written)
        return Slot(
            name=written if literal else one,
            optional=self.depth is None or self.depth > 0,
            repeated=self.repeated,
            literal=literal,
            span=(start, end),
            choices=self.choices if not self.names else (),
        )


class _LineEnd(Exception):
    """A ``<CR><LF>`` in the notation: the slots are those of the first line."""


def slots(text: str, tree: Sequence) -> tuple[Slot, ...]:
    """The parameters between the commas of ``tree``, which was read from ``text``."""
    cells = [_Cell()]
    with suppress(_LineEnd):
        _fill(cells, text, tree, 0)
    return tuple(cell.slot(text) for cell in cells) if len(cells) > 1 or cells[0].spans else ()


def _fill(cells: list[_Cell], text: str, sequence: Sequence, depth: int) -> None:
    first = len(cells)  # the first cell that began inside the Optional before the present part
    for part in sequence.parts:
        if isinstance(part, Repeat):
            _repeat(cells, first)
        first = len(cells)
        if isinstance(part, Optional):
            _fill(cells, text, part.body, depth + 1)
        elif isinstance(part, Literal) and part.text == ",":
            cells.append(_Cell())
        elif isinstance(part, Choice) and not part.listed and _parameters(part):
            _fill(cells, text, part.options[0], depth)
        elif not isinstance(part, Repeat):
            _content(cells[-1], text, part, depth)


def _content(cell: _Cell, text: str, part: Literal | Placeholder | Choice, depth: int) -> None:
    if isinstance(part, Placeholder):
        if part.name in _LINE_ENDS:
            raise _LineEnd
        cell.names.append(part.name)
    if isinstance(part, Choice):
        cell.names += names_in(part)
        cell.choices += tuple(text[slice(*_extent(option))] for option in part.options if _is_literal(option))
    cell.literal = cell.literal and isinstance(part, Literal)
    cell.add(part.span, depth)


def _repeat(cells: list[_Cell], first: int) -> None:
    """Mark what comes again: the cells of the bracket before the ``...``, else the one that it stands in or behind."""
    if not cells[-1].spans and len(cells) > 1:
        cells.pop()
    for cell in cells[first:] or cells[-1:]:
        cell.repeated = True


def names_in(choice: Choice) -> list[str]:
    names: list[str] = []
    for option in choice.options:
        for part in option.parts:
            if isinstance(part, Placeholder):
                names.append(part.name)
            elif isinstance(part, Choice):
                names += names_in(part)
            elif isinstance(part, Optional):
                names += names_in(Choice((part.body,)))
    return names


def _is_literal(sequence: Sequence) -> bool:
    return bool(sequence.parts) and all(isinstance(part, Literal) for part in sequence.parts)


def _parameters(choice: Choice) -> bool:
    """True when the alternatives have parameters of their own (``[,<a>]|[,<b>,<c>]``)."""
    return any(max(fits(option).counts) > 1 for option in choice.options)


# ---- counts


@dataclass(frozen=True, slots=True)
class Fits:
    """How many parameters a line can have. Trailing ones that may be empty may be left out (V.250 5.4.2.3)."""

    counts: frozenset[int]
    repeats: tuple[tuple[int, int], ...]
    """From how many on, and in which steps, any number fits."""

    def accepts(self, count: int) -> bool:
        more = ((count - least, step) for least, step in self.repeats)
        return count in self.counts or any(over >= 0 and over % step == 0 for over, step in more)


# How many slots there can be, and how many of these at the end can be empty. Of two ways to the same number of slots
# the one with more empty ones covers the other.
_States = dict[int, int]


@lru_cache(maxsize=4096)
def fits(tree: Sequence) -> Fits:
    """Follow every way through the tree."""
    counter = _Counter()
    states = counter.run(tree, {0: 0})
    counts = frozenset(count for slots, empty in states.items() for count in range(slots - empty, slots + 1))
    return Fits(counts, tuple(counter.repeats))


class _Counter:
    """Follows every way through a tree at once."""

    def __init__(self) -> None:
        self.repeats: set[tuple[int, int]] = set()
        self._over = False

    def run(self, sequence: Sequence, states: _States) -> _States:
        for index, part in enumerate(sequence.parts):
            if self._over:
                break
            if isinstance(part, Repeat):
                before = sequence.parts[index - 1] if index else part
                step = max(fits(before.body).counts) - 1 if isinstance(before, Optional) else 1
                self.repeats |= {(slots, max(step, 1)) for slots in states}
            else:
                states = self._step(part, states)
        return states

    def _step(self, part: Literal | Placeholder | Optional | Choice, states: _States) -> _States:
        if isinstance(part, Optional):
            return _either(states, self.run(part.body, states))
        if isinstance(part, Choice) and not part.listed and _parameters(part):
            ways = [self.run(option, states) for option in part.options]
            return _either(*ways)
        if isinstance(part, Literal) and part.text == ",":
            return _either(*({max(slots, 1) + 1: empty + 2 - min(slots, 1)} for slots, empty in states.items()))
        if isinstance(part, Placeholder) and part.name in _LINE_ENDS:
            self._over = True
            return states
        return dict.fromkeys((max(slots, 1) for slots in states), 0)


def _either(*ways: _States) -> _States:
    merged: _States = {}
    for way in ways:
        for slots, empty in way.items():
            merged[slots] = max(empty, merged.get(slots, 0))
    return merged
