"""The standard commands: that the manuals agree with themselves, and that the emulated commands are in them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence

import pytest

from atshell.at.command import parse_line
from atshell.at.reply import parse_information
from atshell.at.syntax import Argument
from atshell.catalog.load import load_manuals
from atshell.catalog.lookup import Catalog, Entry
from atshell.catalog.model import Command, Parameter
from atshell.catalog.notation import Notation, parse_notation
from atshell.catalog.profile import Profile
from atshell.emulator.device import EmulatorOptions
from atshell.host import host
from atshell_3gpp.plugin import atshell_manuals

MANUALS = load_manuals(atshell_manuals())
CATALOG = Catalog(MANUALS)
COMMANDS = [command for manual in MANUALS for command in manual.commands]
EXAMPLES = [(entry, example) for entry in CATALOG.entries() for example in entry.command.examples]
SENT = sorted({line for _, example in EXAMPLES for line in example.send})
RECEIVED = sorted({line for _, example in EXAMPLES for line in example.receive if line.startswith("+")})


def find(name: str) -> Entry:
    found = CATALOG.find(name)
    assert found is not None
    return found


# -- What is there


@pytest.mark.parametrize(
    ("manual", "sections"),
    [
        (
            "v250",
            "5.2.1 AT, 5.7.1 NO CARRIER, 5.7.1 RING, 6.1.1 AT&W, 6.1.1 ATZ, 6.1.2 AT&F, 6.1.3 ATI, 6.1.4 AT+GMI, "
            "6.1.5 AT+GMM, 6.1.6 AT+GMR, 6.1.7 AT+GSN, 6.1.9 AT+GCAP, 6.2.1 ATS3, 6.2.10 AT+IPR, 6.2.11 AT+ICF, "
            "6.2.12 AT+IFC, 6.2.2 ATS4, 6.2.3 ATS5, 6.2.4 ATE, 6.2.5 ATQ, 6.2.6 ATV, 6.2.7 ATX, 6.2.8 AT&C, "
            "6.2.9 AT&D, 6.3.1 ATD, 6.3.10 ATS7, 6.3.5 ATA, 6.3.6 ATH, 6.3.7 ATO, 6.3.8 ATS0",
        ),
        (
            "3gpp-27.005",
            "3.2.1 AT+CSMS, 3.2.2 AT+CPMS, 3.2.3 AT+CMGF, 3.3.1 AT+CSCA, 3.3.2 AT+CSMP, 3.3.3 AT+CSDH, "
            "3.3.4 AT+CSCB, 3.3.5 AT+CSAS, 3.3.6 AT+CRES, 3.4.1 +CBM, 3.4.1 +CBMI, 3.4.1 +CDS, 3.4.1 +CDSI, "
            "3.4.1 +CMT, 3.4.1 +CMTI, 3.4.1 AT+CNMI, 3.4.2 AT+CMGL, 3.4.3 AT+CMGR, 3.4.4 AT+CNMA, 3.5.1 AT+CMGS, "
            "3.5.2 AT+CMSS, 3.5.3 AT+CMGW, 3.5.4 AT+CMGD, 3.5.5 AT+CMGC, 3.5.6 AT+CMMS",
        ),
        (
            "3gpp-27.007",
            "10.1.1 AT+CGDCONT, 10.1.10 AT+CGACT, 10.1.12 AT+CGDATA, 10.1.14 AT+CGPADDR, 10.1.19 +CGEV, "
            "10.1.19 AT+CGEREP, 10.1.20 +CGREG, 10.1.20 AT+CGREG, 10.1.21 AT+CGSMS, 10.1.22 +CEREG, "
            "10.1.22 AT+CEREG, 10.1.23 AT+CGCONTRDP, 10.1.28 AT+CEMODE, 10.1.30 +CSCON, 10.1.30 AT+CSCON, "
            "10.1.31 AT+CGAUTH, 10.1.32 AT+CIPCA, 10.1.33 AT+CNMPSD, 10.1.43 AT+CSODCP, 10.1.44 +CRTDCP, "
            "10.1.44 AT+CRTDCP, 10.1.45 AT+CGAPNRC, 10.1.9 AT+CGATT, 5.1 AT+CGMI, 5.2 AT+CGMM, 5.3 AT+CGMR, "
            "5.4 AT+CGSN, 5.5 AT+CSCS, 5.6 AT+CIMI, 5.7 AT+CMUX, 6.10 AT+CEER, 6.5 AT+CHUP, 7.1 AT+CNUM, "
            "7.2 +CREG, 7.2 AT+CREG, 7.3 AT+COPS, 7.38 AT+CPSMS, 7.4 AT+CLCK, 7.40 +CEDRXP, 7.40 AT+CEDRXS, "
            "7.41 AT+CEDRXRDP, 7.42 +CCIOTOPTI, 7.42 AT+CCIOTOPT, 7.5 AT+CPWD, 8.1 AT+CPAS, 8.10 +CIEV, "
            "8.10 AT+CMER, 8.15 AT+CCLK, 8.17 AT+CSIM, 8.18 AT+CRSM, 8.2 AT+CFUN, 8.3 AT+CPIN, 8.37 AT+CLAC, "
            "8.4 AT+CBC, 8.40 AT+CTZU, 8.41 +CTZE, 8.41 +CTZEU, 8.41 +CTZV, 8.41 AT+CTZR, 8.5 AT+CSQ, "
            "8.65 AT+CPINR, 8.69 AT+CESQ, 8.9 AT+CIND, 9.1 AT+CMEE",
        ),
    ],
)
def test_every_command_and_urc_with_its_section(manual: str, sections: str) -> None:
    (found,) = (one for one in MANUALS if one.id == manual)
    assert sorted(f"{command.section} {command.command}" for command in found.commands) == sections.split(", ")


def test_a_standard_command_holds_for_every_model() -> None:
    entry = CATALOG.find("AT+CPSMS", Profile("any model"))
    assert entry is not None
    assert (entry.manual.id, entry.models) == ("3gpp-27.007", [])


def test_every_emulated_command_is_in_a_manual() -> None:
    async def names() -> list[str]:
        device = host().emulate(EmulatorOptions("MN316"))
        known = list(device.commands)
        await device.close()
        return known

    vendors = ("+M",)
    unknown = [name for name in asyncio.run(names()) if CATALOG.find(f"AT{name}") is None]
    assert [name for name in unknown if not name.startswith(vendors)] == []


def test_what_a_command_leads_to_is_known() -> None:
    for command in COMMANDS:
        assert [urc for urc in command.urcs if CATALOG.urc(urc) is None] == [], command.command


def test_registration_is_reported_unasked_too() -> None:
    for name in ("+CREG", "+CGREG", "+CEREG"):
        entry = CATALOG.urc(name)
        assert entry is not None
        assert entry.command.kind == "urc"
        (notation,) = (parse_notation(text) for text in entry.command.forms["urc"])
        assert notation.accepts(1)
        assert notation.accepts(4)


def test_passwords_are_secret() -> None:
    secrets = {(command.command, one.name) for command in COMMANDS for one in command.parameters if one.secret}
    assert secrets == {
        ("AT+CPIN", "pin"),
        ("AT+CPIN", "newpin"),
        ("AT+CLCK", "passwd"),
        ("AT+CPWD", "oldpwd"),
        ("AT+CPWD", "newpwd"),
        ("AT+CGAUTH", "password"),
    }


# -- Errors


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("3", "operation not allowed"),
        ("10", "SIM not inserted"),
        ("30", "no network service"),
        ("50", "Incorrect parameters"),
        ("100", "unknown"),
        ("148", "unspecified GPRS error"),
        ("171", "Last PDN disconnection not allowed"),
        ("182", "user data transmission via control plane is congested"),
    ],
)
def test_errors_are_said_in_the_standards_words(code: str, words: str) -> None:
    # 27.007 9.2: what +CMEE=2 prints.
    known = CATALOG.error(code)
    assert known is not None
    assert (known[0].id, known[1].en) == ("3gpp-27.007", words)


def test_a_number_of_both_tables_is_a_cme_error_first() -> None:
    for catalog in (CATALOG, host().catalog):
        standards = [manual.id for manual, _ in catalog.errors("30") if not manual.models]
        assert standards == ["3gpp-27.007", "3gpp-27.005"]


def test_the_final_result_tells_which_table_is_meant() -> None:
    for result, manual in (("+CME ERROR", "3gpp-27.007"), ("+CMS ERROR", "3gpp-27.005")):
        known = CATALOG.error("30", result=result)
        assert known is not None
        assert known[0].id == manual


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("38", "Network out of order"),
        ("208", "(U)SIM SMS storage full"),
        ("230", "value specific to an application"),
        ("302", "operation not allowed"),
        ("330", "SMSC address unknown"),
        ("500", "unknown error"),
    ],
)
def test_errors_of_messages(code: str, words: str) -> None:
    known = CATALOG.error(code)
    assert known is not None
    assert (known[0].id, known[0].errors_section, known[1].en) == ("3gpp-27.005", "3.2.5", words)


def test_the_tables_are_whole() -> None:
    def numbers(text: str) -> Iterator[int]:
        for part in text.split():
            low, _, high = part.partition("-")
            yield from range(int(low), int(high or low) + 1)

    tables = {manual.id: set(map(int, manual.errors)) for manual in MANUALS}
    assert tables["3gpp-27.007"] == set(
        numbers("0-7 10-18 20-27 30-32 40-63 100 103 106-108 111-115 122 125-134 140-146 148-165 171-182")
    )
    assert tables["3gpp-27.005"] == set(
        numbers(
            "1 8 10 21 27-30 38 41 42 47 50 69 81 95-99 111 127 128-130 143-145 159-161 175 176 192-199 208-213 "
            "224-255 300-305 310-318 320-322 330-332 340 500"
        )
    )
    assert tables["v250"] == set()


# -- The manuals agree with themselves


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.command)
def test_a_test_form_says_what_it_answers(command: Command) -> None:
    """With the parameters that may be set, in their order."""
    for response in command.responses.get("test", []):
        (line,) = response.lines
        notation = parse_notation(line)
        assert notation.head == f"+{command.command[3:]}"
        settable = [slot.name for text in command.forms.get("write", []) for slot in parse_notation(text).slots]
        shared = list(dict.fromkeys(slot.name for slot in notation.slots if slot.name in settable))
        assert shared == [name for name in dict.fromkeys(settable) if name in shared]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.command)
def test_parameters_stand_in_the_order_of_the_wire(command: Command) -> None:
    listed = [one.name for one in command.parameters if one.place == "request"]
    optional = dict.fromkeys(listed, False)
    for text in (text for texts in command.forms.values() for text in texts):
        slots = [slot for slot in parse_notation(text).slots if not slot.literal]
        order = [listed.index(slot.name) for slot in slots]
        assert order == sorted(order), text
        optional |= {slot.name: True for slot in slots if slot.optional}
    assert optional == {one.name: one.optional for one in command.parameters if one.place == "request"}
    places = [one.place for one in command.parameters]
    assert places == sorted(places)  # request before response


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.command)
def test_defaults_and_ranges_hold_each_other(command: Command) -> None:
    for one in command.parameters:
        if one.range and one.default is not None:
            assert one.range[0] <= float(one.default) <= one.range[1], one.name
        if one.values and isinstance(one.default, str):
            assert one.default in one.values, one.name


def test_free_text_has_no_prefix_and_other_answers_have() -> None:
    for name, free in {"AT+CGMM": True, "ATI": True, "AT+CIMI": True, "AT+CSQ": False, "AT+CMEE": False}.items():
        for responses in find(name).command.responses.values():
            assert [parse_notation(line).head == "" for one in responses for line in one.lines] == [free]


# -- Examples


def fits_parameter(parameter: Parameter, argument: Argument) -> bool:
    if argument.omitted:
        return parameter.optional
    if parameter.quoted and not argument.quoted:
        return False
    if argument.text in parameter.values:
        return True
    if parameter.range:
        number = argument.integer
        return number is not None and parameter.range[0] <= number <= parameter.range[1]
    short = parameter.max_length is None or len(argument.text) <= parameter.max_length
    return short and not parameter.values


def fits(entry: Entry, notation: Notation, arguments: Sequence[Argument]) -> bool:
    if not notation.accepts(len(arguments)):
        return False
    for index, argument in enumerate(arguments):
        slot = notation.slot(index)
        parameter = entry.parameter(slot.name) if slot and not slot.literal else None
        if parameter is not None and not fits_parameter(parameter, argument):
            return False
    return True


@pytest.mark.parametrize("line", SENT)
def test_the_examples_fit_their_notations_and_values(line: str) -> None:
    (command,) = parse_line(line).commands
    entry = find(f"AT{command.name}")
    notations = [parse_notation(text) for text in entry.command.forms[command.form.value]]
    assert any(fits(entry, notation, command.arguments) for notation in notations)


@pytest.mark.parametrize("line", RECEIVED)
def test_the_examples_answers_fit_their_notations(line: str) -> None:
    information = parse_information(line)
    answers = []
    for entry in filter(None, (CATALOG.find(f"AT{information.prefix}"), CATALOG.urc(information.prefix))):
        answers += [text for responses in entry.command.responses.values() for one in responses for text in one.lines]
        answers += entry.command.forms.get("urc", [])
    notations = [parse_notation(text) for text in answers]
    assert any(notation.accepts(len(information.values)) for notation in notations if notation.head)
