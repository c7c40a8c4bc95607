from __future__ import annotations

from atshell.catalog.consistency import faults
from atshell.catalog.model import (
    Command,
    Erratum,
    ErrorCode,
    Example,
    FirmwareDefault,
    FormName,
    Manual,
    Model,
    Note,
    Parameter,
    Response,
    Text,
    Topic,
    Value,
)

TEXT = Text(en="a", zh="b")


def manual(command: Command) -> Manual:
    model = Model(model="X1", family="X", vendor="Acme", variants=["X1-A"])
    return Manual(id="acme", title=TEXT, vendor="Acme", models=[model], commands=[command])


def test_a_good_command_has_no_faults() -> None:
    command = Command(
        command="+ACME",
        kind="urc",
        section="1",
        summary=TEXT,
        forms={"urc": ["+ACME: <n>"]},
        parameters=[Parameter("n", "integer", TEXT, values={"0": Value(en="a", zh="b", models=["X1-A"])})],
        models=["X1"],
    )
    assert list(faults(manual(command))) == []


def test_every_fault_is_told_with_its_key() -> None:
    command = Command(
        command="AT+ACME",
        section="1",
        summary=Text(en="a", zh=""),
        forms={"read": ["AT+ACME=<n>"], "write": ["AT+ACME=<x>"]},
        parameters=[Parameter("n", "integer", TEXT, values={"0": Value(en="a", zh="b", models=["X3"])})],
        responses={"read": [Response(lines=["+ACME: <n>"], when={"m": [1]})]},
        notes=[Note(en="a", zh="", section="1", models=["X2"])],
    )
    prefix = "commands[0] (AT+ACME)"
    assert list(faults(manual(command))) == [
        f"{prefix}.summary: empty in one language",
        f"{prefix}.notes[0]: empty in one language",
        f"{prefix}.notes[0].models: the manual has no model 'X2'",
        f"{prefix}.parameters[0].values.0.models: the manual has no model 'X3'",
        f"{prefix}.forms.read[0]: reads as the write form",
        f"{prefix}.forms.write[0]: <x> is no parameter",
        f"{prefix}.responses.read[0].when: the command has no parameter 'm'",
    ]


def test_sections_topics_and_conditions_are_looked_at_too() -> None:
    command = Command(
        command="AT+ACME",
        section="2",
        summary=TEXT,
        when={"weather": "*"},
        forms={"write": ["AT+ACME=<n>"]},
        parameters=[
            Parameter(
                "n",
                "integer",
                TEXT,
                section="9",
                values={"1": Value("a", "b", when={"moon": "full"})},
                defaults=[FirmwareDefault({"firmware": "*", "sun": "1"}, 1, ["X9"])],
            )
        ],
        examples=[Example(["AT"], [], section="8", about=Text("a", ""), models=["X8"])],
        errata=[Erratum(en="a", section="7")],
    )
    whole = Manual(
        id="acme",
        title=TEXT,
        vendor="Acme",
        models=[Model("X1", "X", "Acme", notes=[Text("a", "")])],
        commands=[command],
        errors={"1": ErrorCode("a", "")},
        errors_section="6",
        topics=[Topic(topic="dtls", section="5", title=TEXT, text=Text("", "b"), models=["X7"])],
        errata=[Erratum(en="a", section="4")],
        sections=["1", "2"],
    )
    one, topic = "commands[0] (AT+ACME)", "topics[0] (dtls)"
    assert list(faults(whole)) == [
        f"{one}.when: 'weather' is no condition: model and firmware are",
        f"{one}.examples[0].about: empty in one language",
        f"{one}.examples[0].models: the manual has no model 'X8'",
        f"{one}.examples[0].section: the manual has no section '8'",
        f"{one}.errata[0].section: the manual has no section '7'",
        f"{one}.parameters[0].section: the manual has no section '9'",
        f"{one}.parameters[0].values.1.when: 'moon' is no condition: model and firmware are",
        f"{one}.parameters[0].defaults[0].when: 'sun' is no condition: model and firmware are",
        f"{one}.parameters[0].defaults[0].models: the manual has no model 'X9'",
        f"{topic}.text: empty in one language",
        f"{topic}.models: the manual has no model 'X7'",
        f"{topic}.section: the manual has no section '5'",
        "errors.1: empty in one language",
        "errors.section: the manual has no section '6'",
        "models[0].notes[0]: empty in one language",
        "errata[0].section: the manual has no section '4'",
    ]


def test_a_numbered_place_needs_parameters_that_depend_on_another() -> None:
    def command(*parameters: Parameter) -> Manual:
        forms: dict[FormName, list[str]] = {"write": ["AT+ACME=<n>,<parameter1>"]}
        return manual(Command(command="AT+ACME", section="1", summary=TEXT, forms=forms, parameters=list(parameters)))

    kind = Parameter("n", "integer", TEXT)
    assert list(faults(command(kind, Parameter("on", "integer", TEXT, when={"n": [1]})))) == []
    assert list(faults(command(kind))) == ["commands[0] (AT+ACME).forms.write[0]: <parameter1> is no parameter"]
