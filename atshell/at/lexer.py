"""The partial parser: any prefix of any line to tokens, and what stands under the cursor.

It feeds colour, completion and hints, and never fails.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TokenKind = Literal["prefix", "name", "operator", "separator", "string", "number", "word", "comment", "space"]


@dataclass(frozen=True, slots=True)
class Token:
    kind: TokenKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Position:
    """What the cursor is in."""

    name: str
    """The command that the cursor is in, upper case without AT (``+MIPLNO``), maybe unfinished."""
    name_start: int
    """Offset at which that command's text begins (behind AT or ``;``; the ``+`` included)."""
    part: Literal["none", "name", "operator", "argument"]
    """Where in it: before any AT, in the name, behind ``=`` ``?``, in an argument."""
    index: int = 0
    """Which argument, from 0."""
    argument_start: int = 0
    typed: str = ""
    """The argument's text up to the cursor, an opening quote included."""
    arguments: tuple[str, ...] = ()
    """All arguments of this command up to the cursor, without quotes."""


def tokens(text: str) -> list[Token]:
    """Tokens that cover the whole text, in order, without gaps."""
    raise NotImplementedError


def position(text: str, cursor: int) -> Position:
    raise NotImplementedError
