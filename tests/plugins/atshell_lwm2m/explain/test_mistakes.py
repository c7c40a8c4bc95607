from __future__ import annotations

import re

import pytest

from atshell_lwm2m.explain.mistakes import MISTAKES, expert

NAMES = "a_type declared expected extra found got greatest kind least missing number size value what widths"
FACTS = {name: f"[{name}]" for name in NAMES.split()}


@pytest.mark.parametrize("name", MISTAKES)
def test_each_says_what_and_what_to_do(name: str) -> None:
    told = expert(name, **FACTS)
    assert told.id == name
    assert re.fullmatch(r"[a-z][a-z0-9-]+", name)
    what, arrow, fix = told.text.partition(" → ")
    assert what
    assert arrow
    assert fix
    assert "{" not in told.text
    assert not told.text.endswith(".")


def test_texts_of_the_payload_are_made_harmless() -> None:
    told = expert("number-for-text", what="/3/0/0 \x1b[2J\u202e{got}")
    assert told.text.isprintable()
    assert "{got}" in told.text
