"""What the catalog knows about the place under the cursor: the entry, the notation that fits best, the parameter.

Completion and the toolbar ask the same question, so it is answered once, here. Nothing in this room fails: what is
not known is None.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from atshell.at.lexer import Position, position
from atshell.catalog.notation import BadNotation, Notation, Slot, parse_notation
from atshell.catalog.profile import holds

if TYPE_CHECKING:
    from atshell.catalog.lookup import Catalog, Entry
    from atshell.catalog.model import FormName, Parameter
    from atshell.catalog.profile import Profile


@dataclass(frozen=True, slots=True)
class Context:
    """``entry`` is None while the name is unfinished or unknown; the fields after it are None with it."""

    position: Position
    entry: Entry | None = None
    form: FormName | None = None
    notation: Notation | None = None
    slot: Slot | None = None
    parameter: Parameter | None = None


def context(catalog: Catalog, profile: Profile, line: str, cursor: int) -> Context:
    where = position(line, cursor)
    if where.part == "none" or not where.name:
        return Context(where)
    entry = catalog.find(command_name(where.name), profile)
    if entry is None or entry.command.kind != "command":
        return Context(where)
    form = _form(line, where, entry)
    if form is None:
        return Context(where, entry)
    notation = best_notation(entry.command.forms.get(form, ()), typed_arguments(where))
    if notation is None or form != "write" or where.part == "name":
        return Context(where, entry, form, notation)
    slot = slot_at(notation, where.index)
    parameter = find_parameter(entry, slot, named_values(notation, where.arguments)) if slot else None
    return Context(where, entry, form, notation, slot, parameter)


def command_name(name: str) -> str:
    """A command's name as the catalog writes it."""
    return f"AT{name}"


def typed_arguments(where: Position) -> Sequence[str]:
    """The arguments before the one under the cursor, which may be unfinished and decides nothing."""
    return where.arguments[: where.index]


def _form(line: str, where: Position, entry: Entry) -> FormName | None:
    """The form that the line has, or is most likely to get while only the name stands there."""
    if where.part == "name":
        for form in _USUAL_ORDER:
            if form in entry.command.forms:
                return form
        return None
    rest = line[where.name_start + len(where.name) :].lstrip()
    if rest.startswith("=?"):
        return "test"
    return "read" if rest.startswith("?") else "write"


_USUAL_ORDER: tuple[FormName, ...] = ("write", "execute", "read", "test")


def best_notation(texts: Sequence[str], arguments: Sequence[str], *, whole: bool = False) -> Notation | None:
    """The notation whose literals agree with the arguments so far and that has room for them; ``whole`` when no
    more will come."""
    readable = [notation for text in texts if (notation := read_notation(text)) is not None]

    def fit(notation: Notation) -> int:
        return _fit(notation, arguments) + (whole and notation.accepts(len(arguments)))

    return max(readable, key=fit, default=None)


def read_notation(text: str) -> Notation | None:
    """A notation, or None for one that cannot be read."""
    try:
        return parse_notation(text)
    except BadNotation:
        return None


def _fit(notation: Notation, arguments: Sequence[str]) -> int:
    score = 0
    for index, argument in enumerate(arguments):
        slot = slot_at(notation, index)
        if slot is None:
            score -= 2
        elif slot.literal:
            score += 3 if literal_value(slot).casefold() == argument.casefold() else -3
    return score


def literal_value(slot: Slot) -> str:
    """What a literal slot (``"platform"``, ``1``) stands for, without quotes."""
    return slot.name.strip().strip('"')


def slot_at(notation: Notation, index: int) -> Slot | None:
    """The slot of the argument at ``index``; those behind the last belong to it when it repeats."""
    slots = notation.slots
    if index < len(slots):
        return slots[index]
    return slots[-1] if slots and slots[-1].repeated else None


def named_values(notation: Notation, arguments: Sequence[str]) -> dict[str, str]:
    """Arguments by the name of their slot."""
    values: dict[str, str] = {}
    for index, argument in enumerate(arguments):
        slot = slot_at(notation, index)
        if slot is not None and not slot.literal:
            values.setdefault(plain(slot.name), argument)
    return values


def plain(name: str) -> str:
    """A parameter's name without the manual's angle brackets."""
    return name.strip("<> ")


def find_parameter(entry: Entry, slot: Slot, values: Mapping[str, str], *, answer: bool = False) -> Parameter | None:
    """The parameter that a slot stands for, given the other parameters' values. One whose condition names values that
    are there comes before one that is always so; ``answer`` prefers a parameter of answers to one of the command."""
    if slot.literal:
        return None
    candidates = [
        parameter
        for parameter in entry.command.parameters
        if plain(parameter.name) == plain(slot.name) and holds(parameter.when, values)
    ]
    candidates.sort(key=lambda p: ((p.place == "response") == answer, any(name in values for name in p.when)))
    return candidates[-1] if candidates else entry.parameter(plain(slot.name), values)
