"""How long to wait for an answer: the manual's maximum response time of each command on the line.

The commands of one line are carried out one after the other (V.250 5.2.1), so their times add up. The manuals' times
are the module's own; a second at least is waited, in which a slow link (9600 baud) carries a long answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from atshell.at.command import NotACommandLine, parse_line
from atshell.catalog.profile import Profile

if TYPE_CHECKING:
    from atshell.catalog.lookup import Catalog

DEFAULT = 10.0
"""Seconds for a command of which no manual says a time."""
LEAST = 1.0


def timeout_of(line: str, catalog: Catalog | None = None, profile: Profile = Profile()) -> float:
    """Seconds to wait for the final result of ``line``."""
    try:
        names = [command.name for command in parse_line(line).commands]
    except NotACommandLine:
        names = []
    times = [_maximum(name, catalog, profile) for name in names]
    known = [time for time in times if time is not None]
    # One default covers all commands that no manual times: lines of many basic commands are quick.
    return max(sum(known) + (DEFAULT if len(known) < len(times) or not times else 0.0), LEAST)


def _maximum(name: str, catalog: Catalog | None, profile: Profile) -> float | None:
    entry = catalog.find(f"AT{name}", profile) if catalog is not None else None
    milliseconds = entry.command.max_response_ms if entry is not None else None
    return None if milliseconds is None else milliseconds / 1000
