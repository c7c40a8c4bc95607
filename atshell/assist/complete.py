"""What could stand at the cursor: ready answers, command names, forms, values with their meaning.

Names are found by how they begin, by what they contain and by their letters in order; among equals those come first
that are usual at this point of the session, and those last that cannot succeed now.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from atshell.assist.context import Context, context
from atshell.assist.offers import limits, offers
from atshell.assist.situation import NOTHING

if TYPE_CHECKING:
    from atshell.assist.situation import Situation
    from atshell.catalog.lookup import Catalog, Entry
    from atshell.catalog.model import FormName
    from atshell.catalog.profile import Profile

SHORTEST_INSIDE = 3
"""Letters that must be typed before names are found by what they contain: ``notify`` finds ``+MIPLNOTIFY``."""
MAX_LOOSE = 12
"""Names that are found by their letters in order alone."""

OPERATORS: dict[FormName, str] = {"execute": "", "write": "=", "read": "?", "test": "=?"}

FORM_MEANINGS: dict[FormName, tuple[str, str]] = {
    "execute": ("carry out", "执行"),
    "write": ("set", "设置"),
    "read": ("show what is set", "读取当前设置"),
    "test": ("show what it takes", "查询取值范围"),
}
LISTED = ("the module lists it, no manual here has it", "模组支持, 但本程序的手册中没有")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Replace ``line[start:cursor]`` by ``text``."""

    text: str
    start: int
    meaning: str = ""
    """One short phrase in the profile's language."""
    label: str = ""
    """What the menu shows, when it is not ``text``."""
    back: int = 0
    """Characters of ``text`` that stand behind the place where typing goes on."""
    hint: bool = False
    """It only says what may be typed here; ``text`` is what stands there already."""


def complete(
    catalog: Catalog, profile: Profile, line: str, cursor: int, situation: Situation = NOTHING
) -> Sequence[Suggestion]:
    """Best first. Never fails on any prefix of any line."""
    cursor = max(0, min(cursor, len(line)))
    ready = ready_answers(catalog, profile, line, cursor, situation)
    place = context(catalog, profile, line, cursor)
    where = place.position
    names = _Names(catalog, profile, situation)
    if where.part == "none":
        return [*ready, *names.bare(line[:cursor])]
    if where.part == "name":
        return [*ready, *_forms(place, profile, line, cursor), *names.behind_at(place, line[:cursor])]
    if place.form == "write" and not line[:cursor].rstrip().endswith("?"):
        return [*ready, *_values(place, profile, line, cursor, situation)]
    return ready


# -- Ready answers


def ready_answers(catalog: Catalog, profile: Profile, line: str, cursor: int, situation: Situation) -> list[Suggestion]:
    """Whole lines that answer a request of the platform, where what is typed is how they begin: for each request the
    usual answer, then the others."""
    typed = line[:cursor].lstrip()
    if not situation.pending or line[cursor:].strip():
        return []
    ranked = [
        (order, number, answer)
        for number, pending in enumerate(situation.pending)
        for order, answer in enumerate(pending.answers)
    ]
    found = []
    for order, number, answer in sorted(ranked):
        text = answer.replace("\0", "")
        if text.casefold().startswith(typed.casefold()) and text != typed:
            meaning = situation.pending[number].summary.in_language(profile.language)
            result = _last_meaning(catalog, profile, text) if order else ""
            back = len(answer) - answer.index("\0") - 1 if "\0" in answer else 0
            said = f"{meaning}: {result}" if result else meaning
            found.append(Suggestion(text, cursor - len(typed), said, back=back))
    return found


def _last_meaning(catalog: Catalog, profile: Profile, answer: str) -> str:
    place = context(catalog, profile, answer, len(answer))
    value = place.parameter.values.get(place.position.typed) if place.parameter else None
    return value.in_language(profile.language) if value else ""


# -- Names


