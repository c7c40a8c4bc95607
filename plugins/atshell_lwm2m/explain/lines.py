"""Mistakes in what a line of a session says about the payload that it carries."""

from __future__ import annotations

from collections.abc import Iterator

from atshell.session.carried import Carried
from atshell_lwm2m.codec.registry import ValueType, entry_of
from atshell_lwm2m.explain.mistakes import expert
from atshell_lwm2m.explain.numbers import A_TYPE
from atshell_lwm2m.message import Expert

_FITS: dict[ValueType, frozenset[str]] = {
    "string": frozenset({"string"}),
    "corelnk": frozenset({"string"}),
    "integer": frozenset({"integer"}),
    "unsigned": frozenset({"integer"}),
    "time": frozenset({"integer"}),
    "float": frozenset({"float"}),
    "boolean": frozenset({"boolean"}),
    "opaque": frozenset({"opaque"}),
}
"""What a line may declare for a resource of a type."""
_EXPECTED: dict[ValueType, str] = {"unsigned": "integer", "time": "integer", "corelnk": "string"}
_SHOWN = 40


def of_line(carried: Carried) -> Iterator[Expert]:
    size = len(carried.data)
    if carried.length is not None and carried.length != size:
        mistake = "length-in-digits" if carried.length == 2 * size else "length-of-line"
        yield expert(mistake, got=carried.length, expected=size)
    if carried.declared == "opaque" and carried.kind == "text":
        yield expert("opaque-not-hex", got=f'"{carried.data[:_SHOWN].decode("utf-8", "replace")}"')
    elif carried.declared and carried.operation != "Execute":
        yield from _of_type(carried)


def _of_type(carried: Carried) -> Iterator[Expert]:
    entry = entry_of(carried.path)
    if entry is None or entry.type is None or carried.declared in _FITS.get(entry.type, {carried.declared}):
        return
    if entry.type == "boolean" and carried.declared == "integer" and carried.data in (b"0", b"1"):
        return  # The same byte.
    a_type = A_TYPE.get(entry.type, f"a {entry.type}" if entry.type == "string" else entry.type)
    what, expected = f"{carried.path} {entry.name}", _EXPECTED.get(entry.type, entry.type)
    yield expert("declared-type", what=what, a_type=a_type, got=carried.declared, expected=expected)
