"""The order in which things happened."""

from __future__ import annotations

from atshell.at.reply import parse_final, parse_information
from atshell.session.exchange import Exchange, Unsolicited
from atshell.shell.happenings import FIRST, MOST, Happenings


def urc(time: float) -> Unsolicited:
    return Unsolicited(time, parse_information("+X: 1"))


def exchange(sent: float, ended: float) -> Exchange:
    return Exchange("AT", sent, ended, (), parse_final("OK"))


def hear(happenings: Happenings, *times: float) -> None:
    for time in times:
        happenings.heard(urc(time), time)


def test_what_is_heard_meanwhile_takes_its_place_when_the_answer_is_there() -> None:
    happenings = Happenings()
    hear(happenings, 1.0)
    happenings.begin()
    hear(happenings, 2.0, 3.0)
    assert len(happenings.all) == 1
    happenings.ended(exchange(1.5, 3.0))
    assert [one.time if isinstance(one, Unsolicited) else "answer" for one in happenings.all] == [
        1.0,
        2.0,
        "answer",
        3.0,
    ]
    assert not happenings.outstanding


def test_an_answer_that_never_comes_holds_nothing_back() -> None:
    happenings = Happenings()
    happenings.begin()
    hear(happenings, *map(float, range(FIRST + 1)))
    assert len(happenings.all) == FIRST + 1
    hear(happenings, 9.0)
    happenings.ended(None)
    assert len(happenings.all) == FIRST + 2


def test_a_long_session_keeps_its_beginning_and_its_end() -> None:
    happenings = Happenings()
    before = happenings.all
    hear(happenings, *map(float, range(MOST + 1)))
    assert happenings.all is not before
    assert len(happenings.all) == FIRST + MOST // 2 + 1
    times = [one.time for one in happenings.all if isinstance(one, Unsolicited)]
    assert (times[0], times[FIRST - 1], times[-1]) == (0.0, FIRST - 1.0, float(MOST))
