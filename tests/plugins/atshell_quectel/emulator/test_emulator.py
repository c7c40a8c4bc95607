"""Every example dialogue of the four manuals, from beginning to end, on every model of its manual.

The examples are the catalog's. A few presuppose something that they do not show: what has to be done before is in
``BEFORE``. Blanks behind a comma mean nothing, and ``MISPRINTED`` is what the manuals' own errata correct.
"""

from __future__ import annotations

import re

import pytest

from atshell.catalog.model import Example
from atshell.catalog.profile import Profile
from atshell_quectel.emulator.management import State

from .conftest import CATALOG, Bench, MakeBench, obliging

SERVERS = {
    "quectel-bc25-bc32-self-registration": "117.161.2.41",
    "quectel-bc26-bc20-cmdmp": "117.161.2.7",
    "quectel-bc260y-self-registration": "117.161.2.7",
    "quectel-bc35g-bc28-bc95r2-cmdmp": "117.161.2.7",
}
MISPRINTED = {"+QDMPCFGEX: 3,BC26NB0R01A07,Quectel": "+QDMPCFGEX: 3,BC26NBR01A07,Quectel"}
DIALOGUES = [
    (model.model, entry.command.command)
    for model in CATALOG.models()
    for entry in CATALOG.entries(Profile(model.model))
]


def prepare(bench: Bench, manual: str, command: str, example: Example) -> None:
    """What the example presupposes: settings in force, or a state of the access."""
    if example.send in (["AT+DMPCONFIG?"], ["AT+QDMPCFG?"]):
        bench.ask(f"{command}=1,{SERVERS[manual]},5683,420")
        bench.ask(f'{command}=2,"M100000089","95GoTUi33nUK05ha",1,863703030822519')
        bench.reboot()
    about = example.about.en if example.about else ""
    if about.startswith("the state: "):
        bench.sky.server = obliging
        if "cmcc" not in CATALOG.model(bench.profile.model).operators:
            assert bench.module.settings.access is not None  # it has the command, and nothing to register with
            bench.module.settings.access.show(
                State.REG_SUCCESS if about.endswith("registered") else State.UPDATE_SUCCESS
            )
        elif about.endswith("registered"):
            if bench.module.settings.switch is not None:
                bench.ask("AT+QSELFREGISTER=1")
            bench.reboot()
        else:
            bench.clock.advance(86400)


def same(line: str) -> str:
    line = MISPRINTED.get(line, line)
    return re.sub(r",\s+(?=,|[0-9A-Za-z])", ",", line)


@pytest.mark.parametrize(("model", "command"), DIALOGUES)
def test_the_examples_of_the_manual(bench: MakeBench, model: str, command: str) -> None:
    entry = CATALOG.find(command, Profile(model))
    assert entry is not None
    module = bench(model)
    assert entry.command.examples
    for example in entry.command.examples:
        prepare(module, entry.manual.id, command, example)
        said = [line for sent in example.send for line in module.ask(sent)]
        assert said == [same(line) for line in example.receive], example.send


def test_every_model_has_the_commands_of_its_manual() -> None:
    names = {
        model.model: {entry.command.command for entry in CATALOG.entries(Profile(model.model))}
        for model in CATALOG.models()
    }
    for model, commands in names.items():
        assert {f"AT{name}" for name in Bench(model).module.handlers} - commands <= {"AT+NRB", "AT+QRST"}
        assert commands <= {f"AT{name}" for name in Bench(model).module.handlers}
