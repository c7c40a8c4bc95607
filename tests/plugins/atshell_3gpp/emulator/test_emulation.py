"""The emulated module and the manuals of this pack agree."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

import atshell_3gpp
from atshell.catalog.load import load_manual
from atshell.catalog.model import Command, Example
from atshell_3gpp.emulator.emulation import StandardCommands

from .conftest import STARTED, Bench

MANUALS = sorted((Path(atshell_3gpp.__file__).parent / "manuals").glob("*.toml"))
KNOWN = [command for path in MANUALS for command in load_manual(path).commands if command.kind == "command"]
COMMANDS = [command for command in KNOWN if command.command.removeprefix("AT") in Bench().device.commands]
EXAMPLES = [example for command in COMMANDS for example in command.examples if example.send]
NOTHING_SET = ("AT+CEDRXS", "read")
"""OK alone, until something is set."""
PREPARED = {"AT+CEDRXS?": ['AT+CEDRXS=1,5,"0101"'], "AT+CCIOTOPT?": ["AT+CCIOTOPT=1,3,1"]}
"""What an example takes for granted."""


def test_every_command_of_the_module_is_in_a_manual(bench: Bench) -> None:
    *listed, final = bench.ask("AT+CLAC")
    assert final == "OK"
    assert listed == sorted(command.command for command in COMMANDS)
    assert len(listed) > 40


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.command)
def test_forms_without_parameters_are_answered(bench: Bench, command: Command) -> None:
    for form, sign in (("test", "=?"), ("read", "?"), ("execute", "")):
        *lines, final = bench.ask(command.command + sign)
        if form in command.forms:
            assert final in ("OK", "0\r"), form
            answered = any(response.lines for response in command.responses.get(form, []))
            assert bool(lines) == (answered and (command.command, form) != NOTHING_SET), form
        else:
            assert "ERROR" in final, form


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: " ".join(example.send))
def test_examples(bench: Bench, example: Example) -> None:
    """Their lines come, with this module's own values."""
    for line in PREPARED.get(example.send[0], ()):
        bench.ask(line)
    answer = [line for sent in example.send for line in bench.ask(sent)]
    assert [line.partition(":")[0] for line in answer if line.startswith("+")] == [
        line.partition(":")[0] for line in example.receive if line.startswith("+")
    ]
    assert (len(answer), answer[-1]) == (len(example.receive), example.receive[-1])


def test_a_reboot_forgets(bench: Bench) -> None:
    bench.ask("AT+CEREG=1;+COPS=2")
    bench.emulation.reboot()
    assert bench.ask("AT+CEREG?;+COPS?")[:2] == ["+CEREG: 0,0", "+COPS: 0"]


def test_nothing_is_operated(bench: Bench) -> None:
    async def scenario() -> None:
        emulation = StandardCommands(bench.device, STARTED)
        assert await emulation.operate(["read", "/3/0"]) is None
        await emulation.close()

    asyncio.run(scenario())
