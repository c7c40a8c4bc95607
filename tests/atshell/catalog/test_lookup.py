from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell.catalog.lookup import Catalog, Entry
from atshell.catalog.model import Command, Erratum, ErrorCode, Manual, Model, Note, Parameter, Text, Topic, Value
from atshell.catalog.notation import parse_notation
from atshell.catalog.profile import Profile
from atshell.errors import AtshellError


def text(en: str) -> Text:
    return Text(en=en, zh=en)


def command(name: str, *, models: list[str] | None = None, spellings: list[str] | None = None) -> Command:
    return Command(
        command=name,
        kind="command" if name.startswith("AT") else "urc",
        section="1",
        summary=text(name),
        forms={},
        models=models or [],
        errata=[Erratum(en="misspelled", section="1", spellings=spellings or [])],
    )


BELL = Command(
    command="AT+BELL",
    section="2",
    summary=text("ring"),
    forms={"write": ["AT+BELL=<tone>,<value>"]},
    parameters=[
        Parameter("tone", "integer", text("tone"), values={"0": Value("low", "低"), "1": Value("high", "高", ["X1"])}),
        Parameter("value", "string", text("words"), when={"tone": [0]}),
        Parameter("value", "integer", text("number"), when={"tone": [1]}),
        Parameter("extra", "integer", text("extra"), models=["X2"]),
    ],
    notes=[Note("for all", "所有", "2"), Note("for X1", "仅 X1", "2", ["X1"])],
)
STANDARD = Manual(
    id="std",
    title=text("Standard"),
    vendor="Std",
    commands=[command("AT"), command("ATE"), command("AT&F"), command("ATS3"), command("AT+CSQ"), command("AT+RING")],
    errors={"50": ErrorCode("bad parameters", "bad"), "100": ErrorCode("unknown", "unknown")},
)
ACME = Manual(
    id="acme",
    title=text("Acme"),
    vendor="Acme",
    models=[
        Model(model="X1", family="X", vendor="Acme", variants=["X1-A", "X1-B"], operators=["cmcc"]),
        Model(model="X2", family="X", vendor="Acme"),
    ],
    commands=[
        BELL,
        command("AT+RING", spellings=["AT+RNIG"]),
        command("+RING", spellings=["+RIGN"]),
        command("+SEEN", spellings=["+SENE", "+RING"]),
        command("AT+ONLYTWO", models=["X2"]),
    ],
    errors={"100": ErrorCode("acme unknown", "acme")},
)
OTHER = Manual(
    id="other",
    title=text("Other"),
    vendor="Other",
    models=[Model(model="X1", family="X", vendor="Acme", variants=["X1-C"], operators=["ctcc"]), Model("Y1", "Y", "O")],
    commands=[command("AT+BELL")],
)
CATALOG = Catalog([STANDARD, ACME, OTHER])


def name(entry: Entry | None) -> str | None:
    return entry.command.command if entry else None


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("+BELL", "AT+BELL"),
        ("AT+BELL", "AT+BELL"),
        ("bell", "AT+BELL"),
        ("at+bell=0,1", "AT+BELL"),
        ("AT+BELL?", "AT+BELL"),
        (" AT+BELL ", "AT+BELL"),
        ("+RING", "AT+RING"),
        ("+SEEN: 3", "+SEEN"),
        ("rnig", "AT+RING"),
        ("", "AT"),
        ("AT", "AT"),
        ("E", "ATE"),
        ("ate0", "ATE"),
        ("&F", "AT&F"),
        ("AT&F0", "AT&F"),
        ("S3", "ATS3"),
        ("ATS3=13", "ATS3"),
        ("+BEL", None),
        ("AT+", None),
        ("12", None),
    ],
)
def test_find_takes_a_name_in_any_writing(asked: str, found: str | None) -> None:
    assert name(CATALOG.find(asked)) == found


def test_a_vendor_comes_before_a_standard() -> None:
    assert [manual.id for manual in CATALOG.manuals] == ["acme", "other", "std"]
    found = CATALOG.find("+RING")
    assert found is not None
    assert found.manual.id == "acme"
    beside = CATALOG.find("+RING", Profile("Y1"))
    assert beside is not None
    assert beside.manual.id == "std"


