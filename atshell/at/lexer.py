"""The partial parser: any prefix of any line to tokens, and what stands under the cursor.

It feeds colour, completion and hints, and never fails. The one trick: a table of states, each with the tokens that it
knows and the state that follows them; what no token fits is a word of one run. The cursor's place is read off the
tokens of the text before it, so both always agree. Answers (``+CSQ: 23,0``) are coloured by the same table.

A comment begins with ``#`` or ``//`` at the start of a line, or with ``//`` behind a blank and outside of quotes, as
the manuals' examples have them. Text of several lines is several command lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from atshell.at.command import BASIC, EXTENDED
from atshell.at.syntax import parse_arguments

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
    """Where in it: before any AT (or in a comment), in the name, where an operator may follow or behind ``?``, in an
    argument (behind ``=``, or in the number of ``ATE0``)."""
    index: int = 0
    """Which argument, from 0."""
    argument_start: int = 0
    typed: str = ""
    """The argument's text up to the cursor, an opening quote included."""
    arguments: tuple[str, ...] = ()
    """All arguments of this command up to the cursor, the one that is being typed included, without quotes."""


_State = Literal["start", "command", "after", "number", "argument"]

# For each state the patterns that are tried in order: what they match, its kind, the state behind it (None: the same).
_COMMENT_AFTER_BLANK = r"(?<=[ \t])//.*"
_TABLE: dict[_State, list[tuple[re.Pattern[str], TokenKind, _State | None]]] = {
    "start": [
        (re.compile(r"(?:#|//).*"), "comment", None),
        (re.compile(r"[Aa]/(?=[ \t]*$)"), "prefix", "after"),
        (re.compile(r"[Aa][Tt]"), "prefix", "command"),
        (re.compile(EXTENDED.pattern + r"(?: ERROR)?(?=[ \t]*(?:[:=]|$))"), "name", "after"),
        (re.compile(r""), "space", "argument"),
    ],
    "command": [
        (re.compile(_COMMENT_AFTER_BLANK), "comment", None),
        (EXTENDED, "name", "after"),
        (re.compile(r"[+^*%$#!@]"), "name", "after"),
        (re.compile(r"[Ss][0-9]+"), "name", "number"),
        (re.compile(r"[Dd]"), "name", "argument"),
        (BASIC, "name", "number"),
        (re.compile(r"[&\\]"), "name", "number"),
        (re.compile(r";"), "separator", None),
    ],
    "after": [
        (re.compile(_COMMENT_AFTER_BLANK), "comment", None),
        (re.compile(r"=[ \t]*\?(?=[ \t]*(?:;|$|//))|\?"), "operator", "after"),
        (re.compile(r"[=:]"), "operator", "argument"),
        (re.compile(r";"), "separator", "command"),
        (EXTENDED, "name", "after"),
    ],
    "number": [
        (re.compile(_COMMENT_AFTER_BLANK), "comment", None),
        (re.compile(r"[0-9]+"), "number", "command"),
        (re.compile(r"=[ \t]*\?|\?|="), "operator", "number"),
        (re.compile(r";"), "separator", "command"),
        (re.compile(r""), "space", "command"),
    ],
    "argument": [
        (re.compile(_COMMENT_AFTER_BLANK), "comment", None),
        (re.compile(r'"[^"]*(?:"|$)'), "string", None),
        (re.compile(r";"), "separator", "command"),
        (re.compile(r"[,()]"), "separator", None),
        (re.compile(r"(?:0[xX][0-9A-Fa-f]+|[+-]?[0-9]+(?:\.[0-9]+)?)(?=[ \t]*(?:[,;()]|$|[ \t]//))"), "number", None),
        (re.compile(r'[^ \t,;()"]+'), "word", None),
    ],
}
_BLANKS = re.compile(r"[ \t]+")
_WORD = re.compile(r'[^ \t,;()"=?:]+|.', re.DOTALL)
_LINE = re.compile(r"([^\r\n]*)([\r\n]*)")


