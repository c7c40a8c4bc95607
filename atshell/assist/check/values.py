"""One value: its quotes, type, range, length, and whether it is one of those that the manual lists.

A type of parameter is a pattern in ``_FITS``; a new type touches this file and the words alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from atshell.assist.check.caution import Caution, Severity, Subject, shown, span_of
from atshell.assist.check.words import KINDS, joined
from atshell.catalog.profile import meets, names_model

if TYPE_CHECKING:
    from atshell.at.syntax import Argument
    from atshell.catalog.model import Parameter, Type, Value

_FLOAT = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})*")
_BITMAP = re.compile(r"[01]+")
_HOST = re.compile(r"(?:coaps?://)?(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]|[0-9A-Fa-f:.]{2,45})(?::([0-9]{1,5}))?/?")
_NUMBERS: frozenset[Type] = frozenset({"integer", "uint16"})
_LENGTH = re.compile(r"(?:.*_)?len(?:gth)?", re.IGNORECASE)
_RESERVED = "reserved"
"""How the meaning of a value begins that is not to be used."""
MOST_NAMED = 10
"""Values that a text lists."""


def _is_ip(text: str) -> bool:
    from ipaddress import ip_address

    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_host(text: str) -> bool:
    match = _HOST.fullmatch(text)
    return match is not None and (match[1] is None or 0 < int(match[1]) < 65536)


_FITS: dict[Type, Callable[[str], bool]] = {
    "float": lambda text: _FLOAT.fullmatch(text) is not None,
    "hex": lambda text: _HEX.fullmatch(text) is not None,
    "bitmap": lambda text: _BITMAP.fullmatch(text) is not None,
    "ip": _is_ip,
    "host": _is_host,
}


def check_quotes(subject: Subject, parameter: Parameter, argument: Argument) -> Iterator[Caution]:
    if parameter.quoted and not argument.quoted:
        yield subject.caution("quotes", span_of(argument), parameter, value=shown(argument, parameter))
    elif argument.quoted and parameter.type in _NUMBERS and not _may_be_quoted(subject, parameter):
        yield subject.caution("quoted-number", span_of(argument), parameter, value=shown(argument))


def _may_be_quoted(subject: Subject, parameter: Parameter) -> bool:
    """Where a place takes texts or numbers by another parameter's value, numbers may be quoted like the texts."""
    return any(one.name == parameter.name and one.type not in _NUMBERS for one in subject.entry.command.parameters)


def check_value(subject: Subject, parameter: Parameter, argument: Argument) -> Iterator[Caution]:
    """A value that is there (not omitted)."""
    if not argument.text:  # "" is a text of no length, and whether that will do no manual says
        return
    listed = _listed(parameter, argument)
    if listed is not None:
        yield from _one_of_the_list(subject, parameter, argument, listed)
    elif parameter.type in _NUMBERS:
        yield from _number(subject, parameter, argument)
    elif parameter.type in _FITS and not _FITS[parameter.type](argument.text):
        yield _wrong_type(subject, parameter, argument)
    else:
        yield from _size(subject, parameter, argument)
        if parameter.values:
            yield from _not_listed(subject, parameter, argument)


# -- Values that the manual lists


def _listed(parameter: Parameter, argument: Argument) -> Value | None:
    """What the manual says of this value, however the number or the case is written."""
    exact = parameter.values.get(argument.text)
    if exact is not None or not parameter.values:
        return exact
    return next((value for key, value in parameter.values.items() if _same(parameter, key, argument)), None)


def _same(parameter: Parameter, key: str, argument: Argument) -> bool:
    if parameter.type in _NUMBERS:
        number = argument.integer
        return number is not None and number == _integer(key)
    return key.casefold() == argument.text.casefold()


def _integer(text: str) -> int | None:
    try:
        return int(text, 0) if text[:1] != "0" or text[1:2] in ("x", "X") else int(text)
    except ValueError:
        return None


def _one_of_the_list(subject: Subject, parameter: Parameter, argument: Argument, value: Value) -> Iterator[Caution]:
    profile, text = subject.asked.profile, shown(argument, parameter)
    if value.en.startswith(_RESERVED):
        yield subject.caution("reserved", span_of(argument), parameter, value=text)
    elif value.when and profile.firmware and not meets(value.when, profile):
        known = _known(subject, parameter)
        yield subject.caution(
            "value-firmware", span_of(argument), parameter, firmware=profile.firmware, value=text, known=known
        )


def _not_listed(subject: Subject, parameter: Parameter, argument: Argument) -> Iterator[Caution]:
    """Standards leave room for values of a maker's own, so theirs is only a note."""
    text, known = shown(argument, parameter), _known(subject, parameter)
    severity: Severity = "note" if subject.standard else "warning"
    yield subject.caution("value", span_of(argument), parameter, severity=severity, value=text, known=known)


