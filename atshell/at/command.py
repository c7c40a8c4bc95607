"""Command lines: ``AT+MIPLOPEN=0,300,30``, ``ATE0``, ``AT&F``, ``ATS3=13``, ``AT+A;+B=1``, ``A/`` (V.250 5.2 to 5.4).

A line is read command by command: a pattern for the name decides which of the three syntaxes follows, since they
end differently. Extended commands end at a ``;`` outside of quotes, basic commands and S parameters where their number
ends (``ATE0V1``), a dial command at the end of the line. Blanks may stand everywhere but in names and values.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from atshell.at.syntax import BLANKS, Argument, parse_arguments, quote


class Form(StrEnum):
    """What is done with a command (V.250 5.4.3, 5.4.4)."""

    TEST = "test"
    READ = "read"
    WRITE = "write"
    EXECUTE = "execute"


@dataclass(frozen=True, slots=True)
class Command:
    """One command of a line.

    A basic command is executed with its number as the argument: ``ATE0`` is EXECUTE of ``E`` with ``0`` (V.250 5.3.1),
    ``ATD10086;`` EXECUTE of ``D`` with ``10086;``.
    """

    name: str
    """Upper case, as in the catalog without AT: ``+MIPLOPEN``, ``E``, ``&F``, ``S3``; "" for a bare AT."""
    form: Form
    arguments: tuple[Argument, ...] = ()
    start: int = 0
    """Offset of the name in the line."""
    end: int = 0
    """Offset behind the last character."""


@dataclass(frozen=True, slots=True)
class CommandLine:
    """A whole line. ``commands`` is empty for ``A/`` only."""

    text: str
    commands: tuple[Command, ...]
    repeat: bool = False
    """``A/``: the module executes its last line again; no carriage return follows (V.250 5.2.4)."""


class NotACommandLine(ValueError):
    """The text does not begin with AT, or a command in it cannot be read; says where."""

    def __init__(self, what: str, offset: int = 0) -> None:
        super().__init__(f"{what} at column {offset + 1}" if offset else what)
        self.offset = offset
        """Where, counted from 0."""


PREFIX = re.compile(r"[ \t]*([Aa][Tt])[ \t]*")
REPEAT = re.compile(r"[ \t]*[Aa]/[ \t]*")
# V.250 5.4.1 allows "/" and ":" too; no known command has them, and they would swallow a comment or a URC's colon.
EXTENDED = re.compile(r"[+^*%$#!@][A-Za-z][A-Za-z0-9!%._-]*")
BASIC = re.compile(r"[Ss][0-9]+|[&\\]?[A-Za-z]")
_OPERATOR = re.compile(r"[ \t]*(=[ \t]*\?(?=[ \t]*(?:;|$))|\?|=)")
_NUMBER = re.compile(r"[ \t]*([0-9]+)")
_NOT_END = re.compile(r'[^";]+|"[^"]*(?:"|$)')
_TERMINATOR = "\r\n"


def parse_line(text: str) -> CommandLine:
    """Read a command line, with or without its terminator. Raises NotACommandLine."""
    line = text.rstrip(_TERMINATOR)
    if REPEAT.fullmatch(line):
        return CommandLine(text, (), repeat=True)
    prefix = PREFIX.match(line)
    if prefix is None:
        raise NotACommandLine("a command line begins with AT")
    at = prefix.end()
    if at == len(line):
        return CommandLine(text, (Command("", Form.EXECUTE, (), prefix.end(1), prefix.end(1)),))
    commands = []
    while at < len(line):
        command = _command(line, at)
        commands.append(command)
        at = _next(line, command)
    return CommandLine(text, tuple(commands))


def command_end(line: str, at: int) -> int:
    """Offset of the ``;`` that ends the extended command whose values begin at ``at``, or of the line's end."""
    while piece := _NOT_END.match(line, at):
        at = piece.end()
    return at


