"""URCs and those who wait for them."""

from __future__ import annotations

import asyncio

import pytest

from atshell.at.reply import parse_information
from atshell.session.exchange import Unsolicited
from atshell.session.unread import MAX_KEPT, Unread


def urc(text: str, time: float = 0.0) -> Unsolicited:
    return Unsolicited(time, parse_information(text))


def unread() -> Unread:
    return Unread(lambda prefix: {"+OBERVE": "+OBSERVE"}.get(prefix.rstrip(":").upper(), prefix.rstrip(":").upper()))


def test_the_oldest_that_nobody_has_waited_for() -> None:
    async def run() -> None:
        waiting = unread()
        first, second, other, word = urc("+A: 1"), urc("+A: 2"), urc("+OBERVE: 1"), urc("RDY")
        for one in (first, second, other, word):
            waiting.add(one)
        assert await waiting.wait("+a:", 0) is first
        assert await waiting.wait("+A", 0) is second
        assert not waiting.has("+A")
        assert await waiting.wait("+OBSERVE", 0) is other
        assert await waiting.wait("RDY", 0) is word
        with pytest.raises(TimeoutError, match=r"no \+A within 0 s"):
            await waiting.wait("+A", 0)

    asyncio.run(run())


def test_who_waits_first_gets_the_first() -> None:
    async def run() -> None:
        waiting = unread()
        tasks = [asyncio.create_task(waiting.wait("+A", 10)) for _ in range(2)]
        await asyncio.sleep(0)
        first, second, third = urc("+A: 1"), urc("+A: 2"), urc("+A: 3")
        for one in (first, second, third):
            waiting.add(one)
        assert await asyncio.gather(*tasks) == [first, second]
        assert await waiting.wait("+A", 0) is third

    asyncio.run(run())


def test_who_leaves_takes_nothing_along() -> None:
    async def run() -> None:
        waiting = unread()
        task = asyncio.create_task(waiting.wait("+A", 10))
        await asyncio.sleep(0)
        waiting.add(urc("+A: 1"))
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert waiting.has("+A")

    asyncio.run(run())


def test_the_end() -> None:
    async def run() -> None:
        waiting = unread()
        task = asyncio.create_task(waiting.wait("+A", 10))
        await asyncio.sleep(0)
        waiting.fail(RuntimeError("over"))
        with pytest.raises(RuntimeError, match="over"):
            await task

    asyncio.run(run())


def test_only_the_last_are_kept() -> None:
    waiting = unread()
    for n in range(MAX_KEPT + 1):
        waiting.add(urc(f"+N{n}: 1"))
    assert not waiting.has("+N0")
    assert waiting.has("+N1")
