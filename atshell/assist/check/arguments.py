"""The arguments of a command, laid over the manual's notations: how many, which parameter each is for, how quoted.

A form may have several notations (``AT+MIPLCFG="platform",…`` and ``AT+MIPLCFG="binding",…``). Those whose fixed words
agree are tried, and the one that has the least against the line is taken for meant.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from atshell.assist.check.caution import MAX_COUNT, Caution, Subject, shown, span_of
from atshell.assist.check.values import check_length, check_quotes, check_value
from atshell.assist.check.words import joined
from atshell.assist.context import literal_value
from atshell.at.command import Form

if TYPE_CHECKING:
    from atshell.at.syntax import Argument
    from atshell.catalog.model import Parameter
    from atshell.catalog.notation import Notation
    from atshell.catalog.tree import Slot


def check_arguments(subject: Subject) -> list[Caution]:
    """Empty when a notation of the form takes the arguments as they are."""
    command = subject.command
    if command.form not in (Form.WRITE, Form.EXECUTE):
        return []
    broken = [caution for argument in command.arguments for caution in _broken(subject, argument)]
    if broken:  # what stands where is not to be told before
        return broken
    notations = subject.notations()
    fitting = [notation for notation in notations if _agrees(notation, command.arguments)]
    if notations and not fitting:
        return _no_such_word(subject, notations)
    count = len(command.arguments)
    judged = [(_by(subject, notation), not notation.accepts(count)) for notation in fitting]
    return min(judged, key=lambda one: (len(one[0]), one[1]), default=([], False))[0]


def _broken(subject: Subject, argument: Argument) -> Iterator[Caution]:
    if subject.command.name == "D":  # what is dialled has no quotes
        return
    if not argument.closed:
        yield subject.caution("unclosed-quote", span_of(argument))
    elif argument.text.startswith('"') and not argument.quoted:
        yield subject.caution("stray-quote", span_of(argument))


def _agrees(notation: Notation, arguments: Sequence[Argument]) -> bool:
    pairs = ((notation.slot(index), argument) for index, argument in enumerate(arguments))
    return all(slot is None or not slot.literal or _is_word(slot, argument) for slot, argument in pairs)


def _is_word(slot: Slot, argument: Argument) -> bool:
    return literal_value(slot).casefold() == argument.text.casefold()


def _no_such_word(subject: Subject, notations: Sequence[Notation]) -> list[Caution]:
    for index, argument in enumerate(subject.command.arguments):
        slots = [slot for notation in notations if (slot := notation.slot(index)) is not None]
        words = list(dict.fromkeys(slot.name for slot in slots if slot.literal))
        if words and not any(not slot.literal or _is_word(slot, argument) for slot in slots):
            known = joined(words, chinese=subject.asked.chinese)
            return [subject.caution("word", span_of(argument), value=shown(argument), known=known)]
    return []


def _by(subject: Subject, notation: Notation) -> list[Caution]:
    """What one notation has against the line."""
    found: list[Caution] = []
    placed: list[tuple[Parameter | None, Argument]] = []
    values: dict[str, str] = {}
    for index, argument in enumerate(subject.command.arguments[:MAX_COUNT]):
        slot = notation.slot(index)
        if slot is None:
            break
        parameter = None if slot.literal else subject.entry.parameter(slot.name, values)
        if parameter is not None:
            values.setdefault(parameter.name, argument.text)
        wrong = list(_at(subject, notation, slot, parameter, argument, quiet=bool(found)))
        placed.append((None if wrong else parameter, argument))
        found += wrong
    for one, following in pairwise(placed):
        found += check_length(subject, one, following)
    found += _count(subject, notation, values, quiet=bool(found))
    return found


def _at(
    subject: Subject, notation: Notation, slot: Slot, parameter: Parameter | None, argument: Argument, *, quiet: bool
) -> Iterator[Caution]:
    """One argument. ``quiet`` when another was wrong before: then what depends on it is not to be judged."""
    if slot.literal:
        if slot.name.startswith('"') and not argument.quoted:
            yield subject.caution("word-quotes", span_of(argument), value=argument.text)
    elif argument.omitted:
        if not slot.optional or (parameter is not None and _required(parameter)):
            yield _missing(subject, notation, [parameter.name if parameter else slot.name], argument.start)
    elif parameter is None:
        if not quiet:
            yield _unfit(subject, notation, argument)
    else:
        yield from check_quotes(subject, parameter, argument)
        yield from check_value(subject, parameter, argument)


def _required(parameter: Parameter) -> bool:
    """A parameter that goes with the values that are given, where the notation leaves open what goes with them."""
    return bool(parameter.when) and not parameter.optional


def _unfit(subject: Subject, notation: Notation, argument: Argument) -> Caution:
    """``AT+QDMPCFG=6,1``: type 6 takes nothing more."""
    values = subject.named(notation)
    conditions = dict.fromkeys(name for one in subject.entry.command.parameters for name in one.when)
    given = ", ".join(f"<{name}> {values[name]}" for name in conditions if name in values)
    return subject.caution("unfit", span_of(argument), value=shown(argument), given=given or subject.name)


def _count(subject: Subject, notation: Notation, values: dict[str, str], *, quiet: bool) -> Iterator[Caution]:
    """Too many, too few, or fewer than go with the values that are given."""
    count = len(subject.command.arguments)
    if notation.accepts(count):
        if not quiet:
            rest = [subject.entry.parameter(slot.name, values) for slot in notation.slots[count:] if not slot.literal]
            missing = [one.name for one in rest if one and _required(one) and one.when.keys() <= values.keys()]
            if missing:
                yield _missing(subject, notation, missing, subject.command.end)
        return
    wanted = next((more for more in range(count + 1, len(notation.slots) + 1) if notation.accepts(more)), None)
    if wanted is None:
        yield _surplus(subject, notation)
    else:
        names = [_name(subject, slot, values) for slot in notation.slots[count:wanted]]
        yield _missing(subject, notation, names, subject.command.end)


def _name(subject: Subject, slot: Slot, values: dict[str, str]) -> str:
    parameter = None if slot.literal else subject.entry.parameter(slot.name, values)
    return parameter.name if parameter else slot.name


def _missing(subject: Subject, notation: Notation, names: Sequence[str], at: int) -> Caution:
    missing = ", ".join(name if name.startswith('"') else f"<{name}>" for name in names)
    verb = "is" if len(names) == 1 else "are"
    return subject.caution("missing", (at, at), missing=missing, verb=verb, notation=notation.text)


def _surplus(subject: Subject, notation: Notation) -> Caution:
    arguments = subject.command.arguments
    most = max((count for count in range(min(len(arguments), MAX_COUNT)) if notation.accepts(count)), default=0)
    extra = arguments[most:]
    text = ",".join(shown(argument) for argument in extra[:4]) + (",…" if len(extra) > 4 else "")
    span = (extra[0].start, extra[-1].end)
    return subject.caution("surplus", span, count=len(extra), surplus=text, notation=notation.text)
