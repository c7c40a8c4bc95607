"""Results that come unasked keep their place."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from atshell.shell.result import Result
from atshell.shell.unasked import Unasked


def result(text: str) -> Result:
    return Result([("", text)], "urc")


def told(play: Callable[[Unasked, list[str]], None]) -> list[str]:
    async def main() -> list[str]:
        unasked = Unasked()
        heard: list[str] = []
        unasked.listen(lambda one: heard.append(one.text))
        play(unasked, heard)
        return heard

    return asyncio.run(main())


def test_what_comes_between_commands_is_told_at_once() -> None:
    assert told(lambda unasked, _: unasked.tell(result("a"), 1.0)) == ["a"]


def test_what_comes_with_an_answer_is_told_after_it() -> None:
    def play(unasked: Unasked, heard: list[str]) -> None:
        unasked.hold()
        unasked.tell(result("before"), 1.0)
        unasked.tell(result("with"), 2.0)
        assert heard == []
        unasked.release(before=2.0)
        assert heard == ["before"]
        heard.append("answer")
        unasked.end()

    assert told(play) == ["before", "answer", "with"]


def test_what_comes_during_a_long_command_does_not_wait_for_its_end() -> None:
    async def main() -> str:
        unasked = Unasked()
        heard: asyncio.Queue[str] = asyncio.Queue()
        unasked.listen(lambda one: heard.put_nowait(one.text))
        unasked.hold()
        unasked.tell(result("a"), 1.0)
        return await asyncio.wait_for(heard.get(), 5)

    assert asyncio.run(main()) == "a"


def test_listening_ends() -> None:
    def play(unasked: Unasked, heard: list[str]) -> None:
        end = unasked.listen(lambda one: heard.append("second"))
        end()
        end()
        unasked.tell(result("a"), 1.0)

    assert told(play) == ["a"]
