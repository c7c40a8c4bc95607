"""A filter's text to a function of a message.

    expression = all {("or" | "||") all}
    all        = not {("and" | "&&") not}
    not        = ("not" | "!") not | "(" expression ")" | test
    test       = FIELD [("==" | "!=" | "<" | "<=" | ">" | ">=" | "~") LITERAL | ["not"] "in" list]
    list       = "(" LITERAL {"," LITERAL} ")"

A comparison holds where one of the field's values makes it true, ``!=`` and ``not in`` where the field is there and
none of its values is equal. So every comparison with an absent field is false, and ``not (...)`` is its opposite.
Nothing is evaluated but closures, and nesting has a cap: any text gives a filter or a FilterError.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from atshell_lwm2m.filter import early
from atshell_lwm2m.filter.early import Judge
from atshell_lwm2m.filter.fields import Field, Kind, field
from atshell_lwm2m.filter.literals import Test, compared
from atshell_lwm2m.filter.tokens import FilterError, Token, tokens
from atshell_lwm2m.message import Message

Predicate = Callable[[Message], bool]


class Condition(NamedTuple):
    """What the text means, and what can be said of it before a message is decoded."""

    holds: Predicate
    judge: Judge
    fields: frozenset[str]
    """Those that are asked for."""


MAX_DEPTH = 50
_SIGNS = frozenset({"==", "!=", "<", "<=", ">", ">=", "~"})
_BRACKETS = {"(": ")", "[": "]", "{": "}"}
_KEYWORDS = frozenset({"and", "or", "not", "in"})
# Words of other filter languages, and what says the same here.
_ELSEWHERE = {
    "contains": '~ "*…*"',
    "matches": "~ with * and ?",
    "like": "~ with * and ?",
    "is": "==",
    "eq": "==",
    "ne": "!=",
    "lt": "<",
    "le": "<=",
    "gt": ">",
    "ge": ">=",
}


def compile_filter(text: str) -> Predicate:
    """Raises FilterError."""
    return compile_condition(text).holds


def compile_condition(text: str) -> Condition:
    """Raises FilterError."""
    return _Parser(tokens(text)).whole()


class _Parser:
    def __init__(self, found: list[Token]) -> None:
        self._tokens = found
        self._at = 0

    def whole(self) -> Condition:
        condition = self._expression(0)
        token = self._tokens[self._at]
        if token.kind != "end":
            raise FilterError(token.column, f"{token.text!r} is not expected here", "join conditions with and, or")
        return condition

    def _expression(self, depth: int) -> Condition:
        parts = [self._all(depth)]
        while self._takes("or", "||"):
            parts.append(self._all(depth))
        if len(parts) == 1:
            return parts[0]
        tests, judges = [part.holds for part in parts], [part.judge for part in parts]
        return Condition(lambda message: any(test(message) for test in tests), early.either(judges), _fields(parts))

    def _all(self, depth: int) -> Condition:
        parts = [self._not(depth)]
        while self._takes("and", "&&"):
            parts.append(self._not(depth))
        if len(parts) == 1:
            return parts[0]
        tests, judges = [part.holds for part in parts], [part.judge for part in parts]
        return Condition(lambda message: all(test(message) for test in tests), early.both(judges), _fields(parts))

    def _not(self, depth: int) -> Condition:
        token = self._tokens[self._at]
        if depth > MAX_DEPTH:
            raise FilterError(token.column, f"more than {MAX_DEPTH} conditions one inside another", "make it simpler")
        if self._takes("not", "!"):
            inner = self._not(depth + 1)
            holds = inner.holds
            return Condition(lambda message: not holds(message), early.opposite(inner.judge), inner.fields)
        if self._takes("", "("):
            inner = self._expression(depth + 1)
            self._closes(token)
            return inner
        return self._test()

    def _test(self) -> Condition:
        named = self._field(self._next())
        if self._takes("not", ""):
            if not self._takes("in", ""):
                raise FilterError(self._here().column, f"{self._what()} behind not", "write not in (…)")
            return _none(named, self._list(named))
        if self._takes("in", ""):
            return _some(named, self._list(named))
        token = self._here()
        if token.kind != "sign" or token.text not in _SIGNS:
            self._other_language(token)
            return _present(named)
        self._at += 1
        if token.text == "!=":
            return _none(named, compared(named, "==", self._literal()))
        return _some(named, compared(named, token.text, self._literal()))

    def _field(self, token: Token) -> Field:
        if token.kind == "word" and token.text.lower() not in _KEYWORDS:
            return field(token)
        if token.kind == "end":
            what = "something is missing at the end" if self._at > 1 else "nothing is asked"
            raise FilterError(token.column, what, 'write a field and what it is, such as op == "Notify"')
        if token.kind == "text":
            raise FilterError(token.column, f"the text {token.text!r} where a field is expected", "drop its quotes")
        raise FilterError(token.column, f"{token.text!r} where a field is expected", 'write such as op == "Notify"')

    def _literal(self) -> Token:
        token = self._next()
        if token.kind == "end":
            raise FilterError(token.column, "the value to compare with is missing", 'write such as op == "Notify"')
        if token.kind == "sign" or (token.kind == "word" and token.text.lower() in _KEYWORDS):
            raise FilterError(token.column, f"{token.text!r} where a value is expected", "put text into quotes")
        return token

    def _list(self, named: Field) -> Test:
        opening = self._next()
        if opening.kind != "sign" or opening.text not in _BRACKETS:
            raise FilterError(opening.column, "in needs a list", f'write {named.name} in ("…", "…")')
        tests = [compared(named, "==", self._literal())]
        while self._takes("", ","):
            tests.append(compared(named, "==", self._literal()))
        self._closes(opening)
        return lambda value: any(test(value) for test in tests)

    def _closes(self, opening: Token) -> None:
        wanted = _BRACKETS[opening.text]
        if not self._takes("", wanted):
            problem = f"{self._what()} where the {opening.text} of column {opening.column} is still open"
            raise FilterError(self._here().column, problem, f"put a {wanted} before it")

    def _other_language(self, token: Token) -> None:
        if token.kind == "word" and token.text.lower() in _ELSEWHERE:
            raise FilterError(token.column, f"{token.text!r} is no comparison here", _hint(token.text))

    def _takes(self, word: str, sign: str) -> bool:
        """Whether the next token is this keyword or this sign; then it is behind us."""
        token = self._here()
        if (token.kind == "word" and token.text.lower() == word) or (token.kind == "sign" and token.text == sign):
            self._at += 1
            return True
        return False

    def _here(self) -> Token:
        return self._tokens[self._at]

    def _next(self) -> Token:
        """The last token, the end, stays the next one."""
        token = self._tokens[self._at]
        self._at = min(self._at + 1, len(self._tokens) - 1)
        return token

    def _what(self) -> str:
        token = self._here()
        return "the end" if token.kind == "end" else repr(token.text)


def _hint(word: str) -> str:
    return f"write {_ELSEWHERE[word.lower()]}"


def _some(named: Field, test: Test) -> Condition:
    return _condition(named, lambda found: any(test(value) for value in found))


def _none(named: Field, test: Test) -> Condition:
    return _condition(named, lambda found: len(found) > 0 and not any(test(value) for value in found))


def _present(named: Field) -> Condition:
    return _condition(named, any if named.kind is Kind.FLAG else lambda found: len(found) > 0)


def _condition(named: Field, holds: early.Holds) -> Condition:
    values = named.values
    return Condition(lambda message: holds(values(message)), early.judge(named, holds), frozenset({named.name}))


def _fields(parts: list[Condition]) -> frozenset[str]:
    return frozenset().union(*(part.fields for part in parts))
