from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell.emulator.clock import LoopClock, ManualClock, Timers, within

seconds = st.floats(0, 100, allow_nan=False)


@given(st.lists(seconds), st.lists(seconds, min_size=1))
def test_timers_are_called_in_order_at_their_time(delays: list[float], steps: list[float]) -> None:
    clock = ManualClock()
    called: list[tuple[float, int]] = []
    for index, delay in enumerate(delays):
        clock.call_later(delay, lambda index=index, delay=delay: called.append((delay, index)))  # type: ignore[misc]
    passed = 0.0
    for step in steps:
        clock.advance(step)
        passed += step
        assert clock.now() == passed
    assert called == sorted((delay, index) for index, delay in enumerate(delays) if delay <= passed)


def test_a_callback_sees_the_moment_that_it_was_set_for() -> None:
    clock = ManualClock()
    seen: list[float] = []
    clock.call_later(2, lambda: seen.append(clock.now()))
    clock.call_later(1, lambda: seen.append(clock.now()))
    clock.advance(10)
    assert seen == [1, 2]
    assert clock.now() == 10


def test_what_a_timer_sets_falls_due_in_the_same_advance() -> None:
    clock = ManualClock()
    seen: list[float] = []

    def tick() -> None:
        seen.append(clock.now())
        clock.call_later(1, tick)

    clock.call_later(1, tick)
    clock.advance(3.5)
    assert seen == [1, 2, 3]
    clock.advance(0.5)
    assert seen == [1, 2, 3, 4]


def test_a_cancelled_timer_is_not_called() -> None:
    clock = ManualClock()
    seen: list[str] = []
    first = clock.call_later(1, lambda: second.cancel())
    second = clock.call_later(1, lambda: seen.append("second"))
    third = clock.call_later(1, lambda: seen.append("third"))
    third.cancel()
    clock.advance(2)
    first.cancel()
    assert seen == []


def test_time_does_not_run_backwards() -> None:
    clock = ManualClock()
    clock.advance(3)
    clock.advance(-2)
    assert clock.now() == 3
    clock.call_later(-1, lambda: clock.advance(5))
    clock.advance(1)
    assert clock.now() == 8


def test_the_loop_clock_multiplies() -> None:
    class Loop(asyncio.SelectorEventLoop):
        present = 100.0

        def time(self) -> float:
            return self.present

    async def scenario() -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, Loop)
        clock = LoopClock(60)
        assert clock.now() == 0
        loop.present += 2
        assert clock.now() == 120
        timer = clock.call_later(30, lambda: None)
        assert isinstance(timer, asyncio.TimerHandle)
        assert timer.when() == 102.5
        timer.cancel()

    with asyncio.Runner(loop_factory=Loop) as runner:
        runner.run(scenario())


def test_a_clock_that_stands_still_is_refused() -> None:
    with pytest.raises(ValueError, match="speed"):
        LoopClock(0)


def test_cancelled_timers_do_not_pile_up() -> None:
    timers = Timers()
    kept: list[int] = []
    timers.add(2e6, lambda: kept.append(1))
    for number in range(100_000):
        timers.add(1e6 + number, lambda: kept.append(0)).cancel()
    assert len(timers._heap) <= 1024
    fallen = timers.pop(3e6)
    assert fallen is not None
    assert fallen[0] == 2e6


def test_within_its_time_on_the_device() -> None:
    async def scenario() -> None:
        clock = ManualClock()
        async with within(clock, 5):
            await asyncio.sleep(0)
        assert clock._timers.next_due is None

        async def too_long() -> None:
            async with within(clock, 5):
                await asyncio.Event().wait()

        waiting = asyncio.ensure_future(too_long())
        await asyncio.sleep(0)
        clock.advance(4.9)
        await asyncio.sleep(0.001)
        assert not waiting.done()
        clock.advance(0.1)
        with pytest.raises(TimeoutError):
            await waiting

    asyncio.run(scenario())
