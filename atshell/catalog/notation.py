"""The manuals' own notation as a tree: ``AT+X=<a>[,<b>[,<c>]]``, ``<a>|<b>``, ``[,<x>...]``, ``"platform",<ref>``.

The tree drives completion, the toolbar, checking and the emulator's argument reading. What precedes the parameters
(the head and its operator) is taken off by patterns; the rest is read by recursive descent. Its nodes, and
the walks that find slots and counts, are in ``tree``.

A module's answer to a test command is read too: ``+CFUN: (0,1,4),(0-1)`` has two slots with choices. So is 27.007's
``(list of supported <n>s)``. Only the first line of a notation with ``<CR><LF>`` has slots.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from atshell.catalog.tree import (
    Choice,
    Literal,
    Optional,
    Part,
    Placeholder,
    Repeat,
    Sequence,
    Slot,
    fits,
    slots,
    spans_of,
)

__all__ = [
    "BadNotation",
    "Choice",
    "Literal",
    "Notation",
    "Optional",
    "Placeholder",
    "Repeat",
    "Sequence",
    "Slot",
    "parse_notation",
]


@dataclass(frozen=True, slots=True)
class Notation:
    """A notation read."""

    text: str
    head: str
    """``AT+MIPLOPEN``, ``+MIPLEVENT``, ``ATE``: what precedes the parameters."""
    form: str
    """``test`` ``read`` ``write`` ``execute``, or ``urc`` when there is no AT."""
    tree: Sequence
    """The parameters."""
    slots: tuple[Slot, ...]

    def accepts(self, count: int) -> bool:
        """True when a line with ``count`` parameters fits.

        Trailing parameters that may be empty may be left out with their commas (V.250 5.4.2.3).
        """
        return fits(self.tree).accepts(count)

    def slot(self, index: int) -> Slot | None:
        """The slot of the parameter ``index``, from 0; repeated ones come again as often as needed."""
        if 0 <= index < len(self.slots):
            return self.slots[index]
        repeated = [slot for slot in self.slots if slot.repeated]
        if index < 0 or not repeated:
            return None
        return repeated[(index - len(self.slots)) % len(repeated)]


class BadNotation(ValueError):
    """The text is not in the manuals' notation; says where."""

    def __init__(self, what: str, text: str, offset: int) -> None:
        super().__init__(f"{what} at column {offset + 1} of {text[:200]!r}")
        self.offset = offset


_MAX_LENGTH = 4096
_MAX_DEPTH = 32

_NAME = r"[+^*%$#!@](?:[A-Za-z0-9!%._-]|<[^<>]*>)+"
_HEAD_AT = re.compile(rf"\s*(A/|[Aa][Tt]\s*(?:{_NAME}|S(?:[0-9]+|<[^<>]*>)|[&\\]?(?:[A-Za-z]|<[^<>]*>))?)\s*")
_HEAD_URC = re.compile(rf"\s*({_NAME}(?: ERROR)?)\s*(?:[:=]|$)\s*")
_HEAD_OPTIONAL_URC = re.compile(rf"\s*\[\s*({_NAME})\s*:\s*")
_OPERATOR = re.compile(r"(=\s*\?(?=\s*$)|\[\s*=|[=?])\s*")
_FORMS = {"[=": "execute", "=": "write", "?": "read", "=?": "test"}

_TOKEN = re.compile(
    r"""(?P<placeholder><[^<>]*>) | (?P<repeat>\.{3,}|…) | (?P<open>\[) | (?P<close>\]) | (?P<list>\() | (?P<end>\))
    | (?P<comma>,) | (?P<bar>\|) | (?P<bad>[<>]) | (?P<blank>\s+)
    | (?P<literal>"[^"<>\[\]]*" | (?:[^<>\[\](),|".…\r\n]|\.(?!\.\.))+ | .)""",
    re.VERBOSE,
)
_NOT_CLOSED = {"close": "a bracket is not closed", "end": "a parenthesis is not closed"}


@lru_cache(maxsize=4096)
def parse_notation(text: str) -> Notation:
    """Read a notation. Raises BadNotation. Cached: the same text gives the same object."""
    if not text.strip():
        raise BadNotation("there is no notation", text, 0)
    if len(text) > _MAX_LENGTH:
        raise BadNotation("the notation is too long", text, _MAX_LENGTH)
    head, form, at, bracketed = _head(text)
    reader = _Reader(text, at)
    tree = reader.bracketed() if bracketed else reader.sequence(None)
    return Notation(text, head, form, tree, slots(text, tree))


