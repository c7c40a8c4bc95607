"""A command's name and form: known, of this model and firmware, spelt right, used as it can be."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from atshell.assist.check.caution import FORMS, Asked, Caution, Severity, Subject
from atshell.assist.check.words import FORMS as FORM_WORDS
from atshell.assist.check.words import joined
from atshell.at.command import EXTENDED
from atshell.catalog.profile import Profile, meets

if TYPE_CHECKING:
    from atshell.at.command import Command
    from atshell.catalog.lookup import Entry

_WORD = re.compile(r"[A-Za-z]{3}")
_MODELS_NAMED = 6


def check_name(asked: Asked, command: Command) -> tuple[list[Caution], Entry | None]:
    """What is wrong with the name or the form, and the entry by which the arguments are to be read: none when the
    command is not known or not of this model, since then there is nothing more to say."""
    entry = _find(asked, command)
    if entry is None:
        return _unknown(asked, command), None
    subject = Subject(asked, command, entry)
    found = _spelling(subject) + _firmware(subject) + _form(subject)
    return found, entry


def unknown_word(asked: Asked, word: str, start: int, otherwise: list[Caution]) -> list[Caution]:
    """``MIPLOPEN`` behind AT, without its plus: what is like it, else what was found letter by letter. ``S24`` is
    like nothing: modules have registers of their own."""
    near = asked.catalog.near(word, asked.profile) if _WORD.match(word) else []
    if not near:
        return otherwise
    return [asked.caution("unknown", (start, start + len(word)), name=f"AT{word}", near=_meant(asked, near))]


def _find(asked: Asked, command: Command) -> Entry | None:
    """The entry of that name, of several the first that has the form: a vendor's manual may have some forms of a
    standard's command alone."""
    entries = asked.catalog.named(f"AT{command.name}", asked.profile)
    commands = [entry for entry in entries if entry.command.kind == "command"]
    having = [entry for entry in commands if FORMS[command.form] in entry.command.forms]
    return next(iter(having or commands), None)


def _unknown(asked: Asked, command: Command) -> list[Caution]:
    if command.name in asked.situation.listed:  # the module says that it has it
        return []
    name = f"AT{command.name}"
    span = (command.start, command.start + len(command.name))
    elsewhere = asked.catalog.named(name, Profile())
    foreign = [entry for entry in elsewhere if entry.command.kind == "command"]
    if foreign:
        models = list(dict.fromkeys(model for entry in foreign for model in entry.models))
        shown = models[:_MODELS_NAMED] + (["…"] if len(models) > _MODELS_NAMED else [])
        found = asked.caution(
            "model",
            span,
            section=foreign[0].command.section,
            manual=foreign[0].manual.id,
            name=name,
            model=asked.profile.model,
            models=", ".join(shown),
        )
        return [found]
    if any(entry.command.kind == "urc" for entry in asked.catalog.named(name, asked.profile)):
        return [asked.caution("urc", span, name=command.name)]
    near = asked.catalog.near(name, asked.profile) if EXTENDED.match(command.name) else []
    # Modules have more commands than the manuals here: one that is like none of theirs is probably one of these.
    severity: Severity = "warning" if near else "note"
    fix = _meant(asked, near) if near else ""
    return [asked.caution("unknown", span, severity=severity, name=name, near=fix)]


def _meant(asked: Asked, near: list[str]) -> str:
    names = joined(near, chinese=asked.chinese)
    return f"是否想输入 {names}" if asked.chinese else f"did you mean {names}"


def _spelling(subject: Subject) -> list[Caution]:
    typed = f"AT{subject.command.name}"
    if typed == subject.name.upper():
        return []
    return [subject.caution("misspelt", subject.span, typed=typed)]


def _firmware(subject: Subject) -> list[Caution]:
    """Firmware that is not known meets no condition, and breaks none."""
    condition = subject.entry.command.when
    firmware = subject.asked.profile.firmware
    if not condition or not firmware or meets(condition, subject.asked.profile):
        return []
    return [subject.caution("firmware", subject.span, firmware=firmware, condition=condition.get("firmware", ""))]


def _form(subject: Subject) -> list[Caution]:
    command, forms = subject.command, subject.entry.command.forms
    if subject.form in forms or subject.learned:  # of a command that was learned not every form is known
        return []
    notations = [notation for form in forms for notation in forms[form]]
    form_name = FORM_WORDS[subject.form][subject.asked.chinese]
    shown = joined(notations, chinese=subject.asked.chinese)
    fix = f"形式: {shown}" if subject.asked.chinese else f"it is {shown}"
    span = (command.start, max(command.end, command.start + len(command.name)))
    return [subject.caution("form", span, form=form_name, forms=fix)]
