from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell.at.syntax import Argument, parse_arguments
from atshell.catalog.model import Parameter, Text
from atshell_quectel.emulator.fields import accepted, restored

from .conftest import CATALOG

WORDS = Text("x", "x")
PARAMETERS = [
    one
    for manual in CATALOG.manuals
    for command in manual.commands
    for one in command.parameters
    if one.place == "request"
]


@pytest.mark.parametrize(
    ("parameter", "text", "value"),
    [
        (Parameter("n", "integer", WORDS, range=(0, 9)), "07", "7"),
        (Parameter("n", "integer", WORDS, range=(0, 9)), "10", None),
        (Parameter("n", "integer", WORDS, range=(0, 9)), '"7"', None),
        (Parameter("n", "integer", WORDS, range=(0, 9)), "+7", None),
        (Parameter("n", "integer", WORDS, range=(0, 9)), "٣", None),
        (Parameter("n", "integer", WORDS, range=(0, 9)), "", None),
        (Parameter("n", "integer", WORDS, range=(0, 9), optional=True), "", ""),
        (Parameter("n", "uint16", WORDS), "65535", "65535"),
        (Parameter("n", "uint16", WORDS), "65536", None),
        (Parameter("n", "uint16", WORDS), "9" * 5000, None),
        (Parameter("n", "ip", WORDS), '"10.0.0.1"', "10.0.0.1"),
        (Parameter("n", "ip", WORDS), "10.0.0.256", None),
        (Parameter("n", "ip", WORDS), "host", None),
        (Parameter("n", "host", WORDS), "a-1.example", "a-1.example"),
        (Parameter("n", "host", WORDS), "10.0.0.1", "10.0.0.1"),
        (Parameter("n", "host", WORDS), "10.0.0.256", None),
        (Parameter("n", "host", WORDS), "-a.example", None),
        (Parameter("n", "host", WORDS), f"{'a' * 64}.example", None),
        (Parameter("n", "string", WORDS, quoted=True), '""', ""),
        (Parameter("n", "string", WORDS, quoted=True), "bare", None),
        (Parameter("n", "string", WORDS, quoted=True), '"open', None),
        (Parameter("n", "string", WORDS, min_length=2, max_length=3), "中", "中"),
        (Parameter("n", "string", WORDS, min_length=2, max_length=3), "中a", None),
        (Parameter("n", "string", WORDS, min_length=2, max_length=3), "a", None),
        (Parameter("plmn", "string", WORDS), "46000", "46000"),
        (Parameter("plmn", "string", WORDS), "4600", None),
        (Parameter("plmn", "string", WORDS), "CMCC0", None),
    ],
)
def test_values(parameter: Parameter, text: str, value: str | None) -> None:
    (argument,) = parse_arguments(text) or (Argument(""),)
    assert accepted(parameter, argument) == value


@given(st.sampled_from(PARAMETERS), st.text(max_size=300), st.booleans(), st.booleans())
def test_what_is_accepted_can_be_restored(parameter: Parameter, text: str, quoted: bool, closed: bool) -> None:
    value = accepted(parameter, Argument(text, quoted=quoted, closed=closed))
    assert value is None or restored(parameter, value)


def test_every_type_of_the_manuals_can_be_read() -> None:
    for parameter in PARAMETERS:
        accepted(parameter, Argument("1"))
