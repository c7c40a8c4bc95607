"""What the manuals say about a command, a URC, an error code or a topic."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from atshell.cli.output import add_output_arguments, language, write_lines
from atshell.errors import AtshellError
from atshell.styled import visible

if TYPE_CHECKING:
    from atshell.catalog.lookup import Catalog, Entry
    from atshell.catalog.profile import Profile

FOUND, NOT_FOR_THIS_MODEL = 0, 1
_WIDEST = 110
"""Columns: longer lines are hard to read."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("command", metavar="COMMAND|CODE|TOPIC", help="AT+MIPLOPEN, miplopen, +MIPLREAD, 602, dtls")
    parser.add_argument("--model", metavar="M", help="only what applies to this model (see atshell models)")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    add_output_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    from atshell.catalog.profile import Profile
    from atshell.host import host

    catalog = host().catalog
    model = catalog.model(arguments.model).model if arguments.model else ""
    profile = Profile(model, language=language(arguments))
    asked: str = arguments.command.strip()
    if not asked:
        raise AtshellError("nothing to look up", "name a command, a URC, an error code or a topic")
    if asked.isascii() and asked.isdigit():
        return _code(catalog, asked, profile, arguments)
    if catalog.topics(asked):
        return _topic(catalog, asked, profile, arguments)
    return _command(catalog, asked, profile, arguments)


def _command(catalog: Catalog, asked: str, profile: Profile, arguments: argparse.Namespace) -> int:
    from atshell.assist.manual import entry_record, page

    found = catalog.named(asked, profile)
    if not found:
        elsewhere = catalog.named(asked)
        if not elsewhere:
            raise AtshellError(f"no manual has {asked!r}", _did_you_mean(catalog, asked))
        return _deny(elsewhere[0].command.command, profile, (model for entry in elsewhere for model in entry.models))
    if profile.model:
        found = _first_of_each_kind(found)
    if arguments.format == "json":
        _write_json([entry_record(entry, catalog) for entry in found], alone=bool(profile.model))
    else:
        for entry in found:
            write_lines([page(entry, profile, width=page_width())] + [[]] * (entry is not found[-1]), arguments)
    return FOUND


def _first_of_each_kind(entries: Sequence[Entry]) -> list[Entry]:
    """The vendor's word for a model, where a standard has the command too; a URC beside the command of its name."""
    first = {entry.command.kind: entry for entry in reversed(entries)}
    return [entry for entry in entries if first[entry.command.kind] is entry]


def _code(catalog: Catalog, code: str, profile: Profile, arguments: argparse.Namespace) -> int:
    from atshell.assist.manual import error_page, error_record

    found = catalog.errors(code, profile)
    if not found:
        elsewhere = catalog.errors(code)
        if not elsewhere:
            raise AtshellError(f"no manual has the error code {code}", "atshell doc AT+CMEE tells how errors look")
        return _deny(f"error code {code}", profile, (model.model for manual, _ in elsewhere for model in manual.models))
    found = found[:1] if profile.model else found
    if arguments.format == "json":
        records = [error_record(code, manual, meaning) for manual, meaning in found]
        _write_json(records, alone=bool(profile.model))
    else:
        write_lines((error_page(code, *one, profile, width=page_width()) for one in found), arguments)
    return FOUND


def _topic(catalog: Catalog, name: str, profile: Profile, arguments: argparse.Namespace) -> int:
    from atshell.assist.topic import topic_page, topic_record

    found = catalog.topics(name, profile)
    if not found:
        elsewhere = catalog.topics(name)
        return _deny(f"the topic {name}", profile, (model for page in elsewhere for model in page.models))
    if arguments.format == "json":
        _write_json([topic_record(page) for page in found], alone=bool(profile.model))
    else:
        for page in found:
            write_lines([topic_page(page, profile, width=page_width())] + [[]] * (page is not found[-1]), arguments)
    return FOUND


def _write_json(records: Sequence[dict[str, object]], *, alone: bool) -> None:
    """A list; with a model the one object that there is."""
    import msgspec

    shown = records[0] if alone and len(records) == 1 else records
    print(msgspec.json.format(msgspec.json.encode(shown), indent=2).decode())


def _deny(what: str, profile: Profile, having: Iterable[str]) -> int:
    others = ", ".join(dict.fromkeys(having))
    print(visible(f"atshell: {profile.model} does not have {what}: {others} have it"), file=sys.stderr)
    return NOT_FOR_THIS_MODEL


def _did_you_mean(catalog: Catalog, asked: str) -> str:
    from atshell.catalog.nearest import nearest

    near = nearest(asked.casefold(), catalog.topic_names(), limit=1) or catalog.near(asked)
    topics = ", ".join(catalog.topic_names())
    return f"did you mean {' or '.join(near)}?" if near else f"a command, a URC, an error code or a topic ({topics})"


def page_width() -> int:
    """How wide a page may be: the terminal, where there is one."""
    return min(shutil.get_terminal_size((100, 24)).columns, _WIDEST)
