"""What the types of the records can't say about a manual: notations that can be read, names that exist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from atshell.catalog.model import Command, Manual, Note, Parameter, Text
from atshell.catalog.notation import BadNotation, parse_notation

_Located = tuple[str, str]
"""Key and complaint."""


def faults(manual: Manual) -> Iterator[str]:
    """``commands[3] (AT+MIPLOPEN).forms.write[0]: …`` for each thing that is wrong."""
    models = {name for entry in manual.models for name in (entry.model, *entry.variants)}
    for index, command in enumerate(manual.commands):
        for key, complaint in _command(command, models):
            yield f"commands[{index}] ({command.command}){key}: {complaint}"


def _command(command: Command, models: set[str]) -> Iterator[_Located]:
    urc = command.kind == "urc"
    if command.command.upper().startswith("AT") is urc:
        yield ".command", "a command begins with AT, a URC does not"
    if not command.summary.en or not command.summary.zh:
        yield ".summary", "empty in one language"
    yield from _models(".models", command.models, models)
    for index, note in enumerate(command.notes):
        yield from _note(f".notes[{index}]", note, models)
    names = {parameter.name for parameter in command.parameters}
    for index, parameter in enumerate(command.parameters):
        yield from _parameter(f".parameters[{index}]", parameter, names, models)
    yield from _notations(command, names)


def _note(key: str, note: Note, models: set[str]) -> Iterator[_Located]:
    if not note.en or not note.zh:
        yield key, "empty in one language"
    yield from _models(f"{key}.models", note.models, models)


def _models(key: str, named: Iterable[str], models: set[str]) -> Iterator[_Located]:
    yield from ((key, f"the manual has no model {name!r}") for name in named if name not in models)


def _parameter(key: str, parameter: Parameter, names: set[str], models: set[str]) -> Iterator[_Located]:
    texts: list[tuple[str, Text]] = [(".summary", parameter.summary)]
    texts += [(f".values.{value}", text) for value, text in parameter.values.items()]
    yield from ((f"{key}{at}", "empty in one language") for at, text in texts if not text.en or not text.zh)
    yield from _models(f"{key}.models", parameter.models, models)
    for value, text in parameter.values.items():
        yield from _models(f"{key}.values.{value}.models", text.models, models)
    yield from _when(f"{key}.when", parameter.when, names)
    if parameter.range is not None and parameter.range[0] > parameter.range[1]:
        yield f"{key}.range", "the low end is above the high one"


def _when(key: str, when: Iterable[str], names: set[str]) -> Iterator[_Located]:
    yield from ((key, f"the command has no parameter {name!r}") for name in when if name not in names)


def _notations(command: Command, names: set[str]) -> Iterator[_Located]:
    for form, notations in command.forms.items():
        for index, text in enumerate(notations):
            yield from _notation(f".forms.{form}[{index}]", text, names, expected=form)
    for form, responses in command.responses.items():
        for index, response in enumerate(responses):
            key = f".responses.{form}[{index}]"
            yield from _when(f"{key}.when", response.when, names)
            for line in response.lines:
                yield from _notation(f"{key}.lines", line, names)


def _notation(key: str, text: str, names: set[str], *, expected: str | None = None) -> Iterator[_Located]:
    try:
        notation = parse_notation(text)
    except BadNotation as error:
        yield key, str(error)
        return
    if expected not in (None, notation.form):
        yield key, f"reads as the {notation.form} form"
    for slot in notation.slots:
        if not slot.literal and slot.name not in names:
            yield key, f"<{slot.name}> is no parameter"
