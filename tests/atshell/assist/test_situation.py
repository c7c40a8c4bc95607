"""Situations of several packs, and readers that read on."""

from __future__ import annotations

from atshell.assist.situation import NOTHING, Follower, Known, Pending, Situation, merged
from atshell.at.reply import parse_information
from atshell.catalog.model import Text
from atshell.session.exchange import Happening, Unsolicited

WORDS = Text("words", "话")


def urcs(count: int) -> list[Happening]:
    return [Unsolicited(float(n), parse_information(f"+X: {n}")) for n in range(count)]


class Counter:
    def __init__(self) -> None:
        self.taken: list[Happening] = []

    def take(self, happening: Happening) -> None:
        self.taken.append(happening)


def test_each_happening_is_taken_once() -> None:
    follower = Follower(Counter)
    happenings = urcs(5)
    reader = follower.read(happenings)
    happenings += urcs(2)
    assert follower.read(happenings) is reader
    assert reader.taken == happenings
    assert follower.read(list(happenings)) is reader


def test_another_session_and_one_that_was_cut_are_read_anew() -> None:
    follower = Follower(Counter)
    one, other = urcs(3), urcs(3)
    first, second = follower.read(one), follower.read(other)
    assert first is not second
    assert follower.read(one) is first
    assert follower.read(other) is second
    assert follower.read(one[1:]).taken == one[1:]
    assert follower.read([]).taken == []


def test_what_several_packs_know() -> None:
    assert merged([]) is NOTHING
    first = Situation(WORDS, 5.0, values={"a": (Known("1", WORDS),)}, usual=("+A", "+B"), unready={"+A": WORDS})
    second = Situation(
        Text("other", "别"),
        9.0,
        reboot_needed=True,
        pending=(Pending(1, WORDS, 3.0),),
        values={"a": (Known("2", WORDS),)},
        usual=("+B", "+C"),
        listed=("+L",),
    )
    whole = merged([first, second])
    assert (whole.state, whole.until, whole.reboot_needed) == (WORDS, 5.0, True)
    assert [one.value for one in whole.values["a"]] == ["1", "2"]
    assert (whole.usual, whole.listed, list(whole.unready)) == (("+A", "+B", "+C"), ("+L",), ["+A"])
    assert merged([NOTHING, second]).until == 9.0


def test_nobody_answers_what_nobody_waits_for() -> None:
    waiting = Situation(pending=(Pending(1, WORDS, 3.0), Pending(2, WORDS, 4.0)))
    assert waiting.at(2.0) is waiting
    assert [one.mid for one in waiting.at(3.5).pending] == [2]
