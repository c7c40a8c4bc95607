from __future__ import annotations

from atshell.catalog.consistency import faults
from atshell.catalog.model import Command, Manual, Model, Note, Parameter, Response, Text, Value

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
