"""One command with its forms, and the reading of its parameters.

A command says what it does in each form; a form that it does not have is refused. Parameters are decimal numbers
within a range, or strings; what is missing or out of range is refused in the words of 3GPP TS 27.007, 9.2.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from atshell.at.command import Command, Form
from atshell.at.syntax import Argument
from atshell.emulator.device import CommandError, Device, Handler, Lines

NOT_ALLOWED = 3
NOT_SUPPORTED = 4
BAD_PARAMETER = 50
"""``<err>`` of +CME ERROR (27.007, 9.2.1); a model may have another one for a parameter (``worded``)."""

Answer = Callable[[], Lines]
Arguments = Sequence[Argument]


def nothing() -> Lines:
    """OK alone."""
    return ()


@dataclass(frozen=True, slots=True)
class Forms:
    """A handler for ``Emulation.handlers``."""

    test: Answer = nothing
    read: Answer | None = None
    write: Callable[[Arguments], Lines] | None = None
    execute: Answer | None = None

    def __call__(self, command: Command) -> Lines:
        if command.form is Form.WRITE:
            if self.write is None:
                raise CommandError(NOT_SUPPORTED)
            return self.write(command.arguments)
        answer = {Form.TEST: self.test, Form.READ: self.read, Form.EXECUTE: self.execute}[command.form]
        if answer is None:
            raise CommandError(NOT_SUPPORTED)
        if command.arguments:
            raise CommandError(BAD_PARAMETER)
        return answer()


def worded(handler: Handler, device: Device) -> Handler:
    """The handler, with this model's own code for a parameter that is refused."""

    def carry_out(command: Command) -> Lines | Awaitable[Lines]:
        try:
            return handler(command)
        except CommandError as error:
            if error.code == BAD_PARAMETER:
                raise CommandError(device.bad_parameter) from None
            raise

    return carry_out


def integer(arguments: Arguments, index: int, allowed: range, default: int | None = None) -> int:
    """The parameter at ``index``; ``default`` where it is omitted, which is an error when there is none."""
    argument = arguments[index] if index < len(arguments) else Argument("")
    if argument.omitted and default is not None:
        return default
    text = argument.text
    if argument.quoted or not (text.isascii() and text.isdecimal()) or len(text) > 10 or int(text) not in allowed:
        raise CommandError(BAD_PARAMETER)
    return int(text)


def text(arguments: Arguments, index: int, pattern: re.Pattern[str], *, default: str) -> str:
    """The string at ``index``; ``default`` where it is omitted."""
    if index >= len(arguments) or arguments[index].omitted:
        return default
    argument = arguments[index]
    if not argument.quoted or pattern.fullmatch(argument.text) is None:
        raise CommandError(BAD_PARAMETER)
    return argument.text


def at_most(arguments: Arguments, count: int) -> None:
    """Refuse more than ``count`` parameters."""
    if len(arguments) > count:
        raise CommandError(BAD_PARAMETER)
