"""What could stand at the cursor: command names, forms, enumerated values with their meaning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from atshell.assist.context import Context, context, literal_value, read_notation, slot_at, typed_arguments

if TYPE_CHECKING:
    from atshell.at.lexer import Position
    from atshell.catalog.lookup import Catalog, Entry
    from atshell.catalog.model import FormName, Parameter
    from atshell.catalog.profile import Profile

SHORTEST_INSIDE = 3
"""Letters that must be typed before names are found by what they contain: ``notify`` finds ``+MIPLNOTIFY``."""

OPERATORS: dict[FormName, str] = {"execute": "", "write": "=", "read": "?", "test": "=?"}

FORM_MEANINGS: dict[FormName, tuple[str, str]] = {
    "execute": ("carry out", "执行"),
    "write": ("set", "设置"),
    "read": ("show what is set", "读取当前设置"),
    "test": ("show what it takes", "查询取值范围"),
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Replace ``line[start:cursor]`` by ``text``."""

    text: str
    start: int
    meaning: str = ""
    """One short phrase in the profile's language."""
    label: str = ""
    """What the menu shows, when it is not ``text``."""


def complete(catalog: Catalog, profile: Profile, line: str, cursor: int) -> Sequence[Suggestion]:
    """Best first. Never fails on any prefix of any line."""
    cursor = max(0, min(cursor, len(line)))
    place = context(catalog, profile, line, cursor)
    where = place.position
    if where.part == "none":
        return _without_prefix(catalog, profile, line[:cursor])
    if where.part == "name":
        return [*_forms(place, profile, line, cursor), *_names(catalog, profile, where, line[:cursor])]
    if place.form == "write" and not line[:cursor].rstrip().endswith("?"):
        return list(_values(place, profile, cursor))
    return []


def _without_prefix(catalog: Catalog, profile: Profile, typed: str) -> list[Suggestion]:
    """Before any AT: everything for nothing or ``a``; else the commands that a bare name may mean."""
    word = typed.strip()
    start = len(typed) - len(typed.lstrip())
    if "AT".startswith(word.upper()):
        found = [(entry, entry.command.command) for entry in _commands(catalog, profile)]
    else:
        found = _matching(catalog, profile, word.lstrip("+").upper())
    lower = _is_lower(word)
    return [Suggestion(name.lower() if lower else name, start, _summary(entry, profile)) for entry, name in found]


def _names(catalog: Catalog, profile: Profile, where: Position, typed: str) -> list[Suggestion]:
    lower = _is_lower(typed[where.name_start :]) if where.name else _is_lower(typed)
    return [
        Suggestion(
            name[2:].lower() if lower else name[2:],
            where.name_start,
            _summary(entry, profile),
            name.lower() if lower else name,
        )
        for entry, name in _matching(catalog, profile, where.name)
        if name[2:] != where.name
    ]


def _matching(catalog: Catalog, profile: Profile, name: str) -> list[tuple[Entry, str]]:
    """Commands whose name begins with ``name``, then those that contain it."""
    begins: list[tuple[Entry, str]] = []
    contains: list[tuple[Entry, str]] = []
    inside = name.lstrip("+")
    for entry in _commands(catalog, profile):
        command = entry.command.command
        if command[2:].upper().startswith(name):
            begins.append((entry, command))
        elif len(inside) >= SHORTEST_INSIDE and inside in command.upper():
            contains.append((entry, command))
    return begins + contains


def _commands(catalog: Catalog, profile: Profile) -> Iterator[Entry]:
    seen: set[str] = set()
    for entry in catalog.entries(profile):
        name = entry.command.command
        # A bare "AT" is always there to be typed, and a vendor's entry hides the standard's of the same name.
        if entry.command.kind == "command" and len(name) > 2 and name not in seen:
            seen.add(name)
            yield entry


def _summary(entry: Entry, profile: Profile) -> str:
    return entry.command.summary.in_language(profile.language)


def _is_lower(text: str) -> bool:
    return any(char.islower() for char in text) and not any(char.isupper() for char in text)


def _forms(place: Context, profile: Profile, line: str, cursor: int) -> Iterator[Suggestion]:
    """Behind a name that is whole: what can be done with it."""
    if place.entry is None or cursor < place.position.name_start + len(place.position.name):
        return
    command = place.entry.command
    chinese = profile.language.startswith("zh")
    for form, operator in OPERATORS.items():
        if operator and form in command.forms and not line[cursor:].startswith(operator):
            notation = next(iter(command.forms[form]), command.command + operator)
            yield Suggestion(operator, cursor, FORM_MEANINGS[form][chinese], notation)


def _values(place: Context, profile: Profile, cursor: int) -> Iterator[Suggestion]:
    where = place.position
    typed = where.typed
    word = typed.removeprefix('"')
    start = cursor - len(typed)
    for text, meaning in _offers(place, profile):
        bare = text.strip('"')
        shown = f'"{bare}"' if typed.startswith('"') else text
        if bare.casefold().startswith(word.casefold()) and shown != typed:
            yield Suggestion(shown, start, meaning)


def _offers(place: Context, profile: Profile) -> Iterator[tuple[str, str]]:
    """Values as they would be typed, with their meaning."""
    seen: set[str] = set()
    for literal in _literals(place):
        if literal not in seen:
            seen.add(literal)
            yield literal, ""
    parameter = place.parameter
    if parameter is None:
        return
    for value, meaning in parameter.values.items():
        text = _quoted(value, parameter)
        if text not in seen:
            seen.add(text)
            yield text, meaning.in_language(profile.language)
    if parameter.default is not None and _quoted(str(parameter.default), parameter) not in seen:
        yield _quoted(str(parameter.default), parameter), "默认" if profile.language.startswith("zh") else "default"


def _literals(place: Context) -> Iterator[str]:
    """Words that the manual's notations fix at this place, of the notations that agree so far."""
    if place.entry is None:
        return
    arguments = typed_arguments(place.position)
    for text in place.entry.command.forms.get("write", ()):
        notation = read_notation(text)
        if notation is None:
            continue
        slot = slot_at(notation, place.position.index)
        before = [slot_at(notation, index) for index in range(len(arguments))]
        agrees = all(
            one is not None and (not one.literal or literal_value(one).casefold() == argument.casefold())
            for one, argument in zip(before, arguments, strict=True)
        )
        if slot is not None and slot.literal and agrees:
            yield slot.name


def _quoted(value: str, parameter: Parameter) -> str:
    return f'"{value}"' if parameter.quoted and not value.startswith('"') else value
