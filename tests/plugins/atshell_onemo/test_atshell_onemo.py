"""The facts of the OneMO manual, and that its own examples agree with what the catalog says of them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from atshell.at.command import parse_line
from atshell.at.reply import parse_information
from atshell.at.syntax import Argument
from atshell.catalog.load import load_manual
from atshell.catalog.lookup import Catalog, Entry
from atshell.catalog.model import Parameter
from atshell.catalog.notation import Notation, parse_notation
from atshell.catalog.profile import Profile
from atshell_onemo.plugin import atshell_manuals

(PATH,) = atshell_manuals()
MANUAL = load_manual(PATH)
CATALOG = Catalog([MANUAL])
EXAMPLES = [(entry, example) for entry in CATALOG.entries() for example in entry.command.examples]


def entry(name: str, model: str = "") -> Entry:
    found = CATALOG.find(name, Profile(model))
    assert found is not None
    return found


def parameter(command: str, name: str, model: str = "", **values: str) -> Parameter:
    found = entry(command, model).parameter(name, values)
    assert found is not None
    return found


def test_every_command_and_urc_with_its_section() -> None:
    assert [(one.section, one.command) for one in MANUAL.commands] == [
        ("3.1", "AT+MIPLCREATE"),
        ("3.2", "AT+MIPLDELETE"),
        ("3.3", "AT+MIPLADDOBJ"),
        ("3.4", "AT+MIPLDELOBJ"),
        ("3.5", "AT+MIPLDISCOVERRSP"),
        ("3.6", "AT+MIPLOPEN"),
        ("3.7", "AT+MIPLUPDATE"),
        ("3.8", "AT+MIPLCLOSE"),
        ("3.9", "AT+MIPLNOTIFY"),
        ("3.10", "+MIPLREAD"),
        ("3.11", "AT+MIPLREADRSP"),
        ("3.12", "+MIPLWRITE"),
        ("3.13", "AT+MIPLWRITERSP"),
        ("3.14", "+MIPLEXECUTE"),
        ("3.15", "AT+MIPLEXECUTERSP"),
        ("3.16", "+MIPLPARAMETER"),
        ("3.17", "AT+MIPLPARAMETERRSP"),
        ("3.18", "+MIPLOBSERVE"),
        ("3.19", "AT+MIPLOBSERVERSP"),
        ("3.20", "+MIPLEVENT"),
        ("4.1", "AT+MIPLCFG"),
        ("4.2", "AT+MIPLNMI"),
        ("4.3", "AT+MIPLMGR"),
        ("4.4", "AT+MIPLQMGR"),
        ("4.5", "AT+MIPLUPDATESET"),
        ("4.6", "AT+MIPLCREATEEX"),
        ("4.7", "AT+MIPLDEVINFO"),
        ("4.8", "AT+MIPLDTLSNAT"),
        ("4.9", "AT+MIPLLTRDP"),
        ("4.10", "+MIPLNSMI"),
        ("4.11", "+MIPLNMI"),
        ("5.1", "+MIPLDISCOVER"),
    ]
    assert [one.command for one in MANUAL.commands if one.inferred] == ["+MIPLDISCOVER"]


def test_the_models_and_their_variants() -> None:
    assert {model.model: len(model.variants) for model in MANUAL.models} == {
        "MN316": 2,
        "MN316-S": 1,
        "MN316A": 2,
        "MN318": 3,
        "MN319": 1,
        "MN326": 1,
        "ML302A": 4,
        "ML305A": 3,
        "ML307A": 5,
        "ML307R": 2,
    }
    assert all(variant.startswith(f"{model.model}-") for model in MANUAL.models for variant in model.variants)


def test_the_error_codes() -> None:
    assert list(MANUAL.errors) == ["100", "601", "602", "651", "652", "653"]
    assert MANUAL.errors_section == "6"


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("AT+MIPDELETE", "AT+MIPLDELETE"),
        ("AT+MIPLXECUTERSP", "AT+MIPLEXECUTERSP"),
        ("AT+MIPLPARAMETERERRSP", "AT+MIPLPARAMETERRSP"),
        ("AT+MIPLPARAMETERRESP", "AT+MIPLPARAMETERRSP"),
        ("AT+MIPOBSERVERSP", "AT+MIPLOBSERVERSP"),
        ("AT+MIPLOBSEVERSP", "AT+MIPLOBSERVERSP"),
        ("AT+MIPLOBSERVERSPP", "AT+MIPLOBSERVERSP"),
        ("AT+MIPLWRITEOBSERVERSP", "AT+MIPLOBSERVERSP"),
    ],
)
def test_misspelled_commands(printed: str, meant: str) -> None:
    assert entry(printed).command.command == meant


@pytest.mark.parametrize("printed", ["+MIPLOBSERVE", "+MIPLOBERVE", "+MIPLOBSEVERE", "+MIPOBSERVE"])
def test_misspelled_urcs(printed: str) -> None:
    found = CATALOG.urc(printed)
    assert found is not None
    assert found.command.command == "+MIPLOBSERVE"


def test_what_the_footnotes_keep_from_some_models() -> None:
    assert "0x200" in parameter("+MIPLNOTIFY", "flag", "MN316").values
    assert "0x200" not in parameter("+MIPLNOTIFY", "flag", "ML307R").values
    assert "2" not in parameter("+MIPLCFG", "platform", "ML305A").values
    assert "2" in parameter("+MIPLCFG", "platform", "MN319").values
    have = [model.model for model in MANUAL.models if CATALOG.find("+MIPLUPDATESET", Profile(model.model))]
    assert have == ["MN318", "ML305A", "ML307A", "ML307R"]
    assert CATALOG.urc("+MIPLNSMI", Profile("ML307A")) is None
    assert CATALOG.urc("+MIPLNSMI", Profile("MN319")) is not None
    assert any("CCM_8" in note.en for note in entry("+MIPLCREATEEX", "MN319").command.notes)
    assert not any("CCM_8" in note.en for note in entry("+MIPLCREATEEX", "MN316").command.notes)


def test_defaults_units_and_lengths() -> None:
    timeout = parameter("+MIPLOPEN", "timeout")
    assert (timeout.default, timeout.unit, timeout.optional) == (30, "s", True)
    assert parameter("+MIPLDTLSNAT", "timeout").default == 120
    psk = parameter("+MIPLCREATEEX", "PSK")
    assert (psk.secret, psk.max_length, psk.optional) == (True, 16, True)
    assert parameter("+MIPLCREATEEX", "psk_encode").default == 0
    assert parameter("+MIPLNOTIFY", "objid").range == (0, 65535)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("1", "string"), ("2", "hex"), ("3", "integer"), ("4", "float"), ("5", "integer"), ("6", "hex")],
)
def test_the_type_decides_what_a_value_is(kind: str, expected: str) -> None:
    value = parameter("+MIPLNOTIFY", "value", type=kind)
    assert (value.type, value.quoted) == (expected, kind == "1")


def test_optional_parameters_are_those_in_brackets() -> None:
    for one in MANUAL.commands:
        notations = [parse_notation(text) for texts in one.forms.values() for text in texts]
        names = {slot.name: slot.optional for notation in notations for slot in notation.slots}
        for each in one.parameters:
            if each.place == "request":
                assert each.optional is names[each.name], (one.command, each.name)


def test_parameters_stand_in_the_order_of_the_wire() -> None:
    for one in MANUAL.commands:
        slots = [slot.name for texts in one.forms.values() for text in texts for slot in parse_notation(text).slots]
        order = [slots.index(each.name) for each in one.parameters if each.place == "request"]
        assert order == sorted(order), one.command
        places = [each.place for each in one.parameters]
        assert places == sorted(places), one.command  # request before response


def fits(notation: Notation, arguments: Sequence[Argument]) -> bool:
    pairs = zip(notation.slots, arguments, strict=False)
    return notation.accepts(len(arguments)) and all(slot.name == str(given) for slot, given in pairs if slot.literal)


@pytest.mark.parametrize("line", sorted({line for _, example in EXAMPLES for line in example.send}))
def test_the_examples_fit_their_notations_and_values(line: str) -> None:
    (command,) = parse_line(line).commands
    found = entry(f"AT{command.name}")
    notations = [parse_notation(text) for text in found.command.forms.get(command.form.value, [])]
    fitting = [notation for notation in notations if fits(notation, command.arguments)]
    assert fitting, line
    values = {slot.name: given.text for slot, given in zip(fitting[0].slots, command.arguments, strict=False)}
    for slot, given in zip(fitting[0].slots, command.arguments, strict=False):
        if slot.literal or given.omitted:
            continue
        described = found.parameter(slot.name, values)
        assert described is not None, slot.name
        if described.quoted:
            assert given.quoted, slot.name
        if described.range and given.text not in described.values:
            assert described.range[0] <= int(given.text) <= described.range[1]
        elif described.values:
            assert given.text in described.values, slot.name


@pytest.mark.parametrize("line", sorted({line for _, example in EXAMPLES for line in example.receive}))
def test_the_examples_answers_fit_their_notations(line: str) -> None:
    information = parse_information(line)
    if line == "OK" or information.prefix == "+CIS ERROR":
        return
    urc = CATALOG.urc(information.prefix)
    found = urc or entry(f"AT{information.prefix}")
    answers = [text for responses in found.command.responses.values() for one in responses for text in one.lines]
    notations = [parse_notation(text) for text in found.command.forms.get("urc", answers)]
    assert any(notation.accepts(len(information.values)) for notation in notations), line
