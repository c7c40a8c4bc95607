from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Awaitable, Callable

import pytest

from atshell.emulator.pace import DeviceLoop, PacedClock, device_loop


def run(scenario: Callable[[DeviceLoop], Awaitable[None]]) -> None:
    async def main() -> None:
        await scenario(device_loop())

    with asyncio.Runner(loop_factory=DeviceLoop) as runner:
        runner.run(main())


def test_time_stands_still_until_it_is_turned() -> None:
    async def scenario(loop: DeviceLoop) -> None:
        seen: list[float] = []
        loop.clock.call_later(10, lambda: seen.append(loop.clock.now()))
        await loop.rest()
        assert (seen, loop.clock.now()) == ([], 0)
        await loop.turn(9)
        assert (seen, loop.clock.now()) == ([], 9)
        await loop.turn(86400)
        assert (seen, loop.clock.now()) == ([10], 86409)

    run(scenario)


def test_what_a_timer_sets_going_is_over_before_the_next_falls_due() -> None:
    """Ten turns of the loop between two timers of the same moment, and no time passes in them."""

    async def scenario(loop: DeviceLoop) -> None:
        seen: list[tuple[str, float]] = []

        async def long(name: str) -> None:
            for _ in range(10):
                await asyncio.sleep(0)
            seen.append((name, loop.clock.now()))

        tasks: list[asyncio.Task[None]] = []
        for name in "ab":
            loop.clock.call_later(5, lambda name=name: tasks.append(loop.create_task(long(name))))  # type: ignore[misc]
        loop.clock.call_later(5, lambda: seen.append(("c", loop.clock.now())))
        await loop.turn(5)
        assert seen == [("a", 5), ("b", 5), ("c", 5)]

    run(scenario)


@pytest.mark.parametrize(("speed", "shown"), [(0.0, False), (1.0, True), (3600.0, False)])
def test_what_is_written_down_shows_how_long_computing_takes_at_real_speed_alone(speed: float, shown: bool) -> None:
    async def scenario(loop: DeviceLoop) -> None:
        clock = loop.clock
        clock.run(speed)
        await loop.rest()
        now, began = clock.now(), clock.stamp
        end = time.monotonic() + 0.002
        while time.monotonic() < end:
            pass
        assert clock.now() == now
        assert (clock.stamp - began >= 0.002) is shown
        assert shown or clock.stamp == now

    run(scenario)


def test_computing_takes_no_device_time() -> None:
    """At speed 3600 the answer takes 36 device seconds of real time to compute; the retransmission at 2 s does not
    overtake it."""

    async def scenario(loop: DeviceLoop) -> None:
        events: list[str] = []
        loop.clock.run(3600)
        retransmission = loop.clock.call_later(2, lambda: events.append("again"))

        def answer() -> None:
            end = time.perf_counter() + 0.01
            while time.perf_counter() < end:
                pass
            events.append("answer")
            retransmission.cancel()

        loop.call_soon(lambda: loop.call_soon(answer))
        await loop.rest()
        assert events == ["answer"]
        await asyncio.sleep(0.001)
        assert loop.clock.now() > 36  # but device time has not been lost

    run(scenario)


def test_time_passes_by_itself_at_its_speed_and_wakes_the_loop() -> None:
    async def scenario(loop: DeviceLoop) -> None:
        due = asyncio.Event()
        loop.clock.run(1e6)
        loop.clock.call_later(5000, due.set)
        began = time.monotonic()
        await due.wait()
        assert 0.005 <= time.monotonic() - began < 5
        assert loop.clock.now() == 5000
        loop.clock.run(0)
        await loop.rest()
        stands = loop.clock.now()
        await asyncio.sleep(0.002)
        assert loop.clock.now() == stands

    run(scenario)


def test_what_a_socket_brings_comes_before_what_falls_due() -> None:
    async def scenario(loop: DeviceLoop) -> None:
        near, far = socket.socketpair()
        events: list[str] = []
        with near, far:
            loop.add_reader(near, lambda: (near.recv(1), events.append("read")))
            loop.clock.call_later(1, lambda: (far.send(b"x"), events.append("sent")))  # type: ignore[arg-type, return-value]
            loop.clock.call_later(1, lambda: events.append("next"))
            await loop.turn(1)
            loop.remove_reader(near)
        assert events == ["sent", "read", "next"]

    run(scenario)


def test_time_goes_to_what_falls_due_and_then_to_the_limit() -> None:
    clock = PacedClock()
    clock.call_later(10, lambda: None)
    assert clock.step() is None
    clock.allow(100)
    assert clock.step() is not None
    assert (clock.now(), clock.limit, clock.next_due) == (10, 100, None)
    assert clock.step() is None
    assert (clock.now(), clock.real_wait()) == (100, None)


def test_a_callback_that_fails_does_not_end_the_loop() -> None:
    async def scenario(loop: DeviceLoop) -> None:
        troubles: list[object] = []
        loop.set_exception_handler(lambda loop, context: troubles.append(context["exception"]))
        loop.clock.call_later(1, lambda: [][0])
        await loop.turn(2)
        assert [type(trouble) for trouble in troubles] == [IndexError]

    run(scenario)


def test_another_loop_has_no_device_time() -> None:
    async def scenario() -> None:
        with pytest.raises(RuntimeError, match="loop_factory=DeviceLoop"):
            device_loop()

    asyncio.run(scenario())
