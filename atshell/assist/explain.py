"""What a line means: the signature under the cursor, URCs and answers, error codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from atshell.assist.context import best_notation, context, find_parameter, named_values, plain, slot_at
from atshell.at.lexer import position

if TYPE_CHECKING:
    from atshell.at.reply import Final, Information
    from atshell.catalog.lookup import Catalog, Entry
    from atshell.catalog.model import Parameter, Text
    from atshell.catalog.profile import Profile

TYPE_NAMES = {
    "integer": "整型",
    "uint16": "uint16",
    "float": "浮点",
    "string": "字符串",
    "hex": "十六进制",
    "bitmap": "位图",
    "ip": "IP 地址",
    "host": "主机",
    "opaque": "不透明",
}


@dataclass(frozen=True, slots=True)
class Signature:
    """For the toolbar."""

    notation: str
    """The form that is being typed, as the manual writes it."""
    span: tuple[int, int] | None
    """Where in ``notation`` the current parameter stands."""
    parameter: str
    """``<type> integer · data type of the resource · 1 to 6 · §3.9``; "" when the cursor is in none."""
    summary: str
    """The command's one-line description."""


def signature(catalog: Catalog, profile: Profile, line: str, cursor: int) -> Signature | None:
    """The signature of the command under the cursor; None while no known command stands there."""
    place = context(catalog, profile, line, end_of_word(line, max(0, min(cursor, len(line)))))
    if place.entry is None:
        return None
    return Signature(
        notation=place.notation.text if place.notation else place.entry.command.command,
        span=place.slot.span if place.slot else None,
        parameter=_describe(place.parameter, place.entry, profile) if place.parameter else "",
        summary=place.entry.command.summary.in_language(profile.language),
    )


def end_of_word(line: str, cursor: int) -> int:
    """The cursor moved behind the name that it is in; in an argument it stays."""
    if position(line, cursor).part == "name":
        while cursor < len(line) and line[cursor].isalnum():
            cursor += 1
    return cursor


def _describe(parameter: Parameter, entry: Entry, profile: Profile) -> str:
    chinese = profile.language.startswith("zh")
    kind = TYPE_NAMES[parameter.type] if chinese else parameter.type
    facts = [f"<{plain(parameter.name)}> {kind}", parameter.summary.in_language(profile.language)]
    facts += limits_of(parameter, chinese=chinese)
    section = parameter.section or entry.command.section
    if section:
        facts.append(f"§{section}")
    return " · ".join(facts)


def limits_of(parameter: Parameter, *, chinese: bool) -> Iterator[str]:
    """What values it takes, fact by fact."""
    unit = f" {parameter.unit}" if parameter.unit else ""
    if parameter.range:
        low, high = parameter.range
        yield f"{low:.12g} {'至' if chinese else 'to'} {high:.12g}{unit}"
    elif parameter.values:
        yield " ".join(parameter.values)
    elif unit:
        yield unit.strip()
    if parameter.max_length is not None:
        yield f"最多 {parameter.max_length} 字节" if chinese else f"at most {parameter.max_length} bytes"
    if parameter.default is not None:
        yield f"{'默认' if chinese else 'default'} {parameter.default}"
    if parameter.optional:
        yield "可选" if chinese else "optional"


def explain_information(catalog: Catalog, profile: Profile, information: Information, *, answer: bool = False) -> str:
    """A few words on a URC or, with ``answer``, an answer's line: ``logged in to the platform``; "" when nothing is
    known.

    The meaning of an enumerated value says more than the line's name, so a URC's summary stands only where no value
    has one, or only a special value (-1 for "all") beside ordinary ones.
    """
    if not information.prefix:
        return ""
    prefix = information.prefix.upper()
    command, urc = catalog.find(f"AT{prefix}", profile), catalog.urc(prefix, profile)
    entry = (command or urc) if answer else (urc or command)
    if entry is None:
        return ""
    values = [argument.text for argument in information.values]
    meanings = _meanings(entry, profile, values)
    names = len(meanings) > 1 and answer
    told = [f"{name}: {meaning}" if names else meaning for name, meaning in meanings.items()]
    if entry.command.kind == "urc" and not any(len(_values_of(entry, name)) > 1 for name in meanings):
        told.insert(0, entry.command.summary.in_language(profile.language))
    return ", ".join(told)


def _values_of(entry: Entry, name: str) -> Mapping[str, Text]:
    parameter = entry.parameter(name)
    return parameter.values if parameter else {}


def _meanings(entry: Entry, profile: Profile, values: Sequence[str]) -> dict[str, str]:
    """What the enumerated values of a line mean, by the parameter's name; a meaning that stands there is not
    repeated."""
    notation = best_notation(answer_notations(entry), values, whole=True)
    if notation is None:
        return {}
    named = named_values(notation, values)
    found: dict[str, str] = {}
    for index, value in enumerate(values):
        slot = slot_at(notation, index)
        parameter = find_parameter(entry, slot, named, answer=True) if slot else None
        meaning = parameter.values.get(value) if parameter else None
        text = meaning.in_language(profile.language) if meaning else ""
        if slot is not None and text and text not in found.values():
            found[plain(slot.name)] = text
    return found


def answer_notations(entry: Entry) -> list[str]:
    """How the lines are written that a command is answered with, or that a URC consists of."""
    command = entry.command
    if command.kind == "urc":
        return list(command.forms.get("urc", ()))
    return [line for responses in command.responses.values() for one in responses for line in one.lines]


def explain_success(catalog: Catalog, profile: Profile, line: str) -> str:
    """What an OK leaves open: settings that act after a reboot, a result that follows as a URC."""
    place = context(catalog, profile, line, len(line))
    if place.entry is None or place.form not in ("write", "execute"):
        return ""
    chinese = profile.language.startswith("zh")
    if place.entry.command.needs_reboot:
        return "重启后生效" if chinese else "acts after a reboot"
    urcs = place.entry.command.urcs
    if not urcs:
        return ""
    return f"结果随 {' 或 '.join(urcs)} 上报" if chinese else f"{' or '.join(urcs)} follows"


def explain_final(catalog: Catalog, profile: Profile, final: Final) -> str:
    """What an error code means and which manual says so; "" for a success or a bare ERROR."""
    if final.ok or not final.detail:
        return ""
    known = catalog.error(final.detail, profile, result=final.result)
    if known is None:
        return ""
    manual, meaning = known
    section = f" §{manual.errors_section}" if manual.errors_section else ""
    return f"{meaning.in_language(profile.language)} ({manual.title.in_language(profile.language)}{section})"
