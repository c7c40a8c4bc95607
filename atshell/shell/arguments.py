"""What can stand behind a magic: commands and codes, URCs, the platform's words and paths, file names.

Offsets are those of the magic's argument, in which the cursor stands at the end.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from atshell.assist import complete as at_lines
from atshell.assist.complete import Suggestion

if TYPE_CHECKING:
    from atshell.assist.situation import Situation
    from atshell.catalog.lookup import Catalog
    from atshell.catalog.profile import Profile

MAX_FILES, MAX_SCANNED = 50, 2000
CAPTURES = (".pcap", ".pcapng", ".cap")


def arguments(magic: str, typed: str, catalog: Catalog, profile: Profile, situation: Situation) -> Sequence[Suggestion]:
    """Nothing for a magic that takes anything."""
    offer = _OFFERS.get(magic)
    return list(offer(typed, catalog, profile, situation)) if offer else []


_Offer = Callable[[str, "Catalog", "Profile", "Situation"], Iterator[Suggestion]]


def _commands(typed: str, catalog: Catalog, profile: Profile, situation: Situation) -> Iterator[Suggestion]:
    """A name, which needs no AT here."""
    for one in at_lines.complete(catalog, profile, typed, len(typed), situation):
        if one.text[:1] not in "=?" and "=" not in one.text:
            yield one
    yield from _urcs(typed, catalog, profile, situation)


def _lines(typed: str, catalog: Catalog, profile: Profile, situation: Situation) -> Iterator[Suggestion]:
    yield from at_lines.complete(catalog, profile, typed, len(typed), situation)
    yield from _urcs(typed, catalog, profile, situation)


def _urcs(typed: str, catalog: Catalog, profile: Profile, situation: Situation) -> Iterator[Suggestion]:
    if not typed.startswith(("+", "^", "*", "$")) or ":" in typed:
        return
    seen: set[str] = set()
    for entry in catalog.entries(profile):
        name = entry.command.command
        if entry.command.kind == "urc" and name.upper().startswith(typed.upper()) and name not in seen:
            seen.add(name)
            yield Suggestion(f"{name}:", 0, entry.command.summary.in_language(profile.language))


def _awaited(typed: str, catalog: Catalog, profile: Profile, situation: Situation) -> Iterator[Suggestion]:
    """A URC, then what its first enumerated field can say: ``+MIPLEVENT: 0,6``."""
    name, colon, values = typed.partition(":")
    if not colon:
        yield from _urcs(typed or "+", catalog, profile, situation)
        return
    entry = catalog.urc(name, profile)
    given = values.strip().split(",") if entry is not None else []
    if entry is None or " " in values.strip():
        return
    from atshell.assist.context import find_parameter, read_notation, slot_at

    for text in entry.command.forms.get("urc", ()):
        notation = read_notation(text)
        slot = slot_at(notation, len(given) - 1) if notation is not None else None
        parameter = find_parameter(entry, slot, {}) if slot is not None else None
        for value, meaning in parameter.values.items() if parameter is not None else ():
            if value.startswith(given[-1]) and value != given[-1]:
                yield Suggestion(value, len(typed) - len(given[-1]), meaning.in_language(profile.language))


def _platform(typed: str, catalog: Catalog, profile: Profile, situation: Situation) -> Iterator[Suggestion]:
    """A verb, then a path of what was registered."""
    from atshell.shell.magics.platform import OPERATIONS

    verb, blank, path = typed.partition(" ")
    if not blank:
        for name, usage in OPERATIONS.items():
            if name.startswith(verb):
                yield Suggestion(name, 0, usage)
        return
    words = OPERATIONS.get(verb, "").split()[1:]
    if " " in path or not words:
        return
    if words[0] == "PATH":
        for known, meaning in _paths(profile, situation):
            if known.startswith(path) and known != path:
                yield Suggestion(known, len(verb) + 1, meaning)
    else:
        for word in words[0].split("|"):
            if word.startswith(path) and word != path:
                yield Suggestion(word, len(verb) + 1)


def _paths(profile: Profile, situation: Situation) -> Iterator[tuple[str, str]]:
    for object_ in situation.values.get("objid", ()):
        if object_.commands:
            continue
        yield f"/{object_.value}", object_.meaning.in_language(profile.language)
        of_object = {"objid": object_.value}
        for instance in situation.values.get("insid", ()):
            if dict(instance.when) != of_object:
                continue
            yield f"/{object_.value}/{instance.value}", object_.meaning.in_language(profile.language)
            for resource in situation.values.get("resid", ()):
                if dict(resource.when) == of_object:
                    path = f"/{object_.value}/{instance.value}/{resource.value}"
                    yield path, resource.meaning.in_language(profile.language)


def _strict(typed: str, catalog: Catalog, profile: Profile, situation: Situation) -> Iterator[Suggestion]:
    for word in ("on", "off"):
        if word.startswith(typed) and word != typed:
            yield Suggestion(word, 0)


def _fault(typed: str, catalog: Catalog, profile: Profile, situation: Situation) -> Iterator[Suggestion]:
    """Word by word; behind some of them a command or URC that is to be hit."""
    from atshell.emulator.faults.kinds import COMMAND, URC
    from atshell.emulator.faults.offers import offers, subject_after

    before, blank, word = typed.rpartition(" ")
    chinese = profile.language.startswith("zh")
    words = [("off", "take it away: all, or the Nth", "取消全部或第 N 个"), ("help", "all there is", "全部说明")]
    for text, en, zh in (*offers(before), *(() if blank else words)):
        if text.startswith(word.lower()) and text != word:
            yield Suggestion(text, len(typed) - len(word), zh if chinese else en)
    about = subject_after(before)
    if about == COMMAND and word:
        for one in _commands(word, catalog, profile, situation):
            if ":" not in one.text:
                yield replace(one, start=one.start + len(typed) - len(word))
    elif about == URC and word:
        for one in _urcs(word, catalog, profile, situation):
            yield replace(one, text=one.text.rstrip(":"), start=len(typed) - len(word))


def _captures(typed: str, catalog: Catalog, profile: Profile, situation: Situation) -> Iterator[Suggestion]:
    word = typed.rpartition(" ")[2]
    for name in files(word, CAPTURES):
        yield Suggestion(name, len(typed) - len(word))


def files(word: str, endings: Sequence[str]) -> list[str]:
    """Folders and files with one of these endings that begin with ``word``; a folder ends in ``/``."""
    folder, _, begin = word.rpartition("/")
    written = f"{folder}/" if "/" in word else ""
    found: list[str] = []
    try:
        with os.scandir(os.path.expanduser(written) or ".") as entries:
            for count, entry in enumerate(entries):
                if count >= MAX_SCANNED:
                    break
                if not entry.name.startswith(begin) or (entry.name.startswith(".") and not begin):
                    continue
                if entry.is_dir():
                    found.append(f"{written}{entry.name}/")
                elif entry.name.lower().endswith(tuple(endings)):
                    found.append(written + entry.name)
    except (OSError, ValueError):
        return []
    return sorted(name for name in found if " " not in name and name.isprintable())[:MAX_FILES]


_OFFERS: dict[str, _Offer] = {
    "help": _commands,
    "explain": _lines,
    "wait": _awaited,
    "platform": _platform,
    "strict": _strict,
    "fault": _fault,
    "timeline": _captures,
}