def test_a_line_is_known_by_every_spelling_and_a_name_comes_before_a_misspelling() -> None:
    assert name(CATALOG.urc("+RING")) == "+RING"
    assert name(CATALOG.urc("+RIGN")) == "+RING"
    assert name(CATALOG.urc("+SENE")) == "+SEEN"
    assert CATALOG.urc("+BELL") is None


def test_a_name_that_is_command_and_urc() -> None:
    assert [name(entry) for entry in CATALOG.named("AT+RING", Profile("X1"))] == ["AT+RING", "AT+RING"]
    assert [name(entry) for entry in CATALOG.named("+ring", Profile("X1"))] == ["+RING", "+SEEN"]
    assert [name(entry) for entry in CATALOG.named("ring", Profile("X2"))] == ["AT+RING", "AT+RING", "+RING", "+SEEN"]


def test_lookup_forgives_slips_and_near_names_them() -> None:
    assert [name(entry) for entry in CATALOG.lookup("at+onlytow")] == ["AT+ONLYTWO"]
    assert CATALOG.lookup("nothing like it") == []
    assert CATALOG.near("ONLY") == ["AT+ONLYTWO"]
    assert CATALOG.near("onlytwo", Profile("X1")) == []
    assert CATALOG.near("RIN", limit=1) == ["AT+RING"]


def test_what_a_model_does_not_have_is_left_out() -> None:
    assert CATALOG.find("+ONLYTWO", Profile("x2")) is not None
    assert CATALOG.find("+ONLYTWO", Profile("X1")) is None
    assert CATALOG.find("+ONLYTWO", Profile("X1-A")) is None
    one, two = CATALOG.find("+BELL", Profile("X1-B")), CATALOG.find("+BELL", Profile("X2"))
    assert one is not None
    assert two is not None
    assert [list(parameter.values) for parameter in one.command.parameters] == [["0", "1"], [], []]
    assert [list(parameter.values) for parameter in two.command.parameters] == [["0"], [], [], []]
    assert [note.en for note in two.command.notes] == ["for all"]
    assert one.models == two.models == ["X1", "X2"]
    assert CATALOG.find("+BELL", Profile("no such model")) is None
    assert name(CATALOG.find("+CSQ", Profile("no such model"))) == "AT+CSQ"


def test_a_parameter_has_variants() -> None:
    entry = CATALOG.find("+BELL")
    assert entry is not None
    chosen = [entry.parameter("value", values) for values in ({"tone": "0"}, {"tone": "1"}, {})]
    assert [parameter.type for parameter in chosen if parameter] == ["string", "integer", "string"]
    assert entry.parameter("nothing") is None
    assert entry.parameter("value", {"tone": "7"}) is None


LIGHT = Command(
    command="AT+LIGHT",
    section="3",
    summary=text("light"),
    forms={"write": ["AT+LIGHT=<type>[,<parameter1>[,<parameter2>[,<parameter3>]]]"]},
    parameters=[
        Parameter("type", "integer", text("type")),
        Parameter("on", "integer", text("on"), when={"type": [0]}),
        Parameter("ip", "ip", text("ip"), when={"type": [1]}, optional=True, models=["X1"]),
        Parameter("ip", "ip", text("ip"), when={"type": [1]}, models=["X2"]),
        Parameter("port", "uint16", text("port"), when={"type": [1]}),
        Parameter("colour", "string", text("first"), when={"type": [2]}),
        Parameter("colour", "string", text("second"), when={"type": [2]}),
        Parameter("state", "integer", text("state"), when={"type": [0]}, place="response"),
    ],
)


@pytest.mark.parametrize(
    ("arguments", "placed"),
    [
        (["0", "1"], ["type", "on"]),
        (["1", "10.0.0.1", "5683"], ["type", "ip", "port"]),
        (["2", "red", "green"], ["type", "first", "second"]),
        (["0", "1", "2"], ["type", "on", None]),
        (["9", "1"], ["type", None]),
        (["1", "", "", "", ""], ["type", "ip", "port", None, None]),
    ],
)
def test_numbered_places_have_the_parameters_of_the_variant(arguments: list[str], placed: list[str | None]) -> None:
    entry = Entry(ACME, LIGHT)
    found = entry.placed(parse_notation(LIGHT.forms["write"][0]), arguments)
    assert [parameter and parameter.summary.en for parameter in found] == placed


