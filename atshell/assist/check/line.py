"""A line: its typography, then command by command."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from atshell.assist.check.arguments import check_arguments
from atshell.assist.check.caution import Asked, Caution, Subject
from atshell.assist.check.moment import check_moment
from atshell.assist.check.name import check_name, unknown_word
from atshell.assist.check.typography import straight
from atshell.assist.situation import NOTHING, Situation
from atshell.at.command import EXTENDED, PREFIX, Command, NotACommandLine, parse_line
from atshell.at.lexer import comment_start

if TYPE_CHECKING:
    from atshell.catalog.lookup import Catalog
    from atshell.catalog.profile import Profile

MOST = 12
"""Cautions about one line; nobody reads more."""
LONGEST = 8192
"""Characters; a longer line is data, and nobody types it."""


def check(
    catalog: Catalog, profile: Profile, line: str, situation: Situation = NOTHING, now: float = 0.0
) -> list[Caution]:
    """What is to be said against a line, in the order of the line. Empty for what is no command line: that is for
    others to say."""
    if len(line) > LONGEST:
        return []
    return list(islice(_check(Asked(catalog, profile, situation, now), line), MOST))


def _check(asked: Asked, line: str) -> Iterator[Caution]:
    meant, curly, full_width = straight(line)
    if PREFIX.match(meant) is None:
        return
    if curly is not None:
        yield asked.caution("curly-quote", (curly, curly + 1), found=line[curly])
    if full_width is not None:
        span = (full_width, full_width + 1)
        yield asked.caution("full-width", span, found=line[full_width], meant=meant[full_width])
    end = comment_start(meant) if "//" in meant else len(meant)
    if end < len(meant):
        yield asked.caution("comment", (end, len(meant)))
    text = meant[:end].rstrip()
    try:
        commands = parse_line(text).commands
    except NotACommandLine as error:
        yield from _unreadable(asked, text, error.offset)
        return
    yield from _commands(asked, text, commands)


_NAME = re.compile(r"[^\s;=?,\"]+")


def _commands(asked: Asked, text: str, commands: tuple[Command, ...]) -> Iterator[Caution]:
    run = 0
    """Where the basic commands that follow one another without a sign between them began: ``MIPLOPEN`` is read as
    eight of them."""
    for index, command in enumerate(commands):
        if not command.name:
            continue
        extended = EXTENDED.match(command.name) is not None
        if index == 0 or ";" in text[commands[index - 1].end : command.start]:
            run = command.start
        found, entry = check_name(asked, command)
        if entry is None and not extended:
            word = _NAME.match(text, run)
            yield from unknown_word(asked, word.group() if word else command.name, run, found)
            return
        yield from found
        if entry is not None:
            subject = Subject(asked, command, entry)
            yield from check_arguments(subject)
            yield from check_moment(subject)


def _unreadable(asked: Asked, text: str, offset: int) -> Iterator[Caution]:
    """The line can't be read: maybe a word where a sign and a name should stand."""
    prefix = PREFIX.match(text)
    word = _NAME.match(text, prefix.end()) if prefix else None
    fallback = [asked.caution("syntax", (min(offset, len(text)), len(text)))]
    if word is None or EXTENDED.match(text, word.start()):
        yield from fallback
    else:
        yield from unknown_word(asked, word.group(), word.start(), fallback)
