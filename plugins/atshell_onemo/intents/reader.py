"""Happenings to intents.

Each line means something by itself (``commands``, ``urcs``), but for three things that need a memory: values are
collected until a line with flag 0 sends them (3.9), a login state that was asked for is reported once more (3.6), and
+MIPLNSMI names a command by seven bits of its message ID (4.10). Nothing here fails: a line with other parameters
than the manual's is one that claims nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from atshell.at.command import Command, Form, NotACommandLine, parse_line
from atshell.at.reply import Information
from atshell.at.syntax import Argument
from atshell.session.exchange import Exchange, Happening, Unsolicited
from atshell.session.intent import Intent
from atshell_onemo.intents.arguments import Arguments
from atshell_onemo.intents.commands import COMMANDS, QUIET
from atshell_onemo.intents.urcs import LOGGED_IN, URCS

NSMI_MASK = 127
MAX_COLLECTED = 256
"""More lines than fit into a report of 1000 bytes (3.9)."""


def read_intents(happenings: Sequence[Happening]) -> list[Intent]:
    """In the order of the happenings; the lines of an answer follow their command."""
    reader = _Reader()
    for happening in happenings:
        if isinstance(happening, Exchange):
            reader.exchange(happening)
        elif isinstance(happening, Unsolicited):
            reader.line(happening.information, happening.time, happening.entries)
    return reader.finish()


class _Reader:
    """Happenings to intents, with the little memory that needs."""

    def __init__(self) -> None:
        self._intents: list[Intent] = []
        self._collected: dict[str, list[int]] = {}
        """Intents whose values wait to be sent, by what will send them."""
        self._asked_for_state = False
        self._numbered: dict[int, Intent] = {}
        """The latest command for each number that +MIPLNSMI can name."""

    def exchange(self, exchange: Exchange) -> None:
        bare = Intent(exchange.sent, exchange.entries, "at", exchange.line, "")
        refusal = exchange.final.text if exchange.final is not None and not exchange.ok else None
        for command in _commands(exchange.line):
            if refusal is not None:
                self._add_refused(bare, command, refusal)
            else:
                self._add_command(bare, command)
        for information in exchange.lines:
            self.line(information, exchange.ended, exchange.entries)

    def line(self, information: Information, time: float, entries: tuple[int, ...]) -> None:
        """A URC; AT+MIPLMGR gives the same lines as its answer (4.3)."""
        prefix, arguments = _split(information)
        bare = Intent(time, entries, "urc", information.text, "")
        if prefix == "+MIPLNSMI":
            self._intents.append(self._sent(bare, arguments))
        elif prefix in URCS:
            intent = URCS[prefix](bare, arguments)
            if intent.part == "outcome" and arguments.number(1) == LOGGED_IN:
                intent = replace(intent, shares="earlier" if self._asked_for_state else "")
                self._asked_for_state = False
            self._intents.append(intent)

    def finish(self) -> list[Intent]:
        """What was collected and never sent made no traffic."""
        for waiting in self._collected.values():
            for index in waiting:
                self._intents[index] = replace(self._intents[index], operations=(), shares="")
        return self._intents

    def _add_refused(self, bare: Intent, command: Command, refusal: str) -> None:
        if command.name in COMMANDS or command.name in QUIET:
            self._intents.append(replace(bare, summary=f"refused: {refusal}"))

    def _add_command(self, bare: Intent, command: Command) -> None:
        if command.name in COMMANDS and command.form is Form.WRITE:
            arguments = Arguments(_mended(command.arguments))
            intent = COMMANDS[command.name](bare, arguments)
            self._remember(intent, arguments)
            self._intents.append(intent)
            self._asked_for_state &= command.name != "+MIPLOPEN"
        elif command.name == "+MIPLOPEN" and command.form is Form.READ:
            self._asked_for_state = True
            self._intents.append(replace(bare, summary="ask whether it is logged in"))
        elif command.name in COMMANDS or command.name in QUIET:
            self._intents.append(replace(bare, summary=QUIET.get(command.name, "")))

    def _remember(self, intent: Intent, arguments: Arguments) -> None:
        key = _group(intent)
        if intent.shares == "next":
            waiting = self._collected.setdefault(key, [])
            if len(waiting) < MAX_COLLECTED:
                waiting.append(len(self._intents))
        else:
            self._collected.pop(key, None)
            number = arguments.number(1)
            if number is not None and intent.operations[:1] in (("Notify",), ("Read",), ("Write",), ("Execute",)):
                self._numbered[number & NSMI_MASK] = intent

    def _sent(self, bare: Intent, arguments: Arguments) -> Intent:
        """+MIPLNSMI: 0 ref, 1 status, 2 number (4.10). It speaks of the message of the command with that number."""
        if arguments.number(1) != 1:
            return replace(bare, summary="sending failed")
        number = arguments.number(2)
        command = self._numbered.get(number & NSMI_MASK) if number is not None else None
        if command is None:
            return replace(bare, summary="sent")
        return replace(
            command, time=bare.time, entries=bare.entries, kind="urc", line=bare.line, summary="sent", shares="earlier"
        )


def _group(intent: Intent) -> str:
    """What is sent together: an answer's lines by message ID, a report's by object and instance (3.9)."""
    if intent.part == "response":
        return f"{intent.operations} {intent.mid}"
    return "/".join((intent.target or "").split("/")[:3])


def _mended(arguments: tuple[Argument, ...]) -> tuple[Argument, ...]:
    """Without the stray comma of 5.1's ``AT+MIPLWRITERSP=,0,25845,2``."""
    return arguments[1:] if len(arguments) > 1 and arguments[0].omitted else arguments


def _commands(line: str) -> Iterator[Command]:
    try:
        yield from parse_line(line).commands
    except NotACommandLine:
        return


def _split(information: Information) -> tuple[str, Arguments]:
    """Prefix and parameters; 3.19's example has ``=`` where every other line has a colon."""
    if not information.prefix and information.text.startswith("+MIP"):
        name, _, rest = information.text.partition("=")
        if name.upper() in URCS:
            return name.upper(), Arguments(tuple(Argument(part.strip(' "')) for part in rest.split(",")))
    return information.prefix.upper(), Arguments(information.values)
