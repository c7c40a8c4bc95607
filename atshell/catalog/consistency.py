"""What the types of the records can't say about a manual: notations that can be read, names and sections that exist."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from atshell.catalog.model import NUMBERED, Command, Erratum, Example, Manual, Note, Parameter, Text, Topic
from atshell.catalog.notation import BadNotation, parse_notation

_Located = tuple[str, str]
"""Key and complaint."""
_CONDITIONS = frozenset({"model", "firmware"})
_NUMBERED = re.compile(NUMBERED)


def faults(manual: Manual) -> Iterator[str]:
    """``commands[3] (AT+MIPLOPEN).forms.write[0]: …`` for each thing that is wrong."""
    names = _Names(
        frozenset(name for entry in manual.models for name in (entry.model, *entry.variants)),
        frozenset(manual.sections),
    )
    for index, command in enumerate(manual.commands):
        for key, complaint in _command(command, names):
            yield f"commands[{index}] ({command.command}){key}: {complaint}"
    for index, topic in enumerate(manual.topics):
        for key, complaint in _topic(topic, names):
            yield f"topics[{index}] ({topic.topic}){key}: {complaint}"
    for key, complaint in _manual(manual, names):
        yield f"{key}: {complaint}"


@dataclass(frozen=True, slots=True)
class _Names:
    """What a manual's facts may refer to."""

    models: frozenset[str]
    sections: frozenset[str]
    """Empty when the manual does not list them."""

    def wrong_models(self, key: str, named: Iterable[str]) -> Iterator[_Located]:
        yield from ((key, f"the manual has no model {name!r}") for name in named if name not in self.models)

    def wrong_section(self, key: str, section: str | None) -> Iterator[_Located]:
        if self.sections and section is not None and section not in self.sections:
            yield f"{key}.section", f"the manual has no section {section!r}"


def _manual(manual: Manual, names: _Names) -> Iterator[_Located]:
    for code, meaning in manual.errors.items():
        yield from _text(f"errors.{code}", meaning)
    yield from names.wrong_section("errors", manual.errors_section)
    for index, model in enumerate(manual.models):
        for number, note in enumerate(model.notes):
            yield from _text(f"models[{index}].notes[{number}]", note)
    yield from ((key.removeprefix("."), complaint) for key, complaint in _errata(manual.errata, names))


def _topic(topic: Topic, names: _Names) -> Iterator[_Located]:
    yield from _text(".title", topic.title)
    yield from _text(".text", topic.text)
    yield from names.wrong_models(".models", topic.models)
    yield from names.wrong_section("", topic.section)
    yield from _notes(topic.notes, names)
    yield from _examples(topic.examples, names)


def _command(command: Command, names: _Names) -> Iterator[_Located]:
    urc = command.kind == "urc"
    if command.command.upper().startswith("AT") is urc:
        yield ".command", "a command begins with AT, a URC does not"
    yield from _text(".summary", command.summary)
    yield from names.wrong_models(".models", command.models)
    yield from names.wrong_section("", command.section)
    yield from _condition(".when", command.when)
    yield from _notes(command.notes, names)
    yield from _examples(command.examples, names)
    yield from _errata(command.errata, names)
    parameters = {parameter.name for parameter in command.parameters}
    for index, parameter in enumerate(command.parameters):
        yield from _parameter(f".parameters[{index}]", parameter, parameters, names)
    yield from _notations(command, parameters)


def _text(key: str, text: Text | Note) -> Iterator[_Located]:
    if not text.en or not text.zh:
        yield key, "empty in one language"


def _notes(notes: Iterable[Note], names: _Names) -> Iterator[_Located]:
    for index, note in enumerate(notes):
        key = f".notes[{index}]"
        yield from _text(key, note)
        yield from names.wrong_models(f"{key}.models", note.models)
        yield from names.wrong_section(key, note.section)


def _examples(examples: Iterable[Example], names: _Names) -> Iterator[_Located]:
    for index, example in enumerate(examples):
        key = f".examples[{index}]"
        if example.about is not None:
            yield from _text(f"{key}.about", example.about)
        yield from names.wrong_models(f"{key}.models", example.models)
        yield from names.wrong_section(key, example.section)


def _errata(errata: Iterable[Erratum], names: _Names) -> Iterator[_Located]:
    for index, erratum in enumerate(errata):
        yield from names.wrong_section(f".errata[{index}]", erratum.section)


def _parameter(key: str, parameter: Parameter, parameters: set[str], names: _Names) -> Iterator[_Located]:
    yield from _text(f"{key}.summary", parameter.summary)
    yield from names.wrong_models(f"{key}.models", parameter.models)
    yield from names.wrong_section(key, parameter.section)
    for value, text in parameter.values.items():
        yield from _text(f"{key}.values.{value}", text)
        yield from names.wrong_models(f"{key}.values.{value}.models", text.models)
        yield from _condition(f"{key}.values.{value}.when", text.when)
    for index, default in enumerate(parameter.defaults):
        yield from _condition(f"{key}.defaults[{index}].when", default.when)
        yield from names.wrong_models(f"{key}.defaults[{index}].models", default.models)
    yield from _when(f"{key}.when", parameter.when, parameters)
    if parameter.range is not None and parameter.range[0] > parameter.range[1]:
        yield f"{key}.range", "the low end is above the high one"


def _condition(key: str, when: Mapping[str, str]) -> Iterator[_Located]:
    yield from ((key, f"{name!r} is no condition: model and firmware are") for name in when if name not in _CONDITIONS)


def _when(key: str, when: Iterable[str], parameters: set[str]) -> Iterator[_Located]:
    yield from ((key, f"the command has no parameter {name!r}") for name in when if name not in parameters)


def _notations(command: Command, parameters: set[str]) -> Iterator[_Located]:
    numbered = any(parameter.when for parameter in command.parameters)
    for form, notations in command.forms.items():
        for index, text in enumerate(notations):
            yield from _notation(f".forms.{form}[{index}]", text, parameters, numbered, expected=form)
    for form, responses in command.responses.items():
        for index, response in enumerate(responses):
            key = f".responses.{form}[{index}]"
            yield from _when(f"{key}.when", response.when, parameters)
            for line in response.lines:
                yield from _notation(f"{key}.lines", line, parameters, numbered)


def _notation(
    key: str, text: str, parameters: set[str], numbered: bool, *, expected: str | None = None
) -> Iterator[_Located]:
    try:
        notation = parse_notation(text)
    except BadNotation as error:
        yield key, str(error)
        return
    if expected not in (None, notation.form):
        yield key, f"reads as the {notation.form} form"
    for slot in notation.slots:
        known = slot.literal or slot.name in parameters or (numbered and _NUMBERED.fullmatch(slot.name))
        if not known:
            yield key, f"<{slot.name}> is no parameter"
