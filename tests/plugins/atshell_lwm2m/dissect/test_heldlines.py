"""Looking now and then gives what looking after every message gives."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atshell_lwm2m.dissect import dissector
from atshell_lwm2m.dissect.about import about
from atshell_lwm2m.dissect.heldlines import HeldLines
from atshell_lwm2m.dissect.light import Light
from atshell_lwm2m.dissect.state import LIFETIME, Flow, Sent
from atshell_lwm2m.message import Message

FLOW = Flow("a", "b")


def sent(frame: int, time: int, *, waiting: bool) -> Sent:
    return Sent(frame, time, b"", FLOW, 1, whole=Message(frame), waiting=waiting)


def light(lines: HeldLines, frame: int, own: str = "", *, waiting: bool = True) -> Light:
    """Its line is ``{"frame":1,"time":5.0,"src":"s"`` and ``,"x":"y"}``."""
    place, sense = lines.gone + len(lines.items), about(None, None)
    one = Light(frame, 0, b"\x40\x01\0\1", FLOW, 1, waiting, place, str(frame), about=sense)
    lines.items.append((one, f'{{"frame":{frame},"time":5.0,"src":"s"{own}', ',"x":"y"}\n', False))
    return one


def again(number: int) -> str:
    return f'{{"frame":{number},"time":6.0'


def test_nobody_overtakes_who_waits() -> None:
    lines = HeldLines()
    first = sent(1, 0, waiting=True)
    lines.items += [first, "a line\n", sent(3, 0, waiting=False)]
    lines.advance(5)
    assert lines.ready() == ""
    first.answered(9)
    assert lines.ready() == '{"frame":1,"response":9}\na line\n{"frame":3}\n'
    assert lines.ready() == ""
    assert (lines.items, lines.gone) == ([], 3)


def test_what_has_been_passed_stays_as_it_was() -> None:
    lines = HeldLines()
    late, behind = sent(1, 0, waiting=True), sent(2, 0, waiting=False)
    lines.items += [late, behind]
    lines.advance(LIFETIME)
    late.answered(9)
    behind.message.response = 9
    assert lines.ready() == '{"frame":1}\n{"frame":2}\n'


def test_a_response_goes_between_the_pieces() -> None:
    lines = HeldLines()
    one, two, _ = light(lines, 1), light(lines, 2), light(lines, 3, waiting=False)
    one.answered(9)
    assert lines.ready() == '{"frame":1,"time":5.0,"src":"s","response":9,"x":"y"}\n'
    two.answered(10)
    assert lines.ready().splitlines() == [
        '{"frame":2,"time":5.0,"src":"s","response":10,"x":"y"}',
        '{"frame":3,"time":5.0,"src":"s","x":"y"}',
    ]


def test_a_message_that_was_asked_for_is_said_as_it_is_then() -> None:
    lines = HeldLines()
    one = light(lines, 1)
    one.message.target = "/3"
    one.answered(9)
    assert lines.ready().endswith('"response":9,"target":"/3"}\n')


def test_too_late_for_an_answer() -> None:
    lines = HeldLines()
    one = light(lines, 1)
    light(lines, 2)
    lines.advance(LIFETIME - 1)
    assert lines.ready() == ""
    lines.advance(LIFETIME)
    one.answered(9)
    assert one.message.response == 9
    assert lines.ready().count("response") == 0
    assert (lines.items, lines.gone) == ([], 2)


def test_who_was_given_up_takes_with_him_only_who_waits_no_more() -> None:
    lines = HeldLines()
    first, second, third = sent(1, 0, waiting=True), sent(2, 0, waiting=False), sent(3, 5, waiting=True)
    lines.items += [first, second, third, "a line\n"]
    lines.advance(LIFETIME + 4)
    assert lines.ready() == '{"frame":1}\n{"frame":2}\n'
    lines.advance(LIFETIME + 5)
    assert lines.ready() == '{"frame":3}\na line\n'


def test_what_is_sent_again_has_the_same_answer() -> None:
    lines = HeldLines()
    one = light(lines, 1)
    assert lines.again(one, again(2))
    assert lines.again(one, again(3))
    one.answered(8)
    assert lines.ready().splitlines()[1:] == [
        f'{{"frame":{frame},"time":6.0,"src":"s","response":8,"retransmission_of":1,"x":"y"}}' for frame in (2, 3)
    ]


def test_what_is_sent_again_before_it_is_given_up() -> None:
    lines = HeldLines()
    one = light(lines, 1)
    assert lines.again(one, again(2))
    lines.advance(LIFETIME)
    one.answered(8)
    assert lines.ready().splitlines()[1] == '{"frame":2,"time":6.0,"src":"s","retransmission_of":1,"x":"y"}'


def test_what_is_sent_again_does_not_wait_by_itself() -> None:
    lines = HeldLines()
    one = light(lines, 1)
    between = sent(2, 5, waiting=True)
    lines.items.append(between)
    assert lines.again(one, again(3))
    lines.advance(LIFETIME)
    assert lines.ready().count("\n") == 1
    between.answered(4)
    assert lines.ready().count("\n") == 2


@pytest.mark.parametrize("own", [',"body":"00"', ',"error":"x"', ',"expert":[]'])
def test_what_can_not_be_said_again_in_pieces(own: str) -> None:
    lines = HeldLines()
    assert not lines.again(light(lines, 1, own), again(9))
    one, gone = light(lines, 2), light(lines, 3)
    assert one.message.frame == 2
    assert not lines.again(one, again(9))
    lines.rest()
    assert not lines.again(gone, again(9))
    assert lines.rest() == ""


def test_too_many_push_the_oldest_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dissector, "MAX_HELD", 3)
    lines = HeldLines()
    lines.items.append(sent(1, 0, waiting=True))
    assert lines.room(1)
    assert not lines.room(2)
    lines.items += [sent(2, 0, waiting=True), "x\n"]
    lines.advance(1)
    assert lines.room(0)
    assert lines.ready() == '{"frame":1}\n'
    assert lines.rest() == '{"frame":2}\nx\n'
    assert lines.rest() == ""


@given(
    st.lists(st.tuples(st.sampled_from(["sent", "light", "again", "text"]), st.integers(0, 12)), max_size=40),
    st.sets(st.integers(0, 40)),
)
@settings(max_examples=200)
def test_it_does_not_matter_when_one_looks(plan: list[tuple[str, int]], looks: set[int]) -> None:
    """``plan``: what a line is, and which earlier one it answers."""
    results = []
    for when in (set(range(41)), looks):
        lines, found = HeldLines(), ""
        people: list[Sent] = []
        for number, (kind, answers) in enumerate(plan):
            earlier = people[number - answers] if 0 < answers <= number else None
            if kind == "light":
                people.append(light(lines, number + 1))
            else:
                people.append(sent(number + 1, number, waiting=kind == "sent"))
                held = kind == "again" and earlier is not None and earlier.number and earlier.waiting
                if earlier is None or not held or not lines.again(earlier, again(number + 1)):
                    lines.items.append(people[-1])
            if earlier is not None and kind != "again":
                earlier.answered(number + 1)
            if number in when:
                lines.advance(number)
                found += lines.ready()
        results.append(found + lines.rest())
    assert results[0] == results[1]
    assert results[0].count("\n") == len(plan)


def test_when_time_may_run_out() -> None:
    lines, second = HeldLines(), LIFETIME // 1000_000_000
    assert not lines.may_run_out(1000)
    lines.items.append(sent(1, 1100 * 1_000_000_000, waiting=True))
    assert not lines.may_run_out(1000 + second - 2)
    assert lines.may_run_out(1000 + second - 1)
    assert not lines.look(1000 + second - 1)
    assert not lines.may_run_out(1100 + second - 2)
    assert lines.look(1100 + second - 1)


def test_of_what_is_live_nobody_waits() -> None:
    lines = HeldLines(live=True)
    assert not lines.room(0)
    lines.items += [sent(1, 2, waiting=True), sent(2, 2, waiting=True), "a line\n"]
    lines.advance(2)
    assert lines.ready() == '{"frame":1}\n{"frame":2}\na line\n'