class _Names:
    """Commands by what is typed of their names."""

    def __init__(self, catalog: Catalog, profile: Profile, situation: Situation) -> None:
        self._profile = profile
        self._situation = situation
        self._chinese = profile.language.startswith("zh")
        self._usual = {name: rank for rank, name in enumerate(situation.usual)}
        self._commands: dict[str, Entry | None] = dict(_commands(catalog, profile))
        for name in situation.listed:
            self._commands.setdefault(name, None)

    def bare(self, typed: str) -> list[Suggestion]:
        """Before any AT: everything for nothing or ``a``; else the commands that a bare name may mean."""
        word = typed.strip()
        start = len(typed) - len(typed.lstrip())
        part = "" if "AT".startswith(word.upper()) else word.lstrip("+").upper()
        lower = _is_lower(word)
        return [
            Suggestion(f"AT{name}".lower() if lower else f"AT{name}", start, self._meaning(name))
            for name in self._matching(part)
        ]

    def behind_at(self, place: Context, typed: str) -> list[Suggestion]:
        where = place.position
        lower = _is_lower(typed[where.name_start :]) if where.name else _is_lower(typed)
        found = [name for name in self._matching(where.name) if name != where.name]
        if place.entry is not None:  # a whole name: what merely resembles it is not meant
            found = [name for name in found if name.startswith(where.name)]
        return [
            Suggestion(
                name.lower() if lower else name,
                where.name_start,
                self._meaning(name),
                f"at{name.lower()}" if lower else f"AT{name}",
            )
            for name in found
        ]

    def _meaning(self, name: str) -> str:
        entry = self._commands[name]
        meaning = entry.command.summary.in_language(self._profile.language) if entry else LISTED[self._chinese]
        reason = self._situation.unready.get(name)
        return f"{meaning} · {reason.in_language(self._profile.language)}" if reason else meaning

    def _matching(self, typed: str) -> list[str]:
        """Names that begin with ``typed`` (with or without its +), then those that contain it; where there are none,
        those that have its letters in order."""
        inside = typed.lstrip("+")
        ranked: list[tuple[int, int, bool, int, int, str]] = []
        for order, name in enumerate(self._commands):
            degree = _likeness(typed, inside, name)
            if degree is not None:
                unready = name in self._situation.unready
                ranked.append((*degree, unready, self._usual.get(name, len(self._usual)), order, name))
        ranked.sort()
        if not ranked or ranked[0][0] == _LOOSE:
            return [one[-1] for one in ranked[:MAX_LOOSE]]
        return [one[-1] for one in ranked if one[0] != _LOOSE]


_BEGINS, _CONTAINS, _LOOSE = range(3)


def _likeness(typed: str, inside: str, name: str) -> tuple[int, int] | None:
    """Class and degree within it, None when a name is not like what is typed."""
    upper = name.upper()
    if upper.startswith(typed) or (inside == typed and upper.startswith(f"+{inside}")):
        return _BEGINS, 0
    if len(inside) < SHORTEST_INSIDE:
        return None
    if inside in upper:
        return _CONTAINS, 0
    spread = _spread(inside, upper)
    return None if spread is None else (_LOOSE, spread)


def _spread(letters: str, name: str) -> int | None:
    """How many other letters stand between these, in order, in ``name``; None when they do not all stand there."""
    at = first = name.find(letters[0])
    for letter in letters[1:]:
        if at < 0:
            return None
        at = name.find(letter, at + 1)
    return None if at < 0 else at - first + 1 - len(letters)


def _commands(catalog: Catalog, profile: Profile) -> Iterator[tuple[str, Entry]]:
    """Names without AT; a vendor's entry hides the standard's of the same name."""
    seen: set[str] = set()
    for entry in catalog.entries(profile):
        name = entry.command.command[2:]
        # A bare "AT" is always there to be typed.
        if entry.command.kind == "command" and name and name not in seen:
            seen.add(name)
            yield name, entry


def _is_lower(text: str) -> bool:
    return any(char.islower() for char in text) and not any(char.isupper() for char in text)


# -- Forms and values


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


def _values(place: Context, profile: Profile, line: str, cursor: int, situation: Situation) -> Iterator[Suggestion]:
    typed = place.position.typed
    word = typed.removeprefix('"').casefold()
    start = cursor - len(typed)
    closed = line[cursor:].startswith('"')
    found: list[tuple[bool, Suggestion]] = []
    for offer in offers(place, profile, situation):
        bare = offer.text.removeprefix('"').removesuffix('"') if offer.text.startswith('"') else offer.text
        text = f'"{bare}"' if typed.startswith('"') else offer.text
        text = text[:-1] if closed and text.endswith('"') else text
        begins = bare.casefold().startswith(word)
        if text != typed and (begins or _inside(word, bare)):
            found.append((not begins, Suggestion(text, start, offer.meaning)))
    yield from (one for _, one in sorted(found, key=lambda ranked: ranked[0]))
    if typed or place.entry is None:
        return
    chinese = profile.language.startswith("zh")
    if place.position.index == 0 and "test" in place.entry.command.forms and not line[cursor:].strip():
        yield Suggestion("?", cursor, FORM_MEANINGS["test"][chinese], "?")
    allowed = limits(place.parameter, profile) if place.parameter else ""
    if place.parameter is not None and allowed:
        yield Suggestion("", cursor, place.parameter.summary.in_language(profile.language), allowed, hint=True)


def _inside(word: str, text: str) -> bool:
    """Part of a long text may be typed (a host), part of a number may not."""
    return len(word) >= SHORTEST_INSIDE and not word.isdecimal() and word in text.casefold()