def format_command(name: str, form: Form, arguments: tuple[Argument, ...] = ()) -> str:
    """The text of one command with its AT. ``parse_line`` reads back what this writes.

    A value that could not stand without quotes (a comma, a ``;`` in it) gets them. Raises NotACommandLine for what no
    command line can say: a bad name, values where the form has none.
    """
    body = ",".join(_written(argument) if form is Form.WRITE else argument.text for argument in arguments)
    if form is Form.WRITE and body == "?":  # as it stands it would ask for a test
        body = str(quote(body))
    text = f"AT{name}{_SIGN[form]}{body}"
    commands = parse_line(text).commands
    if len(commands) != 1 or (commands[0].name, commands[0].form) != (name.upper(), form):
        raise NotACommandLine(f"{name!r} cannot be written in the {form} form")
    expected = [argument.text for argument in arguments if len(arguments) > 1 or not argument.omitted]
    if [argument.text for argument in commands[0].arguments] != expected:
        raise NotACommandLine(f"{name!r} cannot have these values in the {form} form")
    return text


_SIGN = {Form.TEST: "=?", Form.READ: "?", Form.WRITE: "=", Form.EXECUTE: ""}


def _command(line: str, at: int) -> Command:
    if name := EXTENDED.match(line, at):
        return _extended(line, name)
    if name := BASIC.match(line, at):
        return _dial(line, name) if name.group() in "Dd" else _basic(line, name)
    raise NotACommandLine("a command was expected", at)


def _next(line: str, command: Command) -> int:
    """Where the next command begins: behind a ``;``, which may be missing after a basic command (V.250 5.2.1)."""
    at = _skip_blanks(line, command.end)
    if at < len(line) and line[at] == ";":
        return _skip_blanks(line, at + 1)
    if at < len(line) and EXTENDED.match(command.name):
        raise NotACommandLine("the end of the command was expected", at)
    return at


def _skip_blanks(line: str, at: int) -> int:
    while at < len(line) and line[at] in BLANKS:
        at += 1
    return at


def _extended(line: str, name: re.Match[str]) -> Command:
    operator = _OPERATOR.match(line, name.end())
    form, end = _form(operator), operator.end() if operator else name.end()
    arguments: tuple[Argument, ...] = ()
    if form is Form.WRITE:
        values, end = end, command_end(line, end)
        arguments = parse_arguments(line[:end], values)
        end = len(line[:end].rstrip(BLANKS))
    return Command(name.group().upper(), form, arguments, name.start(), end)


def _basic(line: str, name: re.Match[str]) -> Command:
    operator = _OPERATOR.match(line, name.end())
    form, end = _form(operator), operator.end() if operator else name.end()
    arguments: tuple[Argument, ...] = ()
    if form in (Form.WRITE, Form.EXECUTE) and (number := _NUMBER.match(line, end)):
        arguments = (Argument(number.group(1), False, number.start(1), number.end()),)
        end = number.end()
    elif form is Form.WRITE and line[end:].strip(BLANKS)[:1] not in ("", ";"):
        raise NotACommandLine("a number was expected", end)
    return Command(name.group().upper(), form, arguments, name.start(), end)


def _dial(line: str, name: re.Match[str]) -> Command:
    """Everything up to the end is the number, ``;`` (a voice call) and commas (pauses) included (V.250 6.3.1)."""
    operator = _OPERATOR.match(line, name.end())
    if operator and not line[operator.end() :].strip(BLANKS) and _form(operator) is not Form.WRITE:
        return Command("D", _form(operator), (), name.start(), len(line))
    number = line[name.end() :].strip(BLANKS)
    start = line.find(number, name.end())
    arguments = (Argument(number, False, start, start + len(number)),) if number else ()
    return Command("D", Form.EXECUTE, arguments, name.start(), len(line))


def _form(operator: re.Match[str] | None) -> Form:
    if operator is None:
        return Form.EXECUTE
    sign = operator.group(1)
    if sign == "?":
        return Form.READ
    return Form.WRITE if sign == "=" else Form.TEST


def _written(argument: Argument) -> str:
    """The argument's text such that it is read back as one value and the same."""
    text = str(argument)
    if argument.omitted or argument.quoted:
        return text
    read = parse_arguments(text)
    safe = len(read) == 1 and read[0].text == argument.text and not read[0].quoted and read[0].closed
    whole = command_end(text, 0) == len(text) and "\r" not in text and "\n" not in text
    return text if safe and whole else str(quote(argument.text))
