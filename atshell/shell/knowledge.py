"""What a session knows by now: what has happened, what the packs and the manuals make of it, what was learned from the
module. Completion, the check and the toolbar ask here; the engine tells what happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from atshell.assist.complete import ready_answers
from atshell.assist.situation import Follower, Situation, merged
from atshell.errors import AtshellError
from atshell.shell.happenings import Happenings
from atshell.shell.learning import PATIENCE, Learning, Send, learned_folder
from atshell.shell.memory import Memory
from atshell.shell.service import line_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from atshell.assist.complete import Suggestion
    from atshell.catalog.lookup import Catalog
    from atshell.catalog.profile import Profile
    from atshell.host import Host


class Knowledge:
    """``now`` gives session seconds. ``keeps``: what is learned is kept for the next session."""

    def __init__(self, host: Host, profile: Profile, now: Callable[[], float], *, keeps: bool) -> None:
        self.happenings = Happenings()
        self._host = host
        self._profile = profile
        self._now = now
        self._learning = Learning(host.catalog, profile, learned_folder() if keeps else None)
        self._memory = Follower(lambda: Memory(host.catalog, profile))
        self._known: tuple[object, int, Situation] | None = None

    @property
    def catalog(self) -> Catalog:
        """The manuals, and what was learned from this module."""
        return self._learning.catalog

    @property
    def situation(self) -> Situation:
        """Read again when something has happened."""
        happenings = self.happenings.all
        if self._known is None or self._known[0] is not happenings or self._known[1] != len(happenings):
            packs = self._host.situation(happenings, self._profile)
            known = merged([packs, self._memory.read(happenings).situation()])
            self._known = (happenings, len(happenings), known)
        return self._known[2].at(self._now())

    def ready_answer(self, typed: str) -> Suggestion | None:
        """A whole line that answers the request which has waited longest, where ``typed`` is how it begins."""
        found = ready_answers(self.catalog, self._profile, typed, len(typed), self.situation)
        return found[0] if found else None

    def unknown(self, cell: str, cursor: int) -> str:
        """The command under the cursor that only the module can tell about; named once, "" otherwise."""
        line, start = line_at(cell, cursor)
        return "" if line.lstrip().startswith("%") else self._learning.unknown(line, cursor - start)

    async def learn(self, name: str, send: Send) -> bool:
        """Ask the module for a command; True when there is something new to know."""
        try:
            return await self._learning.ask(name, send)
        except AtshellError:
            return False  # the link is lost, which is told elsewhere


__all__ = ["PATIENCE", "Knowledge"]
