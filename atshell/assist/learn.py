"""What a module says of a command that no manual here has: its answer to ``AT+X=?`` as a page of a manual.

The answer is the manuals' own notation with values in parentheses, so the one reader serves both. It comes from a
module and is not to be trusted: every count and length has a cap, and what cannot be read is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from atshell.assist.context import read_notation
from atshell.catalog.model import Command, FormName, Manual, Parameter, Text, Type, Value
from atshell.catalog.notation import Slot

MAX_COMMANDS, MAX_LINES, MAX_LENGTH, MAX_SLOTS, MAX_CHOICES = 500, 16, 512, 24, 64
MAX_LISTED = 32
"""Numbers of a range that are listed one by one."""
TITLE = Text("what the module says of itself", "模组自述")
SUMMARY = Text("learned from the module", "由模组应答得知")
NAME = re.compile(r"[+^*$#%][A-Z][A-Z0-9!%._-]{0,30}")
_RANGE = re.compile(r"(-?[0-9]{1,12})\s*-\s*(-?[0-9]{1,12})")
_NUMBER = re.compile(r"-?[0-9]{1,12}")
_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_ /-]{0,30}")


def can_be_learned(name: str) -> bool:
    """True for a name that it is safe to ask for: ``+QCFG``."""
    return NAME.fullmatch(name) is not None


def useful(lines: Iterable[str]) -> tuple[str, ...]:
    """The lines of an answer that are kept."""
    kept = (line.strip() for line in lines)
    return tuple(line for line in kept if line and len(line) <= MAX_LENGTH and line.isprintable())[:MAX_LINES]


def learned_manual(answers: Mapping[str, Sequence[str]]) -> Manual:
    """Every command that was asked for, by name, with the lines that the module answered."""
    commands = [learned(name, lines) for name, lines in answers.items() if can_be_learned(name)]
    return Manual("learned", TITLE, "", commands=commands[:MAX_COMMANDS])


def learned(name: str, lines: Sequence[str]) -> Command:
    """A command from the lines that answered its test form."""
    parameters: dict[str, Parameter] = {}
    notations: dict[str, None] = {}
    for line in useful(lines):
        notation = read_notation(line)
        if notation is None or notation.head.upper() not in ("", name) or not notation.slots:
            continue
        if not notation.head and not line.startswith("("):
            continue  # free text
        written = [_written(slot, at, parameters) for at, slot in enumerate(notation.slots[:MAX_SLOTS], 1)]
        notations[f"AT{name}={written[0]}" + "".join(f"[,{one}" for one in written[1:]) + "]" * (len(written) - 1)] = (
            None
        )
    forms: dict[FormName, list[str]] = {"test": [f"AT{name}=?"]}
    if notations:
        forms["write"] = list(notations)
    return Command(command=f"AT{name}", section="", summary=SUMMARY, forms=forms, parameters=list(parameters.values()))


def _written(slot: Slot, at: int, parameters: dict[str, Parameter]) -> str:
    """How a slot stands in the notation; its parameter is added to the others."""
    if slot.literal and not _RANGE.fullmatch(slot.name):
        return slot.name
    name = slot.name if _PLAIN.fullmatch(slot.name) and not slot.choices and not slot.literal else f"value{at}"
    choices = slot.choices or ((slot.name,) if slot.literal else ())
    parameter = _parameter(name, choices[:MAX_CHOICES], optional=at > 1)
    same = parameters.setdefault(name, parameter)
    if same != parameter:  # another line of the answer has other values at this place
        name = f"{name}-{len(parameters) + 1}"
        parameters[name] = _parameter(name, choices[:MAX_CHOICES], optional=at > 1)
    return f"<{name}>"


def _parameter(name: str, choices: Sequence[str], *, optional: bool) -> Parameter:
    ranges = [(int(match[1]), int(match[2])) for one in choices if (match := _RANGE.fullmatch(one.strip()))]
    numbers = [int(one) for one in choices if _NUMBER.fullmatch(one.strip())]
    bounds = [*(bound for pair in ranges for bound in pair), *numbers]
    kind: Type = "integer" if choices and len(ranges) + len(numbers) == len(choices) else "string"
    count = len(numbers) + sum(max(high - low + 1, 0) for low, high in ranges)
    listed = (
        [*numbers, *(number for low, high in ranges for number in range(low, high + 1))] if count <= MAX_LISTED else []
    )
    words = [str(number) for number in sorted(set(listed))]
    if kind == "string":
        words = [one.strip().strip('"') for one in choices if len(one) <= 64]
    return Parameter(
        name,
        kind,
        SUMMARY,
        range=(min(bounds), max(bounds)) if kind == "integer" and bounds else None,
        values={word: Value("", "") for word in words if word},
        quoted=bool(choices) and all(one.strip().startswith('"') for one in choices),
        optional=optional,
    )
