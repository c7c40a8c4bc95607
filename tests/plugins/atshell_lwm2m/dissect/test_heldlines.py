"""Looking now and then gives what looking after every message gives."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atshell_lwm2m.dissect import dissector
from atshell_lwm2m.dissect.about import about
from atshell_lwm2m.dissect.heldlines import HeldLines
from atshell_lwm2m.dissect.light import NOBODY, Light
from atshell_lwm2m.dissect.state import LIFETIME, Flow, Sent
from atshell_lwm2m.message import Message

FLOW = Flow("a", "b")


def sent(frame: int, time: int, *, waiting: bool) -> Sent:
    return Sent(frame, time, b"", FLOW, 1, whole=Message(frame), waiting=waiting)


def text(lines: HeldLines) -> str:
    return "".join(lines.ready())


def light(lines: HeldLines, frame: int, data: bytes = b"\x40\x01\0\1") -> Light:
    """Its line is ``<frame:tail>``."""
    lines.pieces += (f"<{frame}", ":tail>\n")
    place = lines.gone + len(lines.pieces) - 1
    one = Light(frame, 0, data, Flow("a", "b"), 1, True, None, place, about(None, None), NOBODY, str(frame))
    lines.waiting[place] = one
    return one


def test_nobody_overtakes_who_waits() -> None:
    lines = HeldLines()
    first = sent(1, 0, waiting=True)
    lines.keep(first)
    lines.pieces += ("a line", "\n")
    lines.keep(sent(3, 0, waiting=False))
    lines.advance(5)
    assert text(lines) == ""
    first.answered(9)
    assert text(lines) == '{"frame":1,"response":9}\na line\n{"frame":3}\n'
    assert text(lines) == ""


def test_what_has_been_passed_stays_as_it_was() -> None:
    lines = HeldLines()
    late, behind = sent(1, 0, waiting=True), sent(2, 0, waiting=False)
    lines.keep(late)
    lines.keep(behind)
    lines.advance(LIFETIME)
    late.answered(9)
    behind.message.response = 9
    assert text(lines) == '{"frame":1}\n{"frame":2}\n'


def test_the_dissector_answers_what_is_light() -> None:
    lines = HeldLines()
    one = light(lines, 1)
    again = light(lines, 2)
    one.repeats = [again.place]
    again.waiting = False
    one.answered(9)
    lines.touched(one.flow.touched)
    lines.touched([one])
    assert text(lines) == '<1,"response":9:tail>\n<2,"response":9:tail>\n'
    assert one.flow.touched == []


def test_a_message_that_was_asked_for_is_said_as_it_is_then() -> None:
    lines = HeldLines()
    one = light(lines, 1)
    one.message.target = "/3"
    lines.touched(one.flow.touched)
    one.answered(9)
    lines.touched(one.flow.touched)
    assert '"response":9,"target":"/3"}\n' in text(lines)


def test_too_late_for_an_answer() -> None:
    lines = HeldLines()
    one = light(lines, 1)
    light(lines, 2)
    lines.advance(LIFETIME)
    one.answered(9)
    lines.touched(one.flow.touched)
    assert one.message.response == 9
    lines.touched(one.flow.touched)
    assert text(lines) == "<1:tail>\n<2:tail>\n"


def test_too_many_push_the_oldest_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dissector, "MAX_HELD", 3)
    lines = HeldLines()
    lines.keep(sent(1, 0, waiting=True))
    assert lines.room(1)
    assert not lines.room(2)
    lines.keep(sent(2, 0, waiting=True))
    lines.pieces += ("x", "\n")
    lines.advance(1)
    assert text(lines) == '{"frame":1}\n'
    assert "".join(lines.rest()) == '{"frame":2}\nx\n'
    assert lines.rest() == []


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 12)), max_size=40), st.sets(st.integers(0, 40)))
@settings(max_examples=200)
def test_it_does_not_matter_when_one_looks(plan: list[tuple[bool, int]], looks: set[int]) -> None:
    """``plan``: whether a message waits, and which earlier one it answers."""
    results = []
    for when in (set(range(41)), looks):
        lines, people, found = HeldLines(), [], ""
        for number, (waits, answers) in enumerate(plan):
            people.append(sent(number + 1, number, waiting=waits))
            lines.keep(people[-1])
            if number - answers >= 0 and answers:
                people[number - answers].answered(number + 1)
            if number in when:
                lines.advance(number)
                found += text(lines)
        results.append(found + "".join(lines.rest()))
    assert results[0] == results[1]


def test_when_time_may_run_out() -> None:
    lines, second = HeldLines(), LIFETIME // 1000_000_000
    assert not lines.may_run_out(1000)
    lines.keep(sent(1, 1100 * 1_000_000_000, waiting=True))
    assert not lines.may_run_out(1000 + second - 2)
    assert lines.may_run_out(1000 + second - 1)
    assert not lines.look(1000 + second - 1)
    assert not lines.may_run_out(1100 + second - 2)
    assert lines.look(1100 + second - 1)


def test_of_what_is_live_nobody_waits() -> None:
    lines = HeldLines(live=True)
    assert not lines.room(0)
    lines.keep(sent(1, 2, waiting=True))
    lines.advance(2)
    assert text(lines) == '{"frame":1}\n'
