"""What stands right of a comparison, read as the field on its left wants it, and the comparison itself.

``compared`` gives a test of one value. Everything that can be wrong is told when the filter is read, with what to
write instead; a message can't make a test fail.
"""

from __future__ import annotations

import operator
import re
import time
from collections.abc import Callable
from datetime import datetime

from atshell.catalog.nearest import nearest
from atshell_lwm2m.codec.coap import CODE_NAMES, CODES
from atshell_lwm2m.filter.fields import Field, Kind, Value
from atshell_lwm2m.filter.globs import matcher
from atshell_lwm2m.filter.tokens import FilterError, Token

Test = Callable[[Value], object]

_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "==": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_TEXT_COMPARISONS: dict[str, Callable[[str, str], bool]] = {
    "==": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_NUMBER = re.compile(r"[-+]?(?:0[xX][0-9a-fA-F]{1,16}|[0-9]{1,30}(?:\.[0-9]{0,30})?(?:[eE][-+]?[0-9]{1,3})?)")
_DURATION = re.compile(r"([-+]?[0-9]{1,15}(?:\.[0-9]{1,15})?)(us|µs|ms|s|min|m|h|d)")
_UNITS = {"us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_CODE = re.compile(r"[0-7]\.(?:[0-2][0-9]|3[01])")
_CODE_CLASS = re.compile(r"([0-7])(?:\.xx)?")
_CODES_BY_NAME = {name.lower(): CODES[code] for code, name in CODE_NAMES.items()}
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9](?:\.[0-9]{1,9})?))?")
_FLAGS = {"true": True, "false": False}
_DAY = 86400


def compared(field: Field, sign: str, token: Token) -> Test:
    """Whether a value of ``field`` stands so to the literal; ``!=`` is its caller's. Raises FilterError."""
    if field.kind is Kind.GROUP:
        raise FilterError(token.column, f"{field.name} has parts", f"ask for {', '.join(field.known)}")
    if sign == "~":
        like = matcher(token.text)
        return lambda value: like(_shown(value))
    return _READERS[field.kind](field, sign, token)


def _shown(value: Value) -> str:
    """As the JSON has it."""
    if isinstance(value, str):
        return value
    return str(value).lower() if isinstance(value, bool) else str(value)


def _text(field: Field, sign: str, token: Token) -> Test:
    _only_equal(field, sign, token)
    wanted = token.text
    return lambda value: value == wanted


def _only_equal(field: Field, sign: str, token: Token) -> None:
    if sign != "==":
        raise FilterError(token.column, f"{field.name} has no order", "compare it with ==, !=, ~ or in")


def _name(field: Field, sign: str, token: Token) -> Test:
    _only_equal(field, sign, token)
    for known in field.known:
        if known.lower() == token.text.lower():
            return lambda value: value == known
    near = nearest(token.text.lower(), [known.lower() for known in field.known], limit=1)
    meant = next((known for known in field.known if near and known.lower() == near[0]), None)
    some = f"did you mean {meant}?" if meant else f"it is one of {', '.join(field.known)}"
    raise FilterError(token.column, f"{field.name} is never {token.text!r}", some)


def _address(field: Field, sign: str, token: Token) -> Test:
    _only_equal(field, sign, token)
    wanted = token.text.lower()
    bare = wanted.strip("[]")
    return lambda value: value == wanted or str(value).rpartition(":")[0].strip("[]") == bare


def _hex(field: Field, sign: str, token: Token) -> Test:
    _only_equal(field, sign, token)
    digits = re.sub(r"^0x|[\s:]", "", token.text.lower())
    if not re.fullmatch(r"[0-9a-f]*", digits):
        raise FilterError(token.column, f"{token.text!r} is not hexadecimal, as {field.name} is", "write 0-9, a-f")
    return lambda value: value == digits


def _code(field: Field, sign: str, token: Token) -> Test:
    text = _CODES_BY_NAME.get(token.text.lower(), token.text)
    order = _TEXT_COMPARISONS[sign]
    if _CODE.fullmatch(text):
        return lambda value: order(str(value), text)
    group = _CODE_CLASS.fullmatch(text)
    if group is None:
        raise FilterError(
            token.column, f"{token.text!r} is no code", "write 4.04, a class as 4, or a name as GET or 'Not Found'"
        )
    digit = group[1]
    return lambda value: order(str(value)[:1], digit)