def test_a_numbered_place_is_nothing_before_the_variant_is_known() -> None:
    assert Entry(ACME, LIGHT).parameter("parameter1") is None
    assert Entry(ACME, LIGHT).parameter("parameter12", {"type": "1"}) is None


def test_a_models_name_is_taken_with_or_without_blanks_and_hyphens() -> None:
    manual = Manual(id="m", title=text("m"), vendor="m", models=[Model("BC95 R2.0", "f", "v", variants=["BC95"])])
    catalog = Catalog([manual])
    names = ["BC95 R2.0", "bc95-r2.0", "BC95R2.0", " bc95_r2.0", "bc95"]
    assert {catalog.model(name).model for name in names} == {"BC95 R2.0"}


def test_a_topic_is_the_vendors_and_a_standards_only_without_one() -> None:
    def manual(name: str, models: list[Model], topics: list[str]) -> Manual:
        listed = [Topic(topic=topic, section="1", title=text(topic), text=text(topic)) for topic in topics]
        return Manual(id=name, title=text(name), vendor=name, models=models, topics=listed)

    x1 = [Model("X1", "X", "Acme")]
    catalog = Catalog([manual("std", [], ["syntax", "classes"]), manual("acme", x1, ["syntax", "self-registration"])])

    def ids(name: str, model: str = "") -> list[str]:
        return [page.manual.id for page in catalog.topics(name, Profile(model))]

    assert ids("syntax") == ["acme", "std"]
    assert ids(" SYNTAX ", "X1") == ["acme"]
    assert ids("classes", "X1") == ["std"]
    assert ids("Self Registration") == ids("self_registration") == ["acme"]
    assert ids("self-registration", "X2") == ids("no such topic") == []
    assert catalog.topic_names() == ["syntax", "self-registration", "classes"]


def test_a_standard_is_for_every_model() -> None:
    entry = CATALOG.find("+CSQ", Profile("X1"))
    assert entry is not None
    assert entry.models == []
    assert entry.applies_to(Profile("anything"))


def test_models_of_several_manuals_are_one() -> None:
    assert [model.model for model in CATALOG.models()] == ["X1", "X2", "Y1"]
    model = CATALOG.model("x1-c")
    assert (model.model, model.variants, model.operators) == ("X1", ["X1-A", "X1-B", "X1-C"], ["cmcc", "ctcc"])


def test_an_unknown_model_is_answered_with_its_like() -> None:
    models = [Model(name, "f", "v") for name in ("MX316", "MX318", "Q1")]
    catalog = Catalog([Manual(id="m", title=text("m"), vendor="m", models=models)])
    with pytest.raises(AtshellError, match="there is no model 'mx317': did you mean MX316 or MX318"):
        catalog.model("mx317")
    with pytest.raises(AtshellError, match="atshell models lists them all"):
        CATALOG.model("\x1b[31m")


def test_error_codes() -> None:
    def meanings(code: str, profile: Profile = Profile()) -> list[str]:
        return [meaning.en for _, meaning in CATALOG.errors(code, profile)]

    assert meanings("100") == ["acme unknown", "unknown"]
    assert meanings("100", Profile("Y1")) == ["unknown"]
    assert meanings(" 050 ") == ["bad parameters"]
    assert meanings("9" * 5000) == []
    first = CATALOG.error("100", Profile("X1"))
    assert first is not None
    assert first[0].id == "acme"
    assert CATALOG.error("101") is None


def test_entries_stand_in_the_manuals_order() -> None:
    assert [name(entry) for entry in CATALOG.entries(Profile("X1"))] == [
        *("AT+BELL", "AT+RING", "+RING", "+SEEN"),
        "AT+BELL",
        *("AT", "ATE", "AT&F", "ATS3", "AT+CSQ", "AT+RING"),
    ]


@given(st.text(max_size=60))
def test_any_text_may_be_asked(asked: str) -> None:
    found = CATALOG.find(asked)
    assert found is None or found in CATALOG.entries()
    CATALOG.urc(asked)
    CATALOG.error(asked)
    assert all(entry in CATALOG.entries() for entry in CATALOG.lookup(asked))
    assert len(CATALOG.near(asked)) <= 3
