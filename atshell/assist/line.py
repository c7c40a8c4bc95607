"""Any line, field by field: what a command will do, what each field of a URC or answer means, what an error code means
for this model. It takes a line alone, so it serves a pasted one as well.

A line such as ``+CEREG: 0,1`` may be a URC or the answer to a read: the notation whose parameters its values suit
better is the one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from atshell.assist.context import best_notation, find_parameter, named_values, plain, slot_at
from atshell.assist.explain import answer_notations, explain_success, limits_of
from atshell.assist.offers import default_of
from atshell.at.command import Command, Form, NotACommandLine, parse_line
from atshell.at.reply import Final, Information, parse_final, parse_information

if TYPE_CHECKING:
    from atshell.at.syntax import Argument
    from atshell.catalog.lookup import Catalog, Entry
    from atshell.catalog.model import Parameter
    from atshell.catalog.notation import Notation
    from atshell.catalog.profile import Profile

MAX_LINE = 8192
MAX_COMMANDS = 64
"""Of a line that are told; a module's own lines take less (V.250 section 5.2.1)."""
MAX_FIELDS = 256
SHOWN = 4
"""Characters of a key or password that are shown, as the manuals do it."""
# A time stamp, a direction or a line number of another tool's log may stand before what the module said.
_IN_A_LOG = re.compile(r'(?<![A-Za-z0-9_+"=,;])(?:[Aa][Tt](?=[+&*$^#%A-Z])|[+^*$#][A-Z][A-Z0-9_]*(?: ERROR)? ?[:=])')
_FORMS: dict[Form, tuple[str, str]] = {
    Form.EXECUTE: ("execute", "执行"),
    Form.WRITE: ("write", "设置"),
    Form.READ: ("read: asks for what is set", "读取: 查询当前设置"),
    Form.TEST: ("test: asks what it takes", "测试: 查询取值范围"),
}


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    """``<evtid>``; "" for a word that the notation fixes."""
    value: str
    meaning: str
    wrong: bool = False
    """It is not as the manual has it."""


@dataclass(frozen=True, slots=True)
class Account:
    """What is to be said of one command of a line, or of a line of a module."""

    name: str
    """``AT+MIPLOPEN``, ``+MIPLEVENT``, ``+CME ERROR``"""
    summary: str
    source: str = ""
    """The manual and section."""
    fields: tuple[Field, ...] = ()
    remarks: tuple[str, ...] = ()


def explain_line(catalog: Catalog, profile: Profile, line: str) -> list[Account]:
    """Empty when nothing is known of the line. Never fails."""
    text = cleaned(line)
    try:
        commands = parse_line(text).commands
    except NotACommandLine:
        commands = ()
    if commands:
        told = commands[:MAX_COMMANDS]
        return [account for command in told if (account := _command(catalog, profile, text, command))]
    final = parse_final(text)
    if final is not None:
        return [_final(catalog, profile, final)]
    if text.isdigit() and (known := catalog.errors(text, profile)):
        chinese = profile.language.startswith("zh")
        name = f"错误码 {text}" if chinese else f"error {text}"
        return [
            Account(
                name,
                meaning.in_language(profile.language),
                _source(manual.title.in_language(profile.language), manual.errors_section),
            )
            for manual, meaning in known
        ]
    account = _information(catalog, profile, parse_information(text))
    return [account] if account else []


def cleaned(line: str) -> str:
    """The line without what a log puts around it."""
    text = line[:MAX_LINE].strip().strip("\0")
    found = _IN_A_LOG.search(text)
    return text[found.start() :].strip() if found else text


# -- Commands


