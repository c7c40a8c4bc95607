"""The toolbar's seconds."""

from __future__ import annotations

import asyncio

import pytest

from atshell.repl import ticker
from atshell.repl.ticker import Ticker


def test_it_draws_only_while_something_counts_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ticker, "SECOND", 0.0)

    async def main() -> list[int]:
        left, drawn = [3], []
        over = asyncio.Event()

        def counts_down() -> bool:
            if not left[0]:
                over.set()
            return left[0] > 0

        def draw() -> None:
            left[0] -= 1
            drawn.append(left[0])

        one = Ticker(counts_down, draw)
        one.wake()
        one.wake()
        await over.wait()
        assert not one.running
        left[0] = 1
        one.wake()
        assert one.running
        one.stop()
        assert not one.running
        return drawn

    assert asyncio.run(main()) == [2, 1, 0]
