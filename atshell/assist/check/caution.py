"""What a check has to say, and how it is put together: a rule's words, filled with the facts of the line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from atshell.assist.check.words import FIXES, TEXTS
from atshell.assist.context import read_notation
from atshell.at.command import Form

if TYPE_CHECKING:
    from atshell.assist.situation import Situation
    from atshell.at.command import Command
    from atshell.at.syntax import Argument
    from atshell.catalog.lookup import Catalog, Entry
    from atshell.catalog.model import FormName, Parameter
    from atshell.catalog.notation import Notation
    from atshell.catalog.profile import Profile

Severity = Literal["warning", "note"]
"""A warning: the module will hardly take the line, or do something else than is meant. A note: good to know."""

FORMS: dict[Form, FormName] = {
    Form.TEST: "test",
    Form.READ: "read",
    Form.WRITE: "write",
    Form.EXECUTE: "execute",
}
MAX_COUNT = 64
"""Arguments that are looked at: no notation has as many."""
SHOWN = 40
"""Characters of a value that are repeated in a text."""


@dataclass(frozen=True, slots=True)
class Caution:
    """One thing about a line; ``line[start:end]`` is what it is about."""

    text: str
    """What is wrong and which section says so, in the profile's language."""
    severity: Severity
    start: int
    end: int
    rule: str
    """``range``, ``unknown`` … (``words.TEXTS`` has them all)."""
    section: str = ""
    manual: str = ""
    """The manual's id; "" for what no manual says."""
    fix: str = ""
    """What to do about it, in the profile's language."""


@dataclass(frozen=True, slots=True)
class Asked:
    """For whom and when a line is checked."""

    catalog: Catalog
    profile: Profile
    situation: Situation
    now: float
    """Session seconds."""

    @property
    def chinese(self) -> bool:
        return self.profile.language.startswith("zh")

    def caution(
        self,
        rule: str,
        span: tuple[int, int],
        *,
        severity: Severity = "warning",
        section: str = "",
        manual: str = "",
        reason: str = "",
        **facts: object,
    ) -> Caution:
        """The words of ``rule`` with these facts; ``reason`` and the section stand in parentheses behind them."""
        text = TEXTS[rule][self.chinese].format(**facts)
        source = [part for part in (reason, f"§{section}" if section else "") if part]
        if source:
            text += ("（{}）" if self.chinese else " ({})").format(("，" if self.chinese else ", ").join(source))
        fix = FIXES[rule][self.chinese].format(**facts) if rule in FIXES else ""
        return Caution(text, severity, *span, rule, section, manual, fix)


@dataclass(frozen=True, slots=True)
class Subject:
    """A command of the line that a manual knows."""

    asked: Asked
    command: Command
    entry: Entry

    @property
    def name(self) -> str:
        return self.entry.command.command

    @property
    def standard(self) -> bool:
        """True when the manual is a standard, which modules take with liberties."""
        return not self.entry.manual.models

    @property
    def learned(self) -> bool:
        """True for what no document says, but the module's own answer to a test command: that is short of words."""
        return not self.entry.command.section

    @property
    def span(self) -> tuple[int, int]:
        """Of the command's name."""
        return self.command.start, self.command.start + len(self.command.name)

    @property
    def form(self) -> FormName:
        return FORMS[self.command.form]

    def notations(self) -> list[Notation]:
        """Of the form that the line has."""
        texts = self.entry.command.forms.get(self.form, ())
        return [notation for text in texts if (notation := read_notation(text)) is not None]

    def named(self, notation: Notation) -> dict[str, str]:
        """The arguments by the names of their parameters."""
        texts = [argument.text for argument in self.command.arguments[:MAX_COUNT]]
        placed = zip(self.entry.placed(notation, texts), texts, strict=True)
        return {parameter.name: text for parameter, text in placed if parameter is not None}

    def caution(
        self,
        rule: str,
        span: tuple[int, int],
        parameter: Parameter | None = None,
        *,
        severity: Severity = "warning",
        reason: str = "",
        **facts: object,
    ) -> Caution:
        """With the section of the parameter or the command; ``name`` is the parameter's when there is one."""
        section = (parameter.section if parameter else None) or self.entry.command.section
        facts.setdefault("name", parameter.name if parameter else self.name)
        severity = "note" if self.learned else severity
        manual = self.entry.manual.id
        return self.asked.caution(rule, span, severity=severity, section=section, manual=manual, reason=reason, **facts)

    def language(self, chinese: str, english: str) -> str:
        return chinese if self.asked.chinese else english


def span_of(argument: Argument) -> tuple[int, int]:
    return argument.start, argument.end


def shown(argument: Argument, parameter: Parameter | None = None) -> str:
    """The value as a text may repeat it: never a secret, never all of a long one."""
    if parameter is not None and parameter.secret:
        return "****"
    return argument.text if len(argument.text) <= SHOWN else f"{argument.text[:SHOWN]}…"
