"""The language service as front doors ask it: over cells of several lines, the shell's own commands included."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from atshell.assist import complete as at_lines
from atshell.assist import explain
from atshell.assist.complete import Suggestion
from atshell.assist.situation import NOTHING
from atshell.at.lexer import position
from atshell.shell.magics import MAGICS
from atshell.styled import Fragments

if TYPE_CHECKING:
    from atshell.assist.explain import Signature
    from atshell.assist.situation import Situation
    from atshell.catalog.lookup import Catalog
    from atshell.catalog.profile import Profile


def line_at(cell: str, cursor: int) -> tuple[str, int]:
    """The line that the cursor is in, and where it begins."""
    cursor = max(0, min(cursor, len(cell)))
    start = cell.rfind("\n", 0, cursor) + 1
    end = cell.find("\n", cursor)
    return cell[start : len(cell) if end < 0 else end], start


def complete(
    catalog: Catalog, profile: Profile, cell: str, cursor: int, situation: Situation = NOTHING
) -> Sequence[Suggestion]:
    """What could stand at the cursor; offsets are the cell's."""
    cursor = max(0, min(cursor, len(cell)))
    line, start = line_at(cell, cursor)
    inside = cursor - start
    if line.lstrip().startswith("%"):
        found: Sequence[Suggestion] = list(_magic(catalog, profile, line[:inside], situation))
    else:
        found = at_lines.complete(catalog, profile, line, inside, situation)
    return [replace(suggestion, start=suggestion.start + start) for suggestion in found]


def _magic(catalog: Catalog, profile: Profile, typed: str, situation: Situation) -> Iterator[Suggestion]:
    start = typed.index("%") + 1 if "%" in typed else len(typed)
    name, blank, argument = typed[start:].partition(" ")
    if not blank:
        for magic in MAGICS.values():
            if magic.name.startswith(name.lower()):
                yield Suggestion(magic.name, start, magic.summary(profile.language), magic.usage)
        return
    from atshell.shell.arguments import arguments

    word = argument.lstrip()
    for one in arguments(name, word, catalog, profile, situation):
        yield replace(one, start=one.start + len(typed) - len(word))


def signature(catalog: Catalog, profile: Profile, cell: str, cursor: int) -> Signature | None:
    """The command under the cursor and its current parameter; of a magic its use."""
    line, start = line_at(cell, cursor)
    if line.lstrip().startswith("%"):
        magic = MAGICS.get(line.lstrip()[1:].partition(" ")[0].strip())
        if magic is None:
            return None
        return explain.Signature(magic.usage, None, "", magic.summary(profile.language))
    return explain.signature(catalog, profile, line, cursor - start)


def inspected(cell: str, cursor: int) -> str:
    """The name of what stands under the cursor, "" for nothing."""
    line, start = line_at(cell, cursor)
    stripped = line.lstrip()
    if stripped.startswith("%"):
        return stripped[1:].partition(" ")[2].strip()
    place = position(line, explain.end_of_word(line, min(cursor - start, len(line))))
    if place.name:
        return f"AT{place.name}"
    return stripped.partition(":")[0]


def manual(catalog: Catalog, profile: Profile, name: str, width: int) -> Fragments | None:
    """The manual's page on a command, a URC or an error code."""
    from atshell.assist.manual import error_page, page

    found = catalog.lookup(name, profile)
    if found:
        return page(found[0], profile, width=width)
    known = catalog.error(name, profile)
    return error_page(name, *known, profile, width=width) if known else None
