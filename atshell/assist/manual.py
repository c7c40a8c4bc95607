"""A manual's sheet: what is known of a command, URC or error code, for people and for programs.

``page`` and ``error_page`` give fragments, ``entry_record`` and ``error_record`` the objects of
``atshell doc --format json``. The page puts first what one looks up most: the forms, then the parameters,
then the rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from atshell.assist.explain import TYPE_NAMES
from atshell.assist.sheet import LABEL, Sheet
from atshell.assist.wrap import columns, padded
from atshell.catalog.lookup import Catalog, Entry
from atshell.catalog.model import Command, ErrorCode, FormName, Manual, Parameter, Scalar, Text
from atshell.catalog.profile import Profile
from atshell.styled import Fragments

_FORMS: tuple[FormName, ...] = ("execute", "write", "read", "test", "urc")
_MOST_ERRORS = 12
"""A longer table is named, not shown."""


def page(entry: Entry, profile: Profile, *, width: int = 80) -> Fragments:
    """The page of a command or URC, in the profile's language, narrowed to its model."""
    entry = entry.narrowed(profile)
    command = entry.command
    sheet = Sheet(profile, width, entry.models)
    _head(sheet, entry)
    _forms(sheet, command)
    _parameters(sheet, command)
    _rest(sheet, entry)
    return sheet.joined()


def error_page(code: str, manual: Manual, meaning: ErrorCode, profile: Profile, *, width: int = 80) -> Fragments:
    """What an error code means, and who says so."""
    sheet = Sheet(profile, width)
    sheet.lines.append([("name", code), ("dim", " · "), ("", sheet.text(meaning))])
    table = f", {sheet.text(meaning.table)}" if meaning.table else ""
    models = ", ".join(model.model for model in manual.models)
    sheet.row(
        "", ("dim", f"{models} · " * bool(models) + sheet.source(manual, manual.errors_section) + table), indent=0
    )
    return sheet.joined()


def entry_record(entry: Entry, catalog: Catalog) -> dict[str, object]:
    """The JSON object of a command or URC. What the manual doesn't say is left out."""
    command = entry.command
    said: dict[str, object] = msgspec.to_builtins(command)
    return {
        "command": command.command,
        "kind": command.kind,
        "manual": entry.manual.id,
        "section": command.section,
        "models": entry.models or [model.model for model in catalog.models()],
        **{key: value for key, value in said.items() if key not in ("models", "kind")},
        "parameters": said.get("parameters", []),
        "errors": {code: _both(meaning) for code, meaning in entry.manual.errors.items()},
        "notes": said.get("notes", []),
        "examples": said.get("examples", []),
        "errata": said.get("errata", []),
    }


def _both(text: Text) -> dict[str, str]:
    return {"en": text.en, "zh": text.zh}


def error_record(code: str, manual: Manual, meaning: ErrorCode) -> dict[str, object]:
    """The JSON object of an error code."""
    record: dict[str, object] = {
        "code": code,
        "kind": "error",
        "meaning": _both(meaning),
        "manual": manual.id,
    }
    record |= {"section": manual.errors_section} if manual.errors_section else {}
    return record | ({"table": _both(meaning.table)} if meaning.table else {})


def _head(sheet: Sheet, entry: Entry) -> None:
    command, manual = entry.command, entry.manual
    sheet.lines.append([("name", command.command), ("dim", " · "), ("", sheet.text(command.summary))])
    models = sheet.profile.model or ", ".join(entry.models) or sheet.word("every model")
    facts = [models, sheet.source(manual, command.section)]
    if command.max_response_ms is not None:
        facts.append(sheet.word("answers within", _duration(command.max_response_ms)))
    facts += [sheet.word("persistent")] * command.persistent + [sheet.word("reboot")] * command.needs_reboot
    facts += [sheet.word("inferred")] * command.inferred + [sheet.firmware(command.when)] * bool(command.when)
    sheet.row("", ("dim", " · ".join(facts)), indent=0)


def _duration(milliseconds: int) -> str:
    return f"{milliseconds // 1000} s" if milliseconds % 1000 == 0 else f"{milliseconds} ms"


def _forms(sheet: Sheet, command: Command) -> None:
    sheet.gap()
    for form in _FORMS:
        notations = command.forms.get(form, [])
        for index, notation in enumerate(notations):
            sheet.row(sheet.word(form) if index == 0 else "", ("bold", notation))
        if any("<parameter1>" in notation for notation in notations):
            _variants(sheet, command)
        for index, response in enumerate(command.responses.get(form, ())):
            for number, line in enumerate(response.lines):
                tail = f"   {_condition(sheet, response.when)}" if response.when else ""
                label = f"  {sheet.word('answer')}" if index == number == 0 else ""
                sheet.row(label, ("rx", line), ("dim", tail))
    if command.urcs:
        sheet.row(sheet.word("then"), ("urc", ", ".join(command.urcs)))


