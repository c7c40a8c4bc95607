"""The values that the LwM2M lines of OneMO modules carry (LwM2M manual 4.4.0, chapters 3 and 4).

A value stands in a line as its type says (3.9): text and numbers as they are, opaque values as hexadecimal digits.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from atshell.at.syntax import Argument
from atshell.session.carried import Carried, Said, spoken
from atshell.session.intent import Sender
from atshell_onemo.intents.arguments import Arguments


class _Form(NamedTuple):
    """Where in a line what stands."""

    operation: str
    sender: Sender
    path: int
    type: int | None
    value: int


_FORMS: dict[str, _Form] = {
    "+MIPLNOTIFY": _Form("Notify", "client", 2, 5, 7),  # 3.9
    "+MIPLREADRSP": _Form("Read", "client", 3, 6, 8),  # 3.11
    "+MIPLWRITE": _Form("Write", "server", 2, 5, 7),  # 3.12
    "+MIPLEXECUTE": _Form("Execute", "server", 2, None, 6),  # 3.14
}
_TYPES = {1: "string", 2: "opaque", 3: "integer", 4: "float", 5: "boolean", 6: "string"}
"""3.9; 6 is a string that is given in hexadecimal."""
_SPELLED = frozenset({2, 6})


def read_payloads(said: Said) -> Iterator[Carried]:
    for name, arguments in spoken(said):
        form = _FORMS.get(name)
        if form is not None and (form.sender == "client") == said.sent:
            yield from _value(form, arguments)


def _value(form: _Form, values: tuple[Argument, ...]) -> Iterator[Carried]:
    arguments = Arguments(values)
    path = arguments.path(form.path)
    if path is None or form.value >= len(arguments):
        return
    text = arguments.text(form.value)
    number = arguments.number(form.type) if form.type is not None else None
    if form.operation == "Execute":
        yield Carried(_bytes(text), form.sender, "text", path, form.operation, "string")
        return
    declared = _TYPES.get(number or 0, "")
    data = _digits(text) if number in _SPELLED else None
    if data is None:
        yield Carried(_bytes(text), form.sender, "text", path, form.operation, declared)
    else:
        yield Carried(data, form.sender, "opaque" if number == 2 else "text", path, form.operation, declared)


def _digits(text: str) -> bytes | None:
    try:
        return bytes.fromhex(text) if " " not in text else None
    except ValueError:
        return None


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")
