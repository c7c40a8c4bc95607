"""The standard commands, and that the emulated ones are in the manuals."""

from __future__ import annotations

import asyncio

import pytest

from atshell.at.command import parse_line
from atshell.at.reply import parse_information
from atshell.catalog.load import load_manuals
from atshell.catalog.lookup import Catalog
from atshell.catalog.notation import parse_notation
from atshell.catalog.profile import Profile
from atshell.emulator.device import EmulatorOptions
from atshell.host import host
from atshell_3gpp.plugin import atshell_manuals

CATALOG = Catalog(load_manuals(atshell_manuals()))
EXAMPLES = [(entry, example) for entry in CATALOG.entries() for example in entry.command.examples]


@pytest.mark.parametrize(
    ("name", "manual", "section"),
    [
        ("AT", "v250", "5.2.1"),
        ("ATE", "v250", "6.2.4"),
        ("ATI", "v250", "6.1.3"),
        ("AT+CGMM", "3gpp-27.007", "5.2"),
        ("AT+CGMR", "3gpp-27.007", "5.3"),
        ("AT+CGSN", "3gpp-27.007", "5.4"),
        ("AT+CIMI", "3gpp-27.007", "5.6"),
        ("AT+CMEE", "3gpp-27.007", "9.1"),
        ("AT+CSQ", "3gpp-27.007", "8.5"),
        ("AT+CEREG", "3gpp-27.007", "10.1.22"),
        ("AT+CFUN", "3gpp-27.007", "8.2"),
    ],
)
def test_a_standard_command_holds_for_every_model(name: str, manual: str, section: str) -> None:
    entry = CATALOG.find(name, Profile("any model"))
    assert entry is not None
    assert (entry.command.command, entry.manual.id, entry.command.section) == (name, manual, section)
    assert entry.models == []


def test_registration_is_reported_unasked_too() -> None:
    entry = CATALOG.urc("+CEREG")
    assert entry is not None
    assert entry.command.kind == "urc"
    (notation,) = (parse_notation(text) for text in entry.command.forms["urc"])
    assert notation.accepts(1)
    assert notation.accepts(4)


def test_errors_are_said_in_the_standards_words() -> None:
    # 27.007 9.2.1: what +CMEE=2 prints.
    for code, words in {
        "3": "operation not allowed",
        "10": "SIM not inserted",
        "30": "no network service",
        "50": "Incorrect parameters",
        "100": "unknown",
        "148": "unspecified GPRS error",
    }.items():
        known = CATALOG.error(code)
        assert known is not None
        assert known[1].en == words


def test_free_text_has_no_prefix_and_other_answers_have() -> None:
    for name, free in {"AT+CGMM": True, "ATI": True, "AT+CIMI": True, "AT+CSQ": False, "AT+CMEE": False}.items():
        entry = CATALOG.find(name)
        assert entry is not None
        for responses in entry.command.responses.values():
            assert [parse_notation(line).head == "" for one in responses for line in one.lines] == [free]


@pytest.mark.parametrize("line", sorted({line for _, example in EXAMPLES for line in example.send}))
def test_the_examples_fit_their_notations(line: str) -> None:
    (command,) = parse_line(line).commands
    entry = CATALOG.find(f"AT{command.name}")
    assert entry is not None
    notations = [parse_notation(text) for text in entry.command.forms[command.form.value]]
    assert any(notation.accepts(len(command.arguments)) for notation in notations)


@pytest.mark.parametrize("line", sorted({line for _, example in EXAMPLES for line in example.receive if "+" in line}))
def test_the_examples_answers_fit_their_notations(line: str) -> None:
    information = parse_information(line)
    answers = []
    for entry in filter(None, (CATALOG.find(f"AT{information.prefix}"), CATALOG.urc(information.prefix))):
        answers += [text for responses in entry.command.responses.values() for one in responses for text in one.lines]
        answers += entry.command.forms.get("urc", [])
    notations = [parse_notation(text) for text in answers]
    assert any(notation.accepts(len(information.values)) for notation in notations if notation.head)


def test_every_emulated_command_is_in_a_manual() -> None:
    async def names() -> list[str]:
        device = host().emulate(EmulatorOptions("MN316"))
        known = list(device.commands)
        await device.close()
        return known

    vendors = ("+M",)
    unknown = [name for name in asyncio.run(names()) if CATALOG.find(f"AT{name}") is None]
    assert [name for name in unknown if not name.startswith(vendors)] == []