def _command(catalog: Catalog, profile: Profile, line: str, command: Command) -> Account | None:
    chinese = profile.language.startswith("zh")
    entry = catalog.find(f"AT{command.name}", profile)
    if entry is None or entry.command.kind != "command":
        near = (" 或 " if chinese else " or ").join(catalog.near(command.name, profile)) if command.name else ""
        if chinese:
            return Account(f"AT{command.name}", f"手册中没有此命令{f'; 是否想输入 {near}' if near else ''}")
        return Account(f"AT{command.name}", f"no manual here has it{f': did you mean {near}' if near else ''}")
    known = entry.command
    remarks = [] if command.form.value in known.forms else [_no_form(command.form, chinese)]
    fields: tuple[Field, ...] = ()
    if command.form in (Form.WRITE, Form.EXECUTE) and command.arguments:
        values = [argument.text for argument in command.arguments]
        notation = best_notation(_forms(entry, command.form), values, whole=True)
        fields = _fields(entry, profile, notation, command.arguments, answer=False)
        remarks += _left_out(entry, profile, notation, command.arguments)
    # Of the command alone: what stands before it would be read again for every command of the line.
    after = explain_success(catalog, profile, f"AT{line[command.start : command.end]}")
    remarks += [after] if after else []
    english, word = _FORMS[command.form]
    return Account(
        known.command,
        f"{known.summary.in_language(profile.language)} ({word if chinese else english})",
        _of(entry, profile),
        fields,
        tuple(remarks),
    )


def _forms(known: Entry, form: Form) -> Sequence[str]:
    return next((texts for name, texts in known.command.forms.items() if name == form.value), ())


def _no_form(form: Form, chinese: bool) -> str:
    return f"手册中没有此命令的 {form.value} 形式" if chinese else f"the manual has no {form.value} form of it"


def _left_out(
    entry: Entry, profile: Profile, notation: Notation | None, arguments: Sequence[Argument]
) -> Iterator[str]:
    """Parameters that are missing, and the defaults of those that may be."""
    if notation is None:
        return
    chinese = profile.language.startswith("zh")
    values = named_values(notation, [argument.text for argument in arguments])
    for index, slot in enumerate(notation.slots):
        if slot.literal or (index < len(arguments) and not arguments[index].omitted):
            continue
        parameter = find_parameter(entry, slot, values)
        default = default_of(parameter, profile) if parameter else None
        name = f"<{plain(slot.name)}>"
        if default is not None:
            yield f"{name} 未给出: 默认 {default}" if chinese else f"{name} is not given: {default} by default"
        elif not slot.optional:
            yield f"缺少 {name}" if chinese else f"{name} is missing"


# -- What a module says


def _final(catalog: Catalog, profile: Profile, final: Final) -> Account:
    chinese = profile.language.startswith("zh")
    if final.ok:
        return Account(final.result.value, "命令已被接受" if chinese else "the command was accepted")
    if not final.detail:
        hint = (
            "the command failed; AT+CMEE=1 makes the module say why",
            "命令执行失败; AT+CMEE=1 可让模组返回原因",
        )[chinese]
        return Account(final.result.value, hint)
    found = catalog.errors(final.detail, profile)
    if not found:
        return Account(final.result.value, "手册中没有此错误码" if chinese else "no manual here has this code")
    manual, meaning = found[0]
    source = _source(manual.title.in_language(profile.language), manual.errors_section)
    field = Field("<err>", final.detail, meaning.in_language(profile.language))
    return Account(final.result.value, "命令执行失败" if chinese else "the command failed", source, (field,))


def _information(catalog: Catalog, profile: Profile, information: Information) -> Account | None:
    if not information.prefix:
        return None
    best = max(_readings(catalog, profile, information), key=lambda reading: reading[0], default=None)
    if best is None:
        return None
    _, entry, notation, answer = best
    chinese = profile.language.startswith("zh")
    summary = entry.command.summary.in_language(profile.language)
    if answer:
        summary = (
            f"{entry.command.command} 的应答: {summary}" if chinese else f"answer of {entry.command.command}: {summary}"
        )
    fields = _fields(entry, profile, notation, information.values, answer=True)
    return Account(information.prefix, summary, _of(entry, profile), fields)


_Reading = tuple[int, "Entry", "Notation | None", bool]


