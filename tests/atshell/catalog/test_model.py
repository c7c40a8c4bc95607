from __future__ import annotations

import msgspec
import pytest

from atshell.catalog.model import Parameter, Text, Value


def test_a_text_speaks_the_language_that_is_asked_for() -> None:
    text = Text(en="echo", zh="回显")
    assert [text.in_language(tongue) for tongue in ("en", "zh", "zh_CN", "fr")] == ["echo", "回显", "回显", "echo"]


def test_a_parameter_says_in_for_its_place_and_leaves_out_what_it_does_not_know() -> None:
    parameter = Parameter(
        name="ref",
        type="integer",
        summary=Text(en="a", zh="b"),
        values={"0": Value(en="c", zh="d", models=["MN316"])},
        place="response",
    )
    written = msgspec.json.decode(msgspec.json.encode(parameter))
    assert written == {
        "name": "ref",
        "type": "integer",
        "summary": {"en": "a", "zh": "b"},
        "values": {"0": {"en": "c", "zh": "d", "models": ["MN316"]}},
        "in": "response",
    }
    assert msgspec.convert(written, Parameter) == parameter


def test_records_do_not_change() -> None:
    with pytest.raises(AttributeError):
        Text(en="a", zh="b").en = "c"  # type: ignore[misc]
