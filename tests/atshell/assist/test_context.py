"""What stands under the cursor, found in a manual of our own."""

from __future__ import annotations

import pytest

from atshell.assist.context import best_notation, context, literal_value, named_values, slot_at
from atshell.catalog.lookup import Catalog
from atshell.catalog.model import Command, Manual, Model, Parameter, Text, Value
from atshell.catalog.profile import Profile

PROFILE = Profile("X1")


def text(words: str) -> Text:
    return Text(en=words, zh=f"中{words}")


@pytest.fixture(name="catalog")
def make_catalog() -> Catalog:
    command = Command(
        command="AT+XCFG",
        section="2.1",
        summary=text("settings"),
        forms={
            "read": ["AT+XCFG?"],
            "write": ["AT+XCFG=0,<mode>", "AT+XCFG=1,<ip>[,<port>]", 'AT+XCFG="name",<value>[,<value>...]'],
        },
        parameters=[
            Parameter(name="mode", type="integer", summary=text("access"), values={"1": Value(en="on", zh="开")}),
            Parameter(name="ip", type="ip", summary=text("address"), quoted=True),
            Parameter(name="port", type="uint16", summary=text("for off"), when={"ip": ["a"]}),
            Parameter(name="port", type="uint16", summary=text("for on"), when={"ip": ["b"]}),
        ],
    )
    models = [Model(model="X1", family="X", vendor="Acme")]
    return Catalog([Manual(id="acme", title=text("Acme"), vendor="Acme", models=models, commands=[command])])


@pytest.mark.parametrize(
    ("line", "notation", "parameter"),
    [
        ("AT+XCFG=0,", "AT+XCFG=0,<mode>", "access"),
        ("AT+XCFG=1,", "AT+XCFG=1,<ip>[,<port>]", "address"),
        ("AT+XCFG=1,a,", "AT+XCFG=1,<ip>[,<port>]", "for off"),
        ("AT+XCFG=1,b,", "AT+XCFG=1,<ip>[,<port>]", "for on"),
        ("AT+XCFG=1,c,", "AT+XCFG=1,<ip>[,<port>]", None),
        ("AT;+XCFG=0,", "AT+XCFG=0,<mode>", "access"),
    ],
)
def test_the_values_so_far_decide_the_notation_and_the_parameter(
    catalog: Catalog, line: str, notation: str, parameter: str | None
) -> None:
    place = context(catalog, PROFILE, line, len(line))
    assert place.notation is not None
    assert place.notation.text == notation
    assert (place.parameter.summary.en if place.parameter else None) == parameter


def test_a_name_alone_has_its_usual_form_and_no_parameter(catalog: Catalog) -> None:
    place = context(catalog, PROFILE, "AT+XCFG", 7)
    assert (place.form, place.parameter) == ("write", None)
    assert context(catalog, PROFILE, "AT+XCFG?", 8).form == "read"


def test_what_is_not_known_is_nothing(catalog: Catalog) -> None:
    assert context(catalog, PROFILE, "AT+NO=1", 7).entry is None
    assert context(catalog, PROFILE, "", 0).entry is None


def test_repeated_slots_and_literals() -> None:
    notation = best_notation(['AT+X="name",<value>[,<value>...]', "AT+X=<n>"], ["NAME", "1", "2"])
    assert notation is not None
    first = slot_at(notation, 0)
    assert first is not None
    assert literal_value(first) == "name"
    assert named_values(notation, ["name", "7"]) == {"value": "7"}
    assert best_notation(["no <notation"], []) is None
