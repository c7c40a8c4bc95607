"""Looking now and then gives what looking after every message gives."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atshell_lwm2m.dissect import dissector
from atshell_lwm2m.dissect.held import Held
from atshell_lwm2m.dissect.state import LIFETIME, Flow, Sent
from atshell_lwm2m.message import Message, to_json

FLOW = Flow("a", "b")


def sent(frame: int, time: int, *, waiting: bool) -> Sent:
    return Sent(frame, time, b"", FLOW, 1, whole=Message(frame), waiting=waiting)


def held() -> Held:
    return Held(lambda one: to_json(one.message).decode())


def test_nobody_overtakes_who_waits() -> None:
    lines = held()
    first = sent(1, 0, waiting=True)
    lines.items += [first, "a line", sent(3, 0, waiting=False)]
    lines.advance(5)
    assert lines.ready() == []
    first.answered(9)
    lines.advance(6)
    assert lines.ready() == ['{"frame":1,"response":9}', "a line", '{"frame":3}']
    assert lines.ready() == []


def test_what_has_been_passed_stays_as_it_was() -> None:
    lines = held()
    late = sent(1, 0, waiting=True)
    lines.items += [late, "x"]
    lines.advance(LIFETIME)
    late.answered(9)
    assert lines.ready() == ['{"frame":1}', "x"]


def test_too_many_push_the_oldest_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dissector, "MAX_HELD", 3)
    lines = held()
    assert lines.room(2)
    assert not lines.room(3)
    lines.items += [sent(1, 0, waiting=True), sent(2, 0, waiting=True), "x"]
    lines.advance(1)
    assert lines.ready() == ['{"frame":1}']
    assert lines.rest() == ['{"frame":2}', "x"]
    assert lines.rest() == []


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 12)), max_size=40), st.sets(st.integers(0, 40)))
@settings(max_examples=200)
def test_it_does_not_matter_when_one_looks(plan: list[tuple[bool, int]], looks: set[int]) -> None:
    """``plan``: whether a message waits, and which earlier one it answers."""
    results = []
    for when in (set(range(41)), looks):
        lines, people, found = held(), [], []
        for number, (waits, answers) in enumerate(plan):
            people.append(sent(number + 1, number, waiting=waits))
            lines.items.append(people[-1])
            if number - answers >= 0 and answers:
                people[number - answers].answered(number + 1)
            if number in when:
                lines.advance(number)
                found += lines.ready()
        results.append(found + lines.rest())
    assert results[0] == results[1]


def test_what_passes_by_only_counts_behind_those_who_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dissector, "MAX_HELD", 5)
    lines = held()
    lines.passed(100, 1)
    assert lines.ready() == []
    lines.items.append(sent(1, 2, waiting=True))
    lines.passed(3, 3)
    assert lines.ready() == []
    assert not lines.room(1)
    lines.passed(1, 4)
    assert [one for one in lines.ready() if one] == ['{"frame":1}']
    assert lines.room(4)


def test_of_what_is_live_nobody_waits() -> None:
    lines = Held(lambda one: to_json(one.message).decode(), live=True)
    assert not lines.room(0)
    lines.items.append(sent(1, 2, waiting=True))
    lines.advance(2)
    assert lines.ready() == ['{"frame":1}']
