"""The parameters of commands and URCs by position. What is not as the manual has it reads as nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from atshell.at.syntax import Argument
from atshell.session.intent import Intent, Value

Values = tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class Arguments:
    """Parameters by position; what is missing or no number is None."""

    arguments: tuple[Argument, ...]

    def __len__(self) -> int:
        return len(self.arguments)

    def text(self, index: int) -> str:
        return self.arguments[index].text if index < len(self.arguments) else ""

    def number(self, index: int) -> int | None:
        return number_of(self.text(index))

    def path(self, index: int) -> str | None:
        """Object, instance and resource from ``index`` on; -1 and what is not there stand for everything below."""
        numbers: list[str] = []
        for number in map(self.number, range(index, index + 3)):
            if number is None or number < 0:
                break
            numbers.append(str(number))
        return "/" + "/".join(numbers) if numbers else None

    def value(self, target: str | None, kind: int, value: int) -> Values:
        """The value at ``value``, read as the type at ``kind`` says."""
        if target is None or value >= len(self.arguments):
            return ()
        return ((target, value_of(self.number(kind), self.text(value))),)


def number_of(text: str) -> int | None:
    """Decimal, or hexadecimal as in ``0x400`` (3.9)."""
    if len(text) > 12:
        return None
    try:
        return int(text, 16) if text[:2].lower() == "0x" else int(text)
    except ValueError:
        return None


def value_of(kind: int | None, text: str) -> Value:
    """Types of 3.9: 1 string, 2 opaque, 3 integer, 4 float, 5 boolean, 6 hexadecimal text."""
    try:
        if kind == 3:
            return int(text[:24])
        if kind == 4:
            return float(text[:40])
    except ValueError:
        return text
    if kind == 5 and text in ("0", "1"):
        return text == "1"
    return text.lower() if kind in (2, 6) else text


Reading = Callable[[Intent, Arguments], Intent]
"""Takes the bare intent of a line and its parameters, and says what the line means."""
