"""The check before a line is sent, as the shell shows it: what was said already, what is held back, what failed.

Warnings never stop a line by themselves. After ``%strict on`` a cell with a warning is held: nothing of it is sent, and
its warnings are shown with a question. An empty line (Enter in the terminal) or the same cell once more (in a notebook:
run it again) sends it; anything else drops it. A whole cell is held, not a line of it, so that nothing is sent twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from atshell.assist.check import Caution, check
from atshell.assist.situation import NOTHING
from atshell.shell.cell import read_cell
from atshell.shell.layout import WIDTH, joined, row
from atshell.shell.result import Result

if TYPE_CHECKING:
    from atshell.assist.situation import Situation
    from atshell.catalog.lookup import Catalog
    from atshell.catalog.profile import Profile
    from atshell.session.exchange import Exchange
    from atshell.styled import Fragments

WITH_FIX = frozenset(
    {"unknown", "misspelt", "model", "firmware", "form", "curly-quote", "full-width", "comment", "not-waiting"}
)
"""Rules whose text alone does not show what to do; of the others it would say it twice."""
QUESTION = (
    "not sent: press Enter, or run the same once more, to send it; %strict off stops asking",
    "未发送：按回车或再次运行即发送；%strict off 关闭询问",
)
MAX_SAID = 1024
"""Notes that are remembered; a session that knows more commands may hear one again."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A command that did not succeed, with what the check had to say of it."""

    exchange: Exchange
    """As it may be shown: secrets masked."""
    line: str
    """As it was checked."""
    cautions: tuple[Caution, ...]


class Checker:
    """The checks of one session."""

    def __init__(self, catalog: Catalog) -> None:
        self.strict = False
        """Ask before a line with a warning is sent."""
        self.catalog = catalog
        """To be replaced when the shell learns more commands."""
        self._said: dict[tuple[str, str], None] = {}
        """Notes that were shown: rule and text."""
        self._held = ""
        self._asked: frozenset[Caution] = frozenset()
        """What the question that this cell answers has shown."""
        self._line = ""
        self._cautions: tuple[Caution, ...] = ()
        self._failure: Failure | None = None

    @property
    def failure(self) -> Failure | None:
        """The last command that failed."""
        return self._failure

    # -- Before

    def warnings(
        self, line: str, profile: Profile, situation: Situation = NOTHING, now: float = 0.0, *, width: int = WIDTH
    ) -> list[Result]:
        """What to show before this line is sent; it is remembered for ``%why``."""
        cautions = check(self.catalog, profile, line, situation, now)
        self._line, self._cautions = line, tuple(cautions)
        warnings = [one for one in cautions if one.severity == "warning"]
        unseen = [one for one in warnings if one not in self._asked]
        results = [_shown(unseen, width)] if unseen else []
        # Of a line that will hardly be taken, what it would leave behind is of no interest.
        notes = [] if warnings else self._new(cautions)
        return results + ([_noted(notes)] if notes else [])

    def _new(self, cautions: Sequence[Caution]) -> list[Caution]:
        new = [one for one in cautions if (one.rule, one.text) not in self._said]
        self._said.update({(one.rule, one.text): None for one in new})
        while len(self._said) > MAX_SAID:
            del self._said[next(iter(self._said))]
        return new

    # -- Strict

    def asks(self, cautions: Sequence[Caution]) -> bool:
        """True when a line with these is not to be sent without a question."""
        return self.strict and any(one.severity == "warning" for one in cautions)

    def released(self, cell: str) -> str:
        """The cell to run: the one that is held when an empty one says so."""
        return self._held if self._held and not cell.strip() else cell

    def hold(
        self, cell: str, profile: Profile, situation: Situation = NOTHING, now: float = 0.0, *, width: int = WIDTH
    ) -> list[Result]:
        """The warnings and the question to show instead of running the cell; empty to run it.

        What the session knows is asked for the first line alone: the lines before change it for those behind.
        """
        confirmed, self._held = bool(self._held) and cell.strip() == self._held.strip(), ""
        self._asked = frozenset()
        if not self.strict:
            return []
        lines = [line.text for line in read_cell(cell) if line.kind == "at"]
        checked = [
            check(self.catalog, profile, line, NOTHING if index else situation, now) for index, line in enumerate(lines)
        ]
        wrong = [one for cautions in checked for one in cautions if self.asks([one])]
        if not wrong:
            return []
        if confirmed:
            self._asked = frozenset(wrong)
            return []
        self._held = cell
        question = QUESTION[profile.language.startswith("zh")]
        return [_shown(wrong, width), Result([("note", question)], "note")]

    # -- After

    def ended(self, exchange: Exchange) -> None:
        """The line that was checked last has its answer, secrets masked."""
        if not exchange.ok:
            self._failure = Failure(exchange, self._line, self._cautions)


def _shown(cautions: Sequence[Caution], width: int) -> Result:
    rows: list[Fragments] = [
        row("warning", f" ! {one.text}", one.fix if one.rule in WITH_FIX else "", width=width) for one in cautions
    ]
    return Result(joined(rows), "warning", [asdict(one) for one in cautions])


def _noted(notes: Sequence[Caution]) -> Result:
    text = " · ".join(dict.fromkeys(one.text for one in notes))
    return Result([("note", f" · {text}")], "note", [asdict(one) for one in notes])