def _head(text: str) -> tuple[str, str, int, bool]:
    """The head, the form, where the parameters begin, and whether that is behind a bracket (``AT+CGSN[=<snt>]``)."""
    if match := _HEAD_AT.match(text):
        head = re.sub(r"\s", "", match.group(1))
        operator = _OPERATOR.match(text, match.end())
        if operator is None:
            return head, "execute", match.end(), False
        sign = re.sub(r"\s", "", operator.group(1))
        return head, _FORMS[sign], operator.end(), sign == "[="
    if match := _HEAD_OPTIONAL_URC.match(text):
        return match.group(1), "urc", match.end(), True
    if match := _HEAD_URC.match(text):
        return match.group(1), "urc", match.end(), False
    return "", "urc", 0, False


class _Reader:
    """Recursive descent over the tokens from one offset to the end of the text."""

    def __init__(self, text: str, at: int) -> None:
        self._text = text
        self._tokens = list(_TOKEN.finditer(text, at))
        self._index = 0
        self._depth = 0

    def bracketed(self) -> Sequence:
        """The first bracket was taken off with the operator: read up to its end, then the rest."""
        body = self.sequence("close")
        self._index += 1
        return Sequence((Optional(body), *self.sequence(None).parts))

    def sequence(self, closing: str | None) -> Sequence:
        """Everything up to the token ``closing``, which is left, or to the end of the text.

        ``|`` splits what stands between two commas, ``[,`` being one too; in a list a comma does the same.
        """
        parts: list[Part] = []
        options: list[Sequence] = []
        begin = 0  # of what stands behind the last comma
        while (token := self._next(closing)) is not None:
            kind = token.lastgroup
            if kind == "bar" or (kind == "comma" and closing == "end"):
                options.append(Sequence(tuple(parts[begin:])))
                del parts[begin:]
            elif kind == "comma":
                parts[begin:] = _chosen(options, parts[begin:])
                parts.append(Literal(",", token.span()))
                options, begin = [], len(parts)
            elif part := self._part(token):
                if len(parts) > begin and _begins_with_comma(part):
                    parts[begin:] = _chosen(options, parts[begin:])
                    options, begin = [], len(parts)
                parts.append(part)
        return Sequence((*parts[:begin], *_chosen(options, parts[begin:])))

    def _next(self, closing: str | None) -> re.Match[str] | None:
        """The next token, None at ``closing`` or the end of the text."""
        if self._index == len(self._tokens):
            if closing is None:
                return None
            raise BadNotation(_NOT_CLOSED[closing], self._text, len(self._text))
        token = self._tokens[self._index]
        if token.lastgroup == closing:
            return None
        self._index += 1
        return token

    def _part(self, token: re.Match[str]) -> Part | None:
        kind = token.lastgroup
        if kind == "placeholder":
            return Placeholder(token.group()[1:-1].strip(), token.span())
        if kind == "repeat":
            return Repeat()
        if kind == "open":
            return Optional(self._inside("close", token))
        if kind == "list":
            body = self._inside("end", token)
            choice = body.parts[0] if len(body.parts) == 1 else None
            options = choice.options if isinstance(choice, Choice) and not choice.listed else (body,)
            return Choice(options, listed=True, span=(token.start(), self._tokens[self._index - 1].end()))
        if kind in ("close", "bad"):
            raise BadNotation(f"an unexpected {token.group()}", self._text, token.start())
        text = token.group().rstrip()
        return Literal(text, (token.start(), token.start() + len(text))) if text else None

    def _inside(self, closing: str, opening: re.Match[str]) -> Sequence:
        if self._depth == _MAX_DEPTH:
            raise BadNotation("too many brackets", self._text, opening.start())
        self._depth += 1
        body = self.sequence(closing)
        self._index += 1
        self._depth -= 1
        return body


def _begins_with_comma(part: Part) -> bool:
    return isinstance(part, Optional) and part.body.parts[:1] == (Literal(","),)


def _chosen(options: list[Sequence], rest: list[Part]) -> list[Part]:
    """What stands between two commas: the parts themselves, or one Choice when there were alternatives before."""
    if not options:
        return rest
    whole = (*options, Sequence(tuple(rest)))
    spans = [span for option in whole for span in spans_of(option)]
    return [Choice(whole, span=(min(spans)[0], max(spans)[1]) if spans else (0, 0))]
