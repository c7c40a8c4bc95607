"""A manual's sheet: what is known of a command, URC or error code, for people and for programs.

``page`` and ``error_page`` give fragments, ``entry_record`` and ``error_record`` the objects of contract
section 5. The page puts first what one looks up most: the forms, then the parameters, then the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from atshell.assist.explain import TYPE_NAMES
from atshell.assist.sheet import LABEL, Sheet
from atshell.assist.wrap import columns, padded
from atshell.catalog.lookup import Catalog, Entry
from atshell.catalog.model import Command, ErrorCode, FormName, Manual, Parameter, Scalar
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


def error_page(code: str, manual: Manual, meaning: Text, profile: Profile, *, width: int = 80) -> Fragments:
    """What an error code means, and who says so."""
    sheet = Sheet(profile, width)
    sheet.lines.append([("name", code), ("dim", " · "), ("", sheet.text(meaning))])
    sheet.row("", ("dim", sheet.source(manual, manual.errors_section)), indent=0)
    return sheet.joined()


def entry_record(entry: Entry, catalog: Catalog) -> dict[str, object]:
    """Contract section 5: a command or URC. What the manual doesn't say is left out."""
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
        "errors": msgspec.to_builtins(entry.manual.errors),
        "notes": said.get("notes", []),
        "examples": said.get("examples", []),
        "errata": said.get("errata", []),
    }


def error_record(code: str, manual: Manual, meaning: Text) -> dict[str, object]:
    """Contract section 5: an error code."""
    record: dict[str, object] = {
        "code": code,
        "kind": "error",
        "meaning": {"en": meaning.en, "zh": meaning.zh},
        "manual": manual.id,
    }
    return record | ({"section": manual.errors_section} if manual.errors_section else {})


def _head(sheet: Sheet, entry: Entry) -> None:
    command, manual = entry.command, entry.manual
    sheet.lines.append([("name", command.command), ("dim", " · "), ("", sheet.text(command.summary))])
    models = sheet.profile.model or ", ".join(entry.models) or sheet.word("every model")
    facts = [models, sheet.source(manual, command.section)]
    if command.max_response_ms is not None:
        facts.append(sheet.word("answers within", _duration(command.max_response_ms)))
    facts += [sheet.word("persistent")] * command.persistent + [sheet.word("reboot")] * command.needs_reboot
    facts += [sheet.word("inferred")] * command.inferred
    sheet.row("", ("dim", " · ".join(facts)), indent=0)


def _duration(milliseconds: int) -> str:
    return f"{milliseconds // 1000} s" if milliseconds % 1000 == 0 else f"{milliseconds} ms"


def _forms(sheet: Sheet, command: Command) -> None:
    sheet.gap()
    for form in _FORMS:
        for index, notation in enumerate(command.forms.get(form, ())):  # type: ignore[call-overload]
            sheet.row(sheet.word(form) if index == 0 else "", ("bold", notation))
        responses: Sequence[Response] = command.responses.get(form, ())  # type: ignore[call-overload]
        for index, response in enumerate(responses):
            for line in response.lines:
                tail = f"   {_condition(sheet, response.when)}" if response.when else ""
                sheet.row(f"  {sheet.word('answer')}" if index == 0 else "", ("rx", line), ("dim", tail))
    if command.urcs:
        sheet.row(sheet.word("then"), ("urc", ", ".join(command.urcs)))


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
        only = f" · {sheet.only(text.models)}" if sheet.only(text.models) else ""
        left = " " * indent + padded(value, width)
        sheet.row(left, ("", sheet.text(text)), ("dim", only), indent=indent + width)


def _facts(sheet: Sheet, parameter: Parameter) -> list[str]:
    """``integer · 1 to 6 · s · default 30 · optional``"""
    low_high = None if parameter.range is None or _told(parameter, parameter.range) else parameter.range
    extent = sheet.word("range", *low_high) if low_high else ""
    defaults = [] if parameter.default is None else [sheet.word("default", parameter.default)]
    defaults += [f"{sheet.word('default', one.value)} ({', '.join(one.when.values())})" for one in parameter.defaults]
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
    each = (sheet.word("is", name, sheet.word("or").join(map(str, values))) for name, values in when.items())
    return sheet.word("with", ", ".join(each))


def _rest(sheet: Sheet, entry: Entry) -> None:
    command = entry.command
    sheet.notes(command.notes)
    sheet.examples(command.examples)
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
