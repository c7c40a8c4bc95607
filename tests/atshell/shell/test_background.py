"""Work that takes long is told when it is done."""

from __future__ import annotations

import asyncio

from atshell.errors import AtshellError
from atshell.shell.background import Background
from atshell.shell.result import Result

DONE = Result([("", "done")])


def test_short_work_is_waited_for() -> None:
    async def work() -> Result:
        return DONE

    async def main() -> Result | None:
        return await Background(lambda _: None).run(work(), patience=5)

    assert asyncio.run(main()) is DONE


def test_long_work_is_told() -> None:
    async def main() -> list[Result]:
        told: list[Result] = []
        background = Background(told.append)
        go = asyncio.Event()

        async def work(error: Exception | None) -> Result:
            await go.wait()
            if error:
                raise error
            return DONE

        for error in (None, AtshellError("no", "why"), ZeroDivisionError("oops")):
            assert await background.run(work(error), patience=0) is None
        go.set()
        await background.settle()
        return told

    done, refused, broken = sorted(asyncio.run(main()), key=lambda one: len(one.text))
    assert done is DONE
    assert refused.text == "no: why"
    assert "ZeroDivisionError" in broken.text


def test_the_rest_can_be_cancelled() -> None:
    async def main() -> list[Result]:
        told: list[Result] = []
        background = Background(told.append)

        async def work() -> Result:
            await asyncio.Event().wait()
            return DONE

        await background.run(work(), patience=0)
        background.cancel()
        await background.settle()
        return told

    assert asyncio.run(main()) == []