def _number(field: Field, sign: str, token: Token) -> Test:
    return _ordered(sign, _float(field, token, "a number"))


def _seconds(field: Field, sign: str, token: Token) -> Test:
    span = _DURATION.fullmatch(token.text)
    if span is not None and token.kind == "word":
        return _ordered(sign, float(span[1]) * _UNITS[span[2]])
    return _ordered(sign, _float(field, token, "seconds, such as 2, 2s, 150ms or 5min"))


def _ordered(sign: str, wanted: float) -> Test:
    order = _COMPARISONS[sign]
    return lambda value: not isinstance(value, str) and order(value, wanted)


def _float(field: Field, token: Token, what: str) -> float:
    wanted = _parsed(token.text) if token.kind == "word" else None
    if wanted is None:
        quoted = token.kind == "text" and token.text[:1].isdecimal()
        hint = "leave out the quotes" if quoted else f"write {what}"
        raise FilterError(token.column, f"{field.name} is a number, {token.text!r} is not", hint)
    return wanted


def _parsed(text: str) -> float | None:
    if _NUMBER.fullmatch(text) is None:
        return None
    return int(text, 16) if "x" in text.lower() else float(text) if re.search(r"[.eE]", text) else int(text)


def _time(field: Field, sign: str, token: Token) -> Test:
    """Seconds since 1970, a local date and time, or a local time of day, as the screen shows it."""
    number = _parsed(token.text)
    if number is not None:
        return _ordered(sign, number)
    clock = _CLOCK.fullmatch(token.text)
    if clock is not None:
        order = _COMPARISONS[sign]
        of_day = int(clock[1]) * 3600 + int(clock[2]) * 60 + float(clock[3] or 0)
        return lambda value: order(_of_day(value), of_day)
    try:
        return _ordered(sign, datetime.fromisoformat(token.text).timestamp())
    except (ValueError, OverflowError, OSError):
        raise FilterError(
            token.column, f"{token.text!r} is no time", "write 19:03:12, 2026-11-20T19:03:12 or seconds since 1970"
        ) from None


def _of_day(value: Value) -> float:
    stamp = float(value)
    try:
        local = time.localtime(stamp)
    except (OverflowError, ValueError, OSError):
        return stamp % _DAY
    return local.tm_hour * 3600 + local.tm_min * 60 + local.tm_sec + stamp % 1


def _flag(field: Field, sign: str, token: Token) -> Test:
    _only_equal(field, sign, token)
    wanted = _FLAGS.get(token.text.lower())
    if wanted is None:
        raise FilterError(token.column, f"{field.name} is never {token.text!r}", "it is true or false")
    return lambda value: value is wanted


def _any(field: Field, sign: str, token: Token) -> Test:
    """A number is compared with numbers and is, written out, a text as well: modules send ``25.5`` in either way."""
    text = token.text
    number = _parsed(text) if token.kind == "word" else None
    if sign != "==":
        if number is None:
            raise FilterError(token.column, f"{text!r} is no number", f"{sign} compares numbers")
        order = _COMPARISONS[sign]
        return lambda value: not isinstance(value, (str, bool)) and order(value, number)
    flag = _FLAGS.get(text.lower()) if token.kind == "word" else None

    def equal(value: Value) -> bool:
        if isinstance(value, str):
            return value == text
        if isinstance(value, bool):
            return value is flag
        return value == number

    return equal


_READERS: dict[Kind, Callable[[Field, str, Token], Test]] = {
    Kind.TEXT: _text,
    Kind.NAME: _name,
    Kind.ADDRESS: _address,
    Kind.HEX: _hex,
    Kind.CODE: _code,
    Kind.NUMBER: _number,
    Kind.SECONDS: _seconds,
    Kind.TIME: _time,
    Kind.FLAG: _flag,
    Kind.ANY: _any,
}