def _variants(sheet: Sheet, command: Command) -> None:
    """What <parameter1>, <parameter2> … are, for each value that decides it: ``<type> 0   <dmMode>``."""
    rows: dict[str, list[str]] = {}
    for parameter in command.parameters:
        if parameter.when and parameter.place == "request":
            key = ", ".join(f"<{name}> {_either(sheet, values)}" for name, values in parameter.when.items())
            name = f"[<{parameter.name}>]" if parameter.optional else f"<{parameter.name}>"
            other = f"<{parameter.name}>" if parameter.optional else f"[<{parameter.name}>]"
            row = rows.setdefault(key, [])
            # One parameter that two models have in their own ways is named once.
            if not (parameter.models and row and row[-1] in (name, other)):
                row.append(name)
    width = max(map(len, rows), default=0) + 3
    for key, names in rows.items():
        label = " " * (LABEL + 2) + padded(key, width)
        sheet.row(label, ("dim", ",".join(names)), indent=LABEL + 2 + width)


def _parameters(sheet: Sheet, command: Command) -> None:
    indent = min(max((columns(p.name) for p in command.parameters), default=0) + 4, 18)
    asked = [parameter for parameter in command.parameters if parameter.place == "request"]
    answered = [parameter for parameter in command.parameters if parameter.place == "response"]
    if asked:
        sheet.gap()
    for parameter in asked:
        _parameter(sheet, parameter, indent)
    if answered:
        sheet.gap()
        if asked:
            sheet.lines.append([("dim", sheet.word("from answers"))])
    for parameter in answered:
        _parameter(sheet, parameter, indent)


def _parameter(sheet: Sheet, parameter: Parameter, indent: int) -> None:
    facts = "".join(f" · {fact}" for fact in _facts(sheet, parameter))
    sheet.row(f"<{parameter.name}>", ("", sheet.text(parameter.summary)), ("dim", facts), indent=indent, name="name")
    width = max((columns(value) for value in parameter.values), default=0) + 2
    for value, text in parameter.values.items():
        limits = "".join(f" · {limit}" for limit in (sheet.only(text.models), sheet.firmware(text.when)) if limit)
        left = " " * indent + padded(value, width)
        sheet.row(left, ("", sheet.text(text)), ("dim", limits), indent=indent + width)
    for default in parameter.defaults if len(parameter.defaults) > 1 else ():
        left = " " * indent + sheet.word("default", default.value) + "  "
        sheet.row(left, ("dim", sheet.firmware(default.when)), indent=columns(left))


def _facts(sheet: Sheet, parameter: Parameter) -> list[str]:
    """``integer · 1 to 6 · s · default 30 · optional``"""
    low_high = None if parameter.range is None or _told(parameter, parameter.range) else parameter.range
    extent = sheet.word("range", *low_high) if low_high else ""
    defaults = [] if parameter.default is None else [sheet.word("default", parameter.default)]
    if len(parameter.defaults) == 1:
        (one,) = parameter.defaults
        defaults.append(f"{sheet.word('default', one.value)} {sheet.firmware(one.when)}")
    facts = [
        TYPE_NAMES[parameter.type] if sheet.chinese else parameter.type,
        f"{extent} {parameter.unit or ''}".strip(),
        *defaults,
        sheet.word("shortest", parameter.min_length) if parameter.min_length else "",
        sheet.word("longest", parameter.max_length) if parameter.max_length else "",
        sheet.word("quoted") if parameter.quoted else "",
        sheet.word("optional") if parameter.optional else "",
        _condition(sheet, parameter.when) if parameter.when else "",
        sheet.only(parameter.models),
    ]
    return [fact for fact in facts if fact]


def _told(parameter: Parameter, low_high: tuple[int | float, int | float]) -> bool:
    """True when the range says nothing that the type or the list of values doesn't."""
    low, high = low_high
    if parameter.type == "uint16" and (low, high) == (0, 65535):
        return True
    return high - low < len(parameter.values) and {str(low), str(high)} <= parameter.values.keys()


def _condition(sheet: Sheet, when: Mapping[str, Sequence[Scalar]]) -> str:
    each = (sheet.word("is", name, _either(sheet, values)) for name, values in when.items())
    return sheet.word("with", ", ".join(each))


def _either(sheet: Sheet, values: Sequence[Scalar]) -> str:
    return sheet.word("or").join(map(str, values))


def _rest(sheet: Sheet, entry: Entry) -> None:
    command = entry.command
    sheet.notes(command.notes)
    sheet.examples(command.examples, command.section)
    if command.kind == "command":
        _errors(sheet, entry.manual)
    sheet.gap()
    for index, erratum in enumerate(command.errata):
        sheet.row(
            sheet.word("errata") if index == 0 else "", ("", sheet.text(erratum)), ("dim", f" §{erratum.section}")
        )
    if sheet.lines and not sheet.lines[-1]:
        sheet.lines.pop()


def _errors(sheet: Sheet, manual: Manual) -> None:
    sheet.gap()
    if len(manual.errors) > _MOST_ERRORS:
        sheet.row(sheet.word("errors"), ("dim", sheet.word("table", sheet.source(manual, manual.errors_section))))
        return
    width = max(map(len, manual.errors), default=0) + 2
    for index, (code, meaning) in enumerate(manual.errors.items()):
        label = padded(sheet.word("errors") if index == 0 else "", LABEL)
        sheet.row(label + padded(code, width), ("", sheet.text(meaning)), indent=LABEL + width)
