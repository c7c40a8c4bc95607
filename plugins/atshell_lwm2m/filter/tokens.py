"""A filter's text to tokens, each with the column it stands at.

Words are wide on purpose: everything up to a blank, bracket, quote or comparison is one, so that ``2.05``, ``150ms``,
``/3/0/9``, ``10.8.0.7:5683`` and ``De-register`` need no quotes. What a word means is asked where it stands.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from atshell.errors import AtshellError

MAX_LENGTH = 10_000

TokenKind = Literal["word", "text", "sign", "end"]
SIGNS = ("==", "!=", "<=", ">=", "&&", "||", "<", ">", "~", "!", "(", ")", "[", "]", "{", "}", ",")
"""The longer ones first."""
_ENDS_WORD = frozenset("=!<>~&|()[]{},\"'")


class FilterError(AtshellError):
    """An expression that can't be used. ``column`` counts characters from 1."""

    def __init__(self, column: int, problem: str, hint: str = "") -> None:
        super().__init__(f"filter, column {column}: {problem}", hint)
        self.column = column


class Token(NamedTuple):
    kind: TokenKind
    text: str
    column: int


def tokens(text: str) -> list[Token]:
    """Ends with a token of kind "end". Raises FilterError."""
    if len(text) > MAX_LENGTH:
        raise FilterError(MAX_LENGTH, f"the expression goes on after {MAX_LENGTH} characters", "make it shorter")
    found = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        token, at = _token(text, at)
        found.append(token)
    found.append(Token("end", "", len(text) + 1))
    return found


def _token(text: str, at: int) -> tuple[Token, int]:
    """The token at ``at``, and where it ends: always further on."""
    char = text[at]
    if char in "\"'":
        return _quoted(text, at)
    for sign in SIGNS:
        if text.startswith(sign, at):
            return Token("sign", sign, at + 1), at + len(sign)
    if char == "=":
        raise FilterError(at + 1, "a single =", "write == to compare")
    if char in "&|":
        raise FilterError(at + 1, f"a single {char}", f"write {'and' if char == '&' else 'or'}")
    end = at
    while end < len(text) and not text[end].isspace() and text[end] not in _ENDS_WORD:
        end += 1
    return Token("word", text[at:end], at + 1), end


def _quoted(text: str, start: int) -> tuple[Token, int]:
    """Text in either quotes; a backslash takes the next character as it is."""
    quote, at = text[start], start + 1
    parts = []
    while at < len(text) and text[at] != quote:
        if text[at] == "\\" and at + 1 < len(text):
            at += 1
        parts.append(text[at])
        at += 1
    if at >= len(text):
        raise FilterError(start + 1, f"the text that begins here has no closing {quote}", f"put a {quote} behind it")
    return Token("text", "".join(parts), start + 1), at + 1
