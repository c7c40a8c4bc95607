"""A command with its forms, and its parameters by what the catalog knows of them.

Every refusal has the code that the family gives it: one for a form that is not there, one for parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from atshell.at.command import Command, Form
from atshell.at.syntax import Argument
from atshell.catalog import model
from atshell.emulator.device import CommandError, Lines
from atshell.emulator.storage import Record, StorageFailure
from atshell_quectel.emulator.families import Family
from atshell_quectel.emulator.fields import accepted

Arguments = Sequence[Argument]
Answer = Callable[[], Lines]


@dataclass(frozen=True, slots=True)
class Forms:
    """A handler for ``Emulation.handlers``."""

    family: Family
    test: Answer | None = None
    read: Answer | None = None
    write: Callable[[Arguments], Lines] | None = None
    execute: Answer | None = None

    def __call__(self, command: Command) -> Lines:
        try:
            if command.form is Form.WRITE:
                if self.write is not None:
                    return self.write(command.arguments)
            elif answer := {Form.TEST: self.test, Form.READ: self.read, Form.EXECUTE: self.execute}[command.form]:
                return answer()
        except StorageFailure:
            raise CommandError(self.family.failed) from None
        raise CommandError(self.family.unsupported)


def notation(command: model.Command) -> Lines:
    """The answer to the test form, as the manual prints it."""
    return [line for response in command.responses.get("test", []) for line in response.lines]


def requested(command: model.Command, **when: int) -> tuple[model.Parameter, ...]:
    """The parameters of the write form that stand under exactly these conditions."""
    wanted = {name: [value] for name, value in when.items()}
    return tuple(one for one in command.parameters if one.place == "request" and one.when == wanted)


def read(parameters: Sequence[model.Parameter], arguments: Arguments, family: Family) -> Record:
    """The values of these parameters, and no more. Raises CommandError."""
    given = [*arguments, *(Argument("") for _ in parameters[len(arguments) :])]
    if len(given) > len(parameters):
        raise CommandError(family.wrong)
    values = [accepted(parameter, argument) for parameter, argument in zip(parameters, given, strict=True)]
    if None in values:
        raise CommandError(family.wrong)
    return tuple(value for value in values if value is not None)


def number(parameters: Sequence[model.Parameter], arguments: Arguments, family: Family) -> int:
    """The value of the one parameter."""
    return int(read(parameters, arguments, family)[0])