def _known(subject: Subject, parameter: Parameter) -> str:
    keys = [key for key, value in parameter.values.items() if not value.en.startswith(_RESERVED)]
    if len(keys) > MOST_NAMED:
        return ", ".join([*keys[:MOST_NAMED], "…"])
    return joined(keys, chinese=subject.asked.chinese)


# -- Numbers


def _number(subject: Subject, parameter: Parameter, argument: Argument) -> Iterator[Caution]:
    number = argument.integer
    if number is None:
        yield _wrong_type(subject, parameter, argument)
    elif parameter.values and _of_other_models(subject, parameter, argument):
        model, known = subject.asked.profile.model, _known(subject, parameter)
        yield subject.caution(
            "value-model", span_of(argument), parameter, value=argument.text, known=known, model=model
        )
    elif bounds := parameter.range or ((0, 65535) if parameter.type == "uint16" else None):
        yield from _bounds(subject, parameter, argument, number, bounds)
    elif parameter.values:
        yield from _not_listed(subject, parameter, argument)


def _of_other_models(subject: Subject, parameter: Parameter, argument: Argument) -> bool:
    """The whole manual lists the value, but not for this model, whose entry no longer has it."""
    name = subject.name
    whole = (
        one.values
        for command in subject.entry.manual.commands
        if command.command == name
        for one in command.parameters
        if one.name == parameter.name and one.when == parameter.when
    )
    models = [value.models for values in whole for key, value in values.items() if _integer(key) == argument.integer]
    return any(models) and not any(not one or names_model(subject.asked.profile, one) for one in models)


def _bounds(
    subject: Subject, parameter: Parameter, argument: Argument, number: int, bounds: tuple[float, float]
) -> Iterator[Caution]:
    low, high = bounds
    if low <= number <= high:
        return
    unit = f" {parameter.unit}" if parameter.unit else ""
    span = f"{low:.12g} {subject.language('至', 'to')} {high:.12g}{unit}"
    rule, limit = ("below", low) if number < low else ("above", high)
    yield subject.caution(
        rule, span_of(argument), parameter, reason=span, value=argument.text, limit=f"{limit:.12g}", range=span
    )


# -- Texts


def _wrong_type(subject: Subject, parameter: Parameter, argument: Argument) -> Caution:
    kind = KINDS[parameter.type][subject.asked.chinese]
    return subject.caution("type", span_of(argument), parameter, kind=kind, value=shown(argument, parameter))


def _size(subject: Subject, parameter: Parameter, argument: Argument) -> Iterator[Caution]:
    count = len(argument.text.encode("utf-8", "surrogatepass"))
    least, most = parameter.min_length, parameter.max_length
    if least is not None and count < least:
        yield subject.caution("short", span_of(argument), parameter, count=count, limit=least)
    # A key may be typed in hex digits, two for each of its bytes.
    elif most is not None and count > (most * 2 if parameter.secret and _HEX.fullmatch(argument.text) else most):
        yield subject.caution("long", span_of(argument), parameter, count=count, limit=most)


# -- Lengths of the next value

Placed = tuple["Parameter | None", "Argument"]


def check_length(subject: Subject, one: Placed, following: Placed) -> Iterator[Caution]:
    """``<len>`` before ``<value>``, and the number of instances before their bitmap. Hex digits may be counted as they
    stand or as the bytes they stand for."""
    parameter, argument = one
    value, text = following
    if parameter is None or value is None or parameter.type not in _NUMBERS or not _counts(parameter, value):
        return
    given, count = argument.integer, len(text.text)
    lengths = {count, len(text.text.encode("utf-8", "surrogatepass")), text.end - text.start - 2 * text.quoted}
    if _HEX.fullmatch(text.text) and (value.type in ("hex", "opaque") or (parameter.unit or "").startswith("byte")):
        lengths.add(count // 2)
    if given is None or text.omitted or given in lengths:
        return
    summary = parameter.summary.in_language(subject.asked.profile.language)
    yield subject.caution(
        "length",
        span_of(argument),
        parameter,
        reason=summary.replace("；", "; ").partition("; ")[2],
        value=shown(argument),
        of=subject.language(f"<{value.name}>", f"<{value.name}>" if value.name != "value" else "value"),
        count=count,
        unit="character" if count == 1 else "characters",
    )


def _counts(parameter: Parameter, value: Parameter) -> bool:
    return _LENGTH.fullmatch(parameter.name) is not None or value.type == "bitmap"
