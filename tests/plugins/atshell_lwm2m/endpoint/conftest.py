"""Waiting in tests: for a condition, with an end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

Until = Callable[[Callable[[], object]], Awaitable[None]]


@pytest.fixture
def until() -> Until:
    """``await until(lambda: condition)``: turns the loop until it holds, five seconds at most."""

    async def wait(condition: Callable[[], object]) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + 5
        while not condition():
            assert loop.time() < end, "waited in vain"
            await asyncio.sleep(0)

    return wait
