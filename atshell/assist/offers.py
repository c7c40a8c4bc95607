"""Values that could stand at an argument, as they would be typed, the likeliest first.

What the session knows comes before what the manual lists, the manual's default before what its examples show. Which
parameter it is, and so which values there are, follows from the arguments before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from atshell.assist.context import Context, literal_value, named_values, read_notation, slot_at, typed_arguments
from atshell.at.command import NotACommandLine, parse_line
from atshell.catalog.profile import meets

if TYPE_CHECKING:
    from atshell.assist.situation import Known, Situation
    from atshell.at.syntax import Argument
    from atshell.catalog.lookup import Entry
    from atshell.catalog.model import Parameter, Scalar, Value
    from atshell.catalog.profile import Profile

MAX_EXAMPLES = 8
"""Values from a manual's examples that are offered."""
_FREE = frozenset({"string", "host", "ip", "hex", "opaque"})
"""Types whose values in an example say something; a number of an example is one of many."""
DEFAULT = ("default", "默认")
EXAMPLE = ("in an example", "见示例")


@dataclass(frozen=True, slots=True)
class Offer:
    text: str
    """As it would be typed, quotes included where they must stand."""
    meaning: str = ""


def offers(place: Context, profile: Profile, situation: Situation) -> list[Offer]:
    """Each text once; the first that is said of it stays, a later meaning is added to it."""
    chinese = profile.language.startswith("zh")
    found: dict[str, str] = dict.fromkeys(_literals(place), "")
    if place.parameter is None:
        return [Offer(text, meaning) for text, meaning in found.items()]
    parameter = place.parameter
    meanings = {
        _quoted(key, parameter): value.in_language(profile.language)
        for key, value in parameter.values.items()
        if _exists(value, profile)
    }
    for one in _known(place, parameter, situation):
        text = _quoted(one.value, parameter)
        if meanings and text not in meanings:
            continue  # of a few named values, another one is no help
        known = one.meaning.in_language(profile.language)
        found.setdefault(text, " · ".join(filter(None, (meanings.get(text), known))))
    for text, meaning in meanings.items():
        found.setdefault(text, meaning)
    default = default_of(parameter, profile)
    if default is not None:
        _add(found, _quoted(str(default), parameter), DEFAULT[chinese])
    if not meanings and place.entry is not None and parameter.type in _FREE:
        for value in _in_examples(place.entry, parameter):
            found.setdefault(_quoted(value, parameter), EXAMPLE[chinese])
    return [Offer(text, meaning) for text, meaning in found.items()]


def _add(found: dict[str, str], text: str, word: str) -> None:
    found[text] = f"{found[text]} · {word}" if found.get(text) else word


def default_of(parameter: Parameter, profile: Profile) -> Scalar | None:
    """The default, also where the firmware decides it; None while nobody can say."""
    if parameter.default is not None:
        return parameter.default
    return next((one.value for one in parameter.defaults if meets(one.when, profile)), None)


def _exists(value: Value, profile: Profile) -> bool:
    """A value that the firmware is known not to have is left out."""
    return not value.when or not profile.firmware or meets(value.when, profile)


def _quoted(value: str, parameter: Parameter) -> str:
    return f'"{value}"' if parameter.quoted and not value.startswith('"') else value


def _known(place: Context, parameter: Parameter, situation: Situation) -> Iterator[Known]:
    """What the session knows for this parameter, where the arguments before it agree."""
    values = named_values(place.notation, typed_arguments(place.position)) if place.notation else {}
    for one in situation.values.get(parameter.name, ()):
        if one.commands and place.position.name not in one.commands:
            continue
        if _agrees(one.when, values):
            yield one


def _agrees(when: Mapping[str, str], values: Mapping[str, str]) -> bool:
    return all(name not in values or values[name] == value for name, value in when.items())


def _literals(place: Context) -> Iterable[str]:
    """Words that the manual's notations fix at this place, of the notations that agree so far."""
    if place.entry is None:
        return []
    arguments = typed_arguments(place.position)
    found: dict[str, None] = {}
    for text in place.entry.command.forms.get("write", ()):
        notation = read_notation(text)
        if notation is None:
            continue
        slot = slot_at(notation, place.position.index)
        if slot is not None and slot.literal and all(_fits(text, index, one) for index, one in enumerate(arguments)):
            found[slot.name] = None
    return found


def _fits(notation: str, index: int, argument: str) -> bool:
    read = read_notation(notation)
    slot = slot_at(read, index) if read is not None else None
    return slot is not None and (not slot.literal or literal_value(slot).casefold() == argument.casefold())


def _in_examples(entry: Entry, parameter: Parameter) -> Sequence[str]:
    """What the manual's examples have at this very parameter, which earlier ones may decide."""
    command = entry.command
    notations = [read_notation(text) for text in command.forms.get("write", ())]
    found: dict[str, None] = {}
    for arguments in (_arguments(command.command, line) for example in command.examples for line in example.send):
        for notation in notations:
            if notation is None or not notation.accepts(len(arguments)):
                continue
            places = entry.placed(notation, [argument.text for argument in arguments])
            for argument, place in zip(arguments, places, strict=True):
                if place == parameter and argument.text:
                    found[str(argument)] = None
    return list(found)[:MAX_EXAMPLES]


def _arguments(command: str, line: str) -> tuple[Argument, ...]:
    try:
        commands = parse_line(line).commands
    except NotACommandLine:
        return ()
    return next((one.arguments for one in commands if f"AT{one.name}" == command), ())


def limits(parameter: Parameter, profile: Profile) -> str:
    """``300 to 4294966 s``, for a parameter whose values are too many to be listed; "" for others."""
    if parameter.range is None or parameter.values:
        return ""
    low, high = parameter.range
    word = "至" if profile.language.startswith("zh") else "to"
    return f"{low:.12g} {word} {high:.12g}{f' {parameter.unit}' if parameter.unit else ''}"