def tokens(text: str) -> list[Token]:
    """Tokens that cover the whole text, in order, without gaps."""
    found: list[Token] = []
    for line in _LINE.finditer(text):
        found += _line_tokens(text, line.start(1), line.end(1))
        if line.group(2):
            found.append(Token("space", line.start(2), line.end(2)))
    return found


def _line_tokens(text: str, at: int, end: int) -> Iterator[Token]:
    state: _State = "start"
    while at < end:
        if blank := _BLANKS.match(text, at, end):
            yield Token("space", at, blank.end())
            at = blank.end()
            continue
        kind, behind, state = _step(text, at, end, state)
        if behind > at:
            yield Token(kind, at, behind)
        at = behind


def _step(text: str, at: int, end: int, state: _State) -> tuple[TokenKind, int, _State]:
    """The token at ``at``, where it ends, and the next state. An empty one only changes the state."""
    for pattern, kind, following in _TABLE[state]:
        if match := pattern.match(text, at, end):
            return kind, match.end(), following or state
    word = _WORD.match(text, at, end)
    return "word", word.end() if word else end, state


def comment_start(line: str) -> int:
    """Offset at which the comment of one line begins, or its length."""
    return next((token.start for token in tokens(line) if token.kind == "comment"), len(line))


def position(text: str, cursor: int) -> Position:
    """What the cursor is in, for any text and any cursor; one outside of the text is taken to its end."""
    cursor = min(max(cursor, 0), len(text))
    line = max(text.rfind("\n", 0, cursor), text.rfind("\r", 0, cursor)) + 1
    place = _Place(text[:cursor])
    for token in _line_tokens(text[:cursor], line, cursor):
        place.take(token)
    return place.position()


class _Place:
    """Follows the tokens up to the cursor."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._part: Literal["none", "name", "operator", "argument"] = "none"
        self._name: Token | None = None
        self._name_start = len(text)
        self._arguments_start: int | None = None
        self._numbered = False
        """The arguments are the number of a basic command, which a blank ends."""

    def take(self, token: Token) -> None:
        text = self._text[token.start : token.end]
        if token.kind == "comment" or (token.kind == "prefix" and text.endswith("/")):
            self._part = "none"
        elif token.kind == "prefix" or (text == ";" and token.kind == "separator" and self._part != "none"):
            self._begin(token.end)
        elif self._part == "none":
            return
        elif token.kind == "space":
            self._space(token)
        elif token.kind == "name" or (token.kind == "word" and self._name is None):
            self._begin(token.start)
            self._name = token
        elif token.kind == "operator":
            self._operator(token, text)
        elif self._arguments_start is None:
            self._value(token)

    def _begin(self, at: int) -> None:
        self._part, self._name, self._name_start = "name", None, at
        self._arguments_start, self._numbered = None, False

    def _space(self, token: Token) -> None:
        if self._name is None or self._numbered:
            self._begin(token.end)
        elif self._part == "name":
            self._part = "operator"

    def _operator(self, token: Token, text: str) -> None:
        if self._arguments_start is None:
            self._part = "argument" if text == "=" else "operator"
            self._arguments_start = token.end if text == "=" else None

    def _value(self, token: Token) -> None:
        """A value without an operator: the number of a basic command, what is dialled."""
        dials = self._name is not None and self._text[self._name.start : self._name.end] in ("D", "d")
        if dials or token.kind == "number":
            self._part, self._arguments_start, self._numbered = "argument", token.start, not dials
        else:
            self._part = "operator"

    def position(self) -> Position:
        if self._part == "none":
            return Position("", len(self._text), "none")
        name = self._text[self._name.start : self._name.end].upper() if self._name is not None else ""
        if self._arguments_start is None or self._part != "argument":
            return Position(name, self._name_start, self._part)
        arguments = parse_arguments(self._text, self._arguments_start)
        start = arguments[-1].start if arguments else len(self._text)
        values = tuple(argument.text for argument in arguments)
        index = max(len(arguments) - 1, 0)
        return Position(name, self._name_start, "argument", index, start, self._text[start:], values)
