"""Every manual that is installed: what it says is whole, in both languages, and agrees with its own examples."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec
import pytest

from atshell.at.command import parse_line
from atshell.at.reply import parse_information
from atshell.at.syntax import Argument, parse_arguments
from atshell.catalog.consistency import faults
from atshell.catalog.lookup import Catalog, Entry
from atshell.catalog.model import Example, Manual, Parameter
from atshell.catalog.notation import Notation, parse_notation
from atshell.host import host

CATALOG = host().catalog
ENTRIES = CATALOG.entries()
FINAL = ("OK", "ERROR", "+CME ERROR", "+CIS ERROR", "+CMS ERROR", "CONNECT", "NO CARRIER", "RING")


def examples(manual: Manual) -> Iterator[Example]:
    for command in manual.commands:
        yield from command.examples
    for topic in manual.topics:
        yield from topic.examples


EXAMPLES = [(manual, example) for manual in CATALOG.manuals for example in examples(manual)]
SENT = sorted({(manual.id, line) for manual, example in EXAMPLES for line in example.send})
RECEIVED = sorted(
    (manual.id, command.command, line)
    for manual in CATALOG.manuals
    if manual.models
    for command in manual.commands
    for line in {line for example in command.examples for line in example.receive}
    if not line.startswith(FINAL)
)


@pytest.mark.parametrize("manual", CATALOG.manuals, ids=[manual.id for manual in CATALOG.manuals])
def test_a_manual_is_whole(manual: Manual) -> None:
    assert list(faults(manual)) == []
    assert manual.commands
    assert not manual.models or manual.sections


@pytest.mark.parametrize("manual", CATALOG.manuals, ids=[manual.id for manual in CATALOG.manuals])
def test_every_text_is_there_in_both_languages(manual: Manual) -> None:
    def texts(value: object, key: str) -> Iterator[tuple[str, object]]:
        if isinstance(value, dict):
            if "en" in value:
                yield key, value
            for name, inner in value.items():
                yield from texts(inner, f"{key}.{name}")
        elif isinstance(value, list):
            for index, inner in enumerate(value):
                yield from texts(inner, f"{key}[{index}]")

    found = list(texts(msgspec.to_builtins(manual), ""))
    assert found
    assert [key for key, text in found if not (isinstance(text, dict) and text.get("en") and text.get("zh"))] == []


def problems(parameter: Parameter | None, given: Argument) -> Iterator[str]:
    """What is wrong with one argument by the description of its parameter."""
    if parameter is None:
        yield f"{given.text!r} is for no parameter"
        return
    size = len(given.text.encode())
    if given.omitted:
        if not parameter.optional:
            yield f"<{parameter.name}> is left out"
        return
    if parameter.quoted and not given.quoted:
        yield f"<{parameter.name}> is without quotes"
    if not (parameter.min_length or 0) <= size <= (parameter.max_length or size):
        yield f"<{parameter.name}> has {size} bytes"
    if parameter.range is not None and given.text not in parameter.values:
        number = re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", given.text)
        if number is None or not parameter.range[0] <= float(number[0]) <= parameter.range[1]:
            yield f"<{parameter.name}> is {given.text}"
    elif parameter.values and given.text not in parameter.values:
        yield f"<{parameter.name}> has no value {given.text}"


def fits(notation: Notation, arguments: Sequence[Argument]) -> bool:
    pairs = zip(notation.slots, arguments, strict=False)
    return notation.accepts(len(arguments)) and all(
        slot.name.strip('"') == given.text for slot, given in pairs if slot.literal
    )


def check(entry: Entry, notation: Notation, arguments: Sequence[Argument]) -> list[str]:
    placed = entry.placed(notation, [given.text for given in arguments])
    slots = [notation.slot(index) for index in range(len(arguments))]
    return [
        problem
        for parameter, given, slot in zip(placed, arguments, slots, strict=True)
        if slot is not None and not slot.literal
        for problem in problems(parameter, given)
    ]


def entry_of(manual: str, name: str) -> Entry:
    own = [entry for entry in ENTRIES if entry.manual.id == manual]
    found = Catalog([own[0].manual]).find(name) or CATALOG.find(name)
    assert found is not None
    return found


@pytest.mark.parametrize(("manual", "line"), SENT)
def test_every_line_sent_in_an_example_passes_its_own_commands_check(manual: str, line: str) -> None:
    for command in parse_line(line).commands:
        entry = entry_of(manual, f"AT{command.name}")
        notations = [parse_notation(text) for text in entry.command.forms.get(command.form.value, [])]
        found = [check(entry, one, command.arguments) for one in notations if fits(one, command.arguments)]
        assert [] in found, found


def answers(entry: Entry) -> Iterator[Notation]:
    yield from map(parse_notation, entry.command.forms.get("urc", ()))
    for responses in entry.command.responses.values():
        yield from (parse_notation(text) for one in responses for text in one.lines)


def agrees(entry: Entry, notation: Notation, given: Sequence[Argument]) -> bool:
    """Each value is one that a parameter of its name may have; quotes are not asked for in answers."""
    if not fits(notation, given):
        return False
    for slot, value in zip(notation.slots, given, strict=False):
        named = [one for one in entry.command.parameters if one.name == slot.name]
        described = [msgspec.structs.replace(one, quoted=False, optional=True) for one in named]
        if not slot.literal and all(list(problems(one, value)) for one in described):
            return False
    return True


@pytest.mark.parametrize(("manual", "name", "line"), RECEIVED)
def test_every_answer_in_an_example_fits_a_notation(manual: str, name: str, line: str) -> None:
    information = parse_information(line)
    given = information.values if information.prefix else parse_arguments(line, 0)
    if line.startswith("+QDMPCFGEX: 5,"):
        # An erratum: the location has commas and no quotes.
        assert len(given) == 4
        return
    if line.startswith("+MIPLQMGR:"):
        # An erratum: the example names its fields.
        assert len(given) == 4
        return
    own = Catalog([one for one in CATALOG.manuals if one.id == manual])
    entries = own.named(information.prefix or name)
    assert any(agrees(entry, notation, given) for entry in entries for notation in answers(entry))


@pytest.mark.parametrize("entry", ENTRIES, ids=[f"{one.manual.id} {one.command.command}" for one in ENTRIES])
def test_the_parameters_of_a_command_stand_in_the_order_of_the_wire(entry: Entry) -> None:
    places = [parameter.place for parameter in entry.command.parameters]
    assert places == sorted(places)  # request before response
    named = {parameter.name for parameter in entry.command.parameters if parameter.place == "request"}
    notations = [parse_notation(text) for form, texts in entry.command.forms.items() for text in texts if form != "urc"]
    numbered = any("<parameter1>" in notation.text for notation in notations)
    if not numbered:
        slots = {slot.name for notation in notations for slot in notation.slots}
        assert named <= slots or not slots
