"""The manuals' own notation as a tree: ``AT+X=<a>[,<b>[,<c>]]``, ``<a>|<b>``, ``[,<x>...]``, ``"platform",<ref>``.

The tree drives completion, the toolbar, checking and the emulator's argument reading.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Literal:
    """Characters that stand for themselves."""

    text: str


@dataclass(frozen=True, slots=True)
class Placeholder:
    """``<name>``"""

    name: str


@dataclass(frozen=True, slots=True)
class Optional:
    """``[...]``"""

    body: Sequence


@dataclass(frozen=True, slots=True)
class Repeat:
    """``...``: what precedes it may come again."""


@dataclass(frozen=True, slots=True)
class Choice:
    """``a|b`` and ``(a,b)``-free alternatives."""

    options: tuple[Sequence, ...]


@dataclass(frozen=True, slots=True)
class Sequence:
    parts: tuple[Literal | Placeholder | Optional | Repeat | Choice, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """One positional parameter of a notation."""

    name: str
    """The placeholder's name, or the literal's text when ``literal``."""
    optional: bool
    repeated: bool = False
    literal: bool = False
    span: tuple[int, int] = (0, 0)
    """Where the slot stands in the notation's text, for marking it in the toolbar."""


@dataclass(frozen=True, slots=True)
class Notation:
    """A notation read."""

    text: str
    head: str
    """``AT+MIPLOPEN``, ``+MIPLEVENT``, ``ATE``: what precedes the parameters."""
    form: str
    """``test`` ``read`` ``write`` ``execute``, or ``urc`` when there is no AT."""
    tree: Sequence
    slots: tuple[Slot, ...]

    def accepts(self, count: int) -> bool:
        """True when a line with ``count`` parameters fits."""
        raise NotImplementedError


class BadNotation(ValueError):
    """The text is not in the manuals' notation; says where."""


def parse_notation(text: str) -> Notation:
    """Read a notation. Raises BadNotation. Cached: the same text gives the same object."""
    raise NotImplementedError