def _readings(catalog: Catalog, profile: Profile, information: Information) -> Iterator[_Reading]:
    """As the URC and as the answer that it may be, with how well its values suit; the URC first."""
    prefix = information.prefix.upper()
    values = [argument.text for argument in information.values]
    for entry in (catalog.urc(prefix, profile), catalog.find(f"AT{prefix}", profile)):
        if entry is None:
            continue
        answer = entry.command.kind == "command"
        for text in answer_notations(entry):
            notation = best_notation([text], values, whole=True)
            if notation is not None and (not notation.head or notation.head.upper() == prefix):
                yield _suits(entry, notation, information.values), entry, notation, answer
        if not answer_notations(entry):
            yield -len(values), entry, None, answer


def _suits(entry: Entry, notation: Notation, arguments: Sequence[Argument]) -> int:
    score = 2 if notation.accepts(len(arguments)) else -2
    values = named_values(notation, [argument.text for argument in arguments])
    for index, argument in enumerate(arguments[:MAX_FIELDS]):
        slot = slot_at(notation, index)
        parameter = find_parameter(entry, slot, values, answer=True) if slot else None
        if slot is None:
            score -= 2
        elif parameter is not None and not argument.omitted:
            score += _suits_parameter(parameter, argument)
    return score


def _suits_parameter(parameter: Parameter, argument: Argument) -> int:
    if parameter.values:
        return 2 if argument.text in parameter.values else -1
    if parameter.type in ("integer", "uint16"):
        return -2 if argument.quoted or argument.integer is None else 1
    return 1 if argument.quoted else -1 if parameter.quoted else 0


# -- Fields


def _fields(
    entry: Entry, profile: Profile, notation: Notation | None, arguments: Sequence[Argument], *, answer: bool
) -> tuple[Field, ...]:
    texts = [argument.text for argument in arguments]
    values = named_values(notation, texts) if notation is not None else {}
    chinese = profile.language.startswith("zh")
    found = []
    for index, argument in enumerate(arguments[:MAX_FIELDS]):
        slot = slot_at(notation, index) if notation is not None else None
        if slot is None:
            extra = "手册中没有此字段" if chinese else "one more than the manual has"
            found.append(Field("", str(argument), extra, wrong=notation is not None))
        elif slot.literal:
            found.append(Field("", str(argument), ""))
        else:
            parameter = find_parameter(entry, slot, values, answer=answer)
            found.append(_field(plain(slot.name), argument, parameter, profile))
    return tuple(found)


def _field(name: str, argument: Argument, parameter: Parameter | None, profile: Profile) -> Field:
    shown = f"<{name}>"
    if parameter is None:
        return Field(shown, str(argument), "")
    language = profile.language
    summary = parameter.summary.in_language(language)
    if argument.omitted:
        return Field(shown, "", summary)
    if parameter.secret:
        return Field(shown, f"{argument.text[:SHOWN]}****", summary)
    value = parameter.values.get(argument.text)
    if value is not None:
        meaning = value.in_language(language)
        return Field(shown, str(argument), f"{meaning} · {summary}" if meaning else summary)
    unit = f" {parameter.unit}" if parameter.unit else ""
    wrong = _is_wrong(parameter, argument)
    allowed = ", ".join(limits_of(parameter, chinese=language.startswith("zh"))) if wrong else ""
    text = f"{summary} · {allowed}" if allowed else summary
    return Field(shown, f"{argument}{unit}", text, wrong)


def _is_wrong(parameter: Parameter, argument: Argument) -> bool:
    """Of a value that is none of those with a name."""
    number = argument.integer
    if parameter.range is not None and number is not None:
        low, high = parameter.range
        return not low <= number <= high
    if parameter.values:
        return parameter.type == "integer"  # none of them; a string may be what nobody has thought of
    return parameter.type in ("integer", "uint16") and number is None and not argument.quoted and bool(argument.text)


def _of(entry: Entry, profile: Profile) -> str:
    return _source(entry.manual.title.in_language(profile.language), entry.command.section)


def _source(title: str, section: str | None) -> str:
    return f"{title} §{section}" if section else title
