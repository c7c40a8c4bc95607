from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from atshell.emulator.faults.active import Active
from atshell.emulator.faults.spec import parse


def run(line: str, moments: list[float], seed: int = 0, twin: int = 0, stream: str = "") -> list[bool]:
    active = Active(parse(line), 10.0, seed, twin)
    return [active.acts(moment, stream) for moment in moments]


def test_from_when_to_when() -> None:
    assert run("lose after 5s for 2s", [10, 14.9, 15, 16.9, 17, 99]) == [False, False, True, True, False, False]


def test_how_often() -> None:
    assert run("lose once", [10, 11, 12]) == [True, False, False]
    assert run("lose times 2", [10, 11, 12]) == [True, True, False]
    assert run("lose #2", [10, 11, 12]) == [False, True, False]


def test_it_knows_when_it_is_over() -> None:
    active = Active(parse("lose #1"), 0.0, 0, 0)
    assert not active.is_over(5)
    assert active.acts(5)
    assert active.is_over(5)
    assert Active(parse("lose for 3s"), 0.0, 0, 0).is_over(3)
    assert not Active(parse("lose"), 0.0, 0, 0).is_over(1e9)


def test_what_waits_for_nothing_happens_once() -> None:
    active = Active(parse("unplug after 1s"), 0.0, 0, 0)
    assert active.happens()
    assert not active.happens()


def test_a_share_is_about_that_share() -> None:
    acted = sum(run("lose 30%", [10.0] * 2000))
    assert 500 < acted < 700


@given(st.integers(0, 2**31), st.integers(0, 3), st.sampled_from(["up", "down"]))
def test_the_same_seed_is_the_same_run(seed: int, twin: int, stream: str) -> None:
    moments = [10.0] * 200
    first = run("lose 50%", moments, seed, twin, stream)
    assert run("lose 50%", moments, seed, twin, stream) == first
    others = [
        run("lose 50%", moments, seed + 1, twin, stream),
        run("lose 50%", moments, seed, twin + 1, stream),
        run("lose 50%", moments, seed, twin, "in"),
        run("lose 49.9%", moments, seed, twin, stream),
    ]
    assert first not in others


def test_a_restarted_one_begins_anew() -> None:
    active = Active(parse("lose 50%"), 0.0, 1, 0)
    first = [active.chance() for _ in range(5)]
    active.restart(1)
    assert [active.chance() for _ in range(5)] == first
    active.restart(2)
    assert active.chance() != first[0]
