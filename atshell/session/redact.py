"""Which values of a line are secret: the catalog marks the parameters (``<PSK>``, ``<password>``).

Command lines are masked by position, and the values found become known to the session's ``Mask``, so that echoes and
answers are masked too. Answers that print secrets (``+MIPLDEVINFO``) are read by the notations of their responses.
In doubt a value is masked: too much hidden can be asked for again, a key that was shown cannot be taken back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from atshell.at.command import EXTENDED, NotACommandLine, parse_line
from atshell.at.reply import parse_information
from atshell.at.syntax import Argument, parse_arguments
from atshell.catalog.notation import BadNotation, Notation, parse_notation
from atshell.catalog.profile import Profile, holds
from atshell.transcript.redact import Mask, Reveals, masked

if TYPE_CHECKING:
    from atshell.catalog.lookup import Catalog, Entry

SHORT = 4
"""A shorter secret is only masked in its own line: as a word it stands everywhere."""
_UNREADABLE = re.compile(rf"\s*AT\s*({EXTENDED.pattern})\s*=", re.IGNORECASE)


def secrets_of(line: str, catalog: Catalog, profile: Profile = Profile()) -> tuple[str, ...]:
    """The secret values in a command line, as they stand there without quotes."""
    return tuple(line[start:end] for start, end in _secret_spans(line, catalog, profile))


def mask(line: str, catalog: Catalog, profile: Profile = Profile()) -> str:
    """The command line with its secrets masked: ``AT+QDMPCFG=2,"M100000089","95Go****"``."""
    shown, at = "", 0
    for start, end in _secret_spans(line, catalog, profile):
        shown += line[at:start] + masked(line[start:end])
        at = end
    return shown + line[at:]


def remember(line: str, known: Mask, catalog: Catalog, profile: Profile = Profile()) -> None:
    """Make ``known`` mask the secrets of a command line, wherever they come again."""
    for secret in secrets_of(line, catalog, profile):
        if len(secret) >= SHORT:
            known.add(secret)
            known.add(_wire(secret))
        else:
            known.add(line, mask(line, catalog, profile))
            known.add(_wire(line), _wire(mask(line, catalog, profile)))


def reveals(catalog: Catalog, profile: Profile = Profile()) -> Reveals:
    """The answers that print secrets."""
    found: dict[str, list[tuple[Entry, Notation]]] = {}
    for entry in catalog.entries(profile):
        if any(parameter.secret for parameter in entry.command.parameters):
            for notation in _response_notations(entry):
                if notation.head and any(_secret_slots(entry, notation)):
                    found.setdefault(notation.head.upper(), []).append((entry, notation))

    def secrets(line: str) -> Iterator[str]:
        information = parse_information(line)
        for entry, notation in found.get(information.prefix.upper(), ()):
            if _literals_fit(notation, information.values):
                for argument, secret in zip(information.values, _secret_slots(entry, notation), strict=False):
                    if secret and len(argument.text) >= SHORT:
                        yield argument.text

    return Reveals(tuple(found), secrets)


def _secret_spans(line: str, catalog: Catalog, profile: Profile) -> Iterator[tuple[int, int]]:
    for name, arguments in _commands(line):
        entry = catalog.find(f"AT{name}", profile)
        if entry is None or not any(parameter.secret for parameter in entry.command.parameters):
            continue
        is_secret = _positions(entry, arguments)
        for index, argument in enumerate(arguments):
            start, end = argument.start, argument.end
            start += line.startswith('"', start)
            end -= argument.quoted and argument.closed
            if start < end and is_secret(index):
                yield start, end


def _commands(line: str) -> Iterator[tuple[str, Sequence[Argument]]]:
    try:
        for command in parse_line(line).commands:
            yield command.name, command.arguments
    except NotACommandLine:
        # A secret in a line with a mistake is one all the same.
        if match := _UNREADABLE.match(line):
            yield match.group(1).upper(), parse_arguments(line, match.end())


def _positions(entry: Entry, arguments: Sequence[Argument]) -> Callable[[int], bool]:
    """Tells of each position whether a secret stands there, by any of the command's notations or by the order of
    the parameters that apply (a generic notation, ``<parameter1>``, names none of them)."""
    notations = [notation for text in entry.command.forms.get("write", ()) if (notation := _read(text)) is not None]
    fitting = [notation for notation in notations if _literals_fit(notation, arguments)]
    by_name = [_secret_slots(entry, notation) for notation in fitting]
    in_order = _secrets_in_order(entry, arguments)

    def is_secret(index: int) -> bool:
        return index in in_order or any(index < len(slots) and slots[index] for slots in by_name)

    return is_secret


def _secrets_in_order(entry: Entry, arguments: Sequence[Argument]) -> frozenset[int]:
    values: dict[str, str] = {}
    secret = set()
    for index, argument in enumerate(arguments):
        asked = [p for p in entry.command.parameters if p.place == "request" and holds(p.when, values)]
        if index < len(asked):
            values[asked[index].name] = argument.text
            if asked[index].secret:
                secret.add(index)
    return frozenset(secret)


def _secret_slots(entry: Entry, notation: Notation) -> list[bool]:
    secret = {parameter.name for parameter in entry.command.parameters if parameter.secret}
    return [not slot.literal and slot.name.strip("<> ") in secret for slot in notation.slots]


def _literals_fit(notation: Notation, arguments: Sequence[Argument]) -> bool:
    """Whether the values that the notation prints (``+QDMPCFG: 2,<APP_key>``) are these."""
    return all(
        not slot.literal or slot.name.strip().strip('"').casefold() == argument.text.casefold()
        for slot, argument in zip(notation.slots, arguments, strict=False)
    )


def _response_notations(entry: Entry) -> Iterator[Notation]:
    lines: Iterable[str] = (
        line for responses in entry.command.responses.values() for response in responses for line in response.lines
    )
    for text in (*lines, *entry.command.forms.get("urc", ())):
        notation = _read(text)
        if notation is not None:
            yield notation


def _read(text: str) -> Notation | None:
    try:
        return parse_notation(text)
    except BadNotation:
        return None


def _wire(text: str) -> str:
    return text.encode("utf-8", "replace").decode("latin-1")
