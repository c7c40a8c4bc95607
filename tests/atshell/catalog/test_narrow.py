from __future__ import annotations

from atshell.catalog.model import (
    Command,
    Example,
    Fact,
    FirmwareDefault,
    Manual,
    Model,
    Note,
    Parameter,
    Text,
    Topic,
    Value,
)
from atshell.catalog.narrow import narrowed, narrowed_topic, with_variants
from atshell.catalog.profile import Profile

TEXT = Text(en="a", zh="b")
MANUAL = Manual(
    id="acme",
    title=TEXT,
    vendor="Acme",
    models=[Model(model="X1", family="X", vendor="Acme", variants=["X1-A"]), Model("X2", "X", "Acme")],
)
EXAMPLES = [Example(["AT"], ["OK"]), Example(["ATI"], ["OK"], models=["X2"])]
NOTES = [Note("n", "n", "1"), Note("m", "m", "1", ["X1"])]


def test_a_model_has_all_of_its_names() -> None:
    assert list(with_variants(MANUAL, ["x1-a"])) == ["X1", "X1-A"]
    assert list(with_variants(MANUAL, ["X2", "no such"])) == ["X2"]


def test_what_names_other_models_alone_is_taken_out_of_a_command() -> None:
    command = Command(
        command="AT+X",
        section="1",
        summary=TEXT,
        forms={},
        parameters=[
            Parameter("port", "integer", TEXT, default=1, models=["X1"]),
            Parameter("port", "integer", TEXT, default=2, models=["X2"]),
            Parameter("on", "integer", TEXT, values={"0": Value("a", "b"), "1": Value("a", "b", ["X2"])}),
            Parameter(
                "mode", "integer", TEXT, defaults=[FirmwareDefault({"firmware": "A"}, n, [f"X{n}"]) for n in (1, 2)]
            ),
        ],
        notes=NOTES,
        examples=EXAMPLES,
    )
    left = narrowed(MANUAL, command, Profile("X1-A"))
    assert [parameter.default for parameter in left.parameters] == [1, None, None]
    assert list(left.parameters[1].values) == ["0"]
    assert [default.value for default in left.parameters[2].defaults] == [1]
    assert [note.en for note in left.notes] == ["n", "m"]
    assert left.examples == EXAMPLES[:1]


def test_of_a_topics_table_by_model_its_own_row_is_left() -> None:
    facts: dict[str, Fact] = {"suites": {"X1": ["a"], "X2": ["b"]}, "forms": {"read": "AT?"}, "none": {}, "n": 3}
    topic = Topic(topic="dtls", section="1", title=TEXT, text=TEXT, facts=facts, notes=NOTES, examples=EXAMPLES)
    left = narrowed_topic(MANUAL, topic, Profile("X2"))
    assert left.facts == {"suites": {"X2": ["b"]}, "forms": {"read": "AT?"}, "none": {}, "n": 3}
    assert [note.en for note in left.notes] == ["n"]
    assert left.examples == EXAMPLES
