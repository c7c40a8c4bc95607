from __future__ import annotations

import pytest

from atshell.emulator.faults.kinds import KINDS, Kind, first_words, second_words


def test_usages() -> None:
    assert KINDS["lose"].usage == "lose [up|down]"
    assert KINDS["platform late"].usage == "platform late TIME [OPERATION]"
    assert KINDS["seed"].usage == "seed N"


def test_the_words_of_a_name() -> None:
    assert first_words()[:2] == ["lose", "delay"]
    assert len(set(first_words())) == len(first_words())
    assert second_words("urc") == ["drop", "delay", "inside"]
    assert second_words("lose") == second_words("nothing") == []


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_kind_is_explained_in_both_languages(kind: Kind) -> None:
    assert kind.en.isascii()
    assert not kind.zh.isascii()
    assert len(kind.name.split()) <= 2
