"""The parameters of a command, one by one. What is missing or malformed is error 601 (manual chapter 6)."""

from __future__ import annotations

from atshell.at.command import Command, Form
from atshell.at.syntax import Argument
from atshell.emulator.device import CommandError
from atshell_onemo.emulator.state import SYNTAX

UINT16 = 0xFFFF
UINT32 = 0xFFFFFFFF
_NOTHING = Argument("")


def cis(code: int) -> CommandError:
    return CommandError(code, "+CIS ERROR")


class Fields:
    """``count`` is how many a write form has at least and at most."""

    def __init__(self, command: Command, low: int, high: int) -> None:
        if command.form is not Form.WRITE or not low <= len(command.arguments) <= high:
            raise cis(SYNTAX)
        if not all(argument.closed for argument in command.arguments):
            raise cis(SYNTAX)
        self._values = command.arguments

    def __len__(self) -> int:
        return len(self._values)

    def raw(self, index: int) -> Argument:
        return self._values[index] if index < len(self._values) else _NOTHING

    def given(self, index: int) -> bool:
        return not self.raw(index).omitted

    def integer(self, index: int, high: int = UINT16, low: int = 0, default: int | None = None) -> int:
        """``default`` is for one that is left out; None makes it mandatory."""
        argument = self.raw(index)
        if argument.omitted and default is not None:
            return default
        value = argument.integer
        if argument.quoted or value is None or not low <= value <= high:
            raise cis(SYNTAX)
        return value

    def one_of(self, index: int, values: frozenset[int], default: int | None = None) -> int:
        value = self.integer(index, UINT32, default=default)
        if value not in values:
            raise cis(SYNTAX)
        return value

    def string(self, index: int) -> str:
        """A string, which must stand in quotes."""
        argument = self.raw(index)
        if not argument.quoted:
            raise cis(SYNTAX)
        return argument.text

    def text(self, index: int, most: int = UINT16) -> str:
        """Quoted or not, as sections 5.4 and 5.7 write keys; empty when left out. ``most`` is in bytes."""
        text = self.raw(index).text
        if len(text.encode("utf-8", "surrogateescape")) > most:
            raise cis(SYNTAX)
        return text
