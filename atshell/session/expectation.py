"""From a command line and the catalog to what its answer may carry.

An answer's lines begin with the command's own name, or with what the catalog's response notations and examples say
(``AT+MIPLMGR`` answers with ``+MIPLREAD``). What a manual lists as the command's URCs comes after the final result and
is no answer, unless an example shows it before. All spellings that manuals print belong to a prefix. Without a catalog,
and for commands that it does not know, everything that may be an answer is one: the own name, and lines without a
prefix.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from atshell.at.command import EXTENDED, Command, Form, NotACommandLine, parse_line
from atshell.at.reply import parse_final
from atshell.at.stream import Expectation
from atshell.catalog.profile import Profile

if TYPE_CHECKING:
    from atshell.catalog.lookup import Catalog, Entry
    from atshell.catalog.model import Response

Expect = Callable[[str], Expectation]

_SILENT = frozenset({"", "A", "D", "E", "H", "L", "M", "O", "P", "Q", "T", "V", "X", "Z", "&C", "&D", "&F", "&K", "&W"})
"""Basic commands that answer with a final result alone (V.250 6.1 to 6.3)."""
_REGISTRATION = frozenset({"+CREG", "+CGREG", "+CEREG", "+C5GREG"})
"""Their read forms answer with one line that looks like their URC (27.007 7.2, 10.1.20, 10.1.22, 10.1.47)."""
_PREFIX = re.compile(r"[\[\s]*([+^*%$#!@][A-Za-z0-9][A-Za-z0-9!%._-]*)\s*[:=]")


def expectations(catalog: Catalog | None = None, profile: Profile = Profile()) -> Expect:
    """What ``ExchangeMachine`` and ``reread.read`` ask for each line."""
    return lambda line: expectation(line, catalog, profile)


def expectation(line: str, catalog: Catalog | None = None, profile: Profile = Profile()) -> Expectation:
    """What may answer ``line``. Never fails."""
    try:
        commands = parse_line(line).commands
    except NotACommandLine:
        names = frozenset(name.upper() for name in EXTENDED.findall(line))
        return Expectation(line, names, free_text=True)
    answers = [_answer(command, catalog, profile) for command in commands]
    prefixes = frozenset(prefix for answer in answers for prefix in answer.prefixes)
    several = frozenset(prefix for answer in answers if not answer.once for prefix in answer.prefixes)
    return Expectation(line, prefixes, prefixes - several, free_text=any(answer.free_text for answer in answers))


def numeric(line: str, before: bool) -> tuple[bool, bool]:
    """Whether the results of ``line`` may be numbers, and whether later ones are, when they were so ``before``.

    ``ATV`` acts on its own result code already (V.250 6.2.6); ``ATZ`` and ``AT&F`` bring words back. While in doubt
    both are taken, which loses nothing.
    """
    try:
        commands = parse_line(line).commands
    except NotACommandLine:
        return before, before
    now, later = before, before
    for command in commands:
        if command.name == "V" and command.form is Form.EXECUTE:
            later = not command.arguments or command.arguments[0].text.strip("0") == ""
        elif command.name in ("Z", "&F"):
            later = False
        now |= later
    return now, later


@dataclass(frozen=True, slots=True)
class _Answer:
    prefixes: frozenset[str]
    once: bool = False
    """One line at most; a second one is a URC."""
    free_text: bool = False


def _answer(command: Command, catalog: Catalog | None, profile: Profile) -> _Answer:
    own = frozenset({command.name} if EXTENDED.fullmatch(command.name) else ())
    entry = catalog.find(f"AT{command.name}", profile) if catalog is not None else None
    if catalog is None or entry is None or entry.command.kind != "command":
        once = command.form is Form.READ and command.name in _REGISTRATION
        return _Answer(own, once, free_text=command.name not in _SILENT)
    responses = entry.command.responses.get(command.form.value, [])
    lines = [*_noted(responses), *_shown(entry, command.form)]
    if _answers_with_its_urcs(entry, lines):
        lines += [f"{prefix}:" for prefix in entry.command.urcs]
    prefixes = frozenset(prefix for line in lines if (prefix := _prefix(line))) - _later(entry, lines)
    own = own if _may_answer_as_itself(command, entry, catalog, profile) else frozenset()
    spelled = {spelling for prefix in prefixes | own for spelling in _spellings(prefix, catalog, profile)}
    return _Answer(
        prefixes | own | spelled,
        once=_comes_once(command, responses, catalog, profile),
        free_text=_has_free_text(command, entry, lines),
    )


def _noted(responses: Iterable[Response]) -> list[str]:
    return [line for response in responses for text in response.lines for line in re.split(r"<CR><LF>|[\r\n]+", text)]


def _shown(entry: Entry, form: Form) -> Iterator[str]:
    """The lines before the final result in the manual's examples of this form."""
    for example in entry.command.examples:
        if len(example.send) != 1 or not _is_form(example.send[0], form):
            continue
        final = next((n for n, line in enumerate(example.receive) if parse_final(line.strip())), 0)
        yield from (line for line in example.receive[:final] if line.strip() != example.send[0])


def _is_form(line: str, form: Form) -> bool:
    try:
        return [command.form for command in parse_line(line).commands] == [form]
    except NotACommandLine:
        return False


def _prefix(line: str) -> str:
    """``+CSQ`` of a notation or an answer, upper case; "" when it has none."""
    match = _PREFIX.match(line)
    return match.group(1).upper() if match else ""


def _answers_with_its_urcs(entry: Entry, lines: Iterable[str]) -> bool:
    """An example shows one of the command's URCs before the final result: then all may stand there."""
    urcs = {prefix.upper() for prefix in entry.command.urcs}
    return entry.command.command.removeprefix("AT") not in urcs and any(_prefix(line) in urcs for line in lines)


def _later(entry: Entry, lines: Iterable[str]) -> frozenset[str]:
    """The command's URCs that come behind the final result only."""
    if _answers_with_its_urcs(entry, lines):
        return frozenset()
    return frozenset(prefix.upper() for prefix in entry.command.urcs) - {_prefix(line) for line in lines}


def _may_answer_as_itself(command: Command, entry: Entry, catalog: Catalog, profile: Profile) -> bool:
    """False for a command of the same name as a URC in a form that is known to answer ``OK`` alone."""
    answers = command.form in (Form.TEST, Form.READ) or command.form.value not in entry.command.forms
    return answers or catalog.urc(command.name, profile) is None


def _spellings(prefix: str, catalog: Catalog, profile: Profile) -> Iterator[str]:
    for entry in (catalog.urc(prefix, profile), catalog.find(prefix, profile)):
        if entry is not None:
            yield entry.command.command.removeprefix("AT").upper()
            for erratum in entry.command.errata:
                yield from (spelling.upper().removeprefix("AT") for spelling in erratum.spellings)


def _comes_once(command: Command, responses: list[Response], catalog: Catalog, profile: Profile) -> bool:
    """A read form whose line is also a URC, and of which the manual does not show several lines."""
    if command.form not in (Form.READ, Form.TEST):
        return False
    if command.name not in _REGISTRATION and catalog.urc(command.name, profile) is None:
        return False
    own = [[_prefix(line) for line in _noted([response])].count(command.name) for response in responses]
    repeats = any("..." in line or "…" in line for line in _noted(responses))
    return not repeats and max(own, default=1) <= 1


def _has_free_text(command: Command, entry: Entry, lines: Iterable[str]) -> bool:
    """A line of the answer has no prefix, or the manual does not know this form."""
    known = command.form.value in entry.command.forms
    return any(line.strip() and not _prefix(line) for line in lines) if known else command.name not in _SILENT
