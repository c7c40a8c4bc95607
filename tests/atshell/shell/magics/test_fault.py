"""``%fault``: against an emulated module, and refused where there is none."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

from atshell.host import host
from atshell.shell.engine import Shell
from atshell.shell.options import ShellOptions

T = TypeVar("T")


@pytest.fixture
def emulated(state) -> Callable[[Callable[[Shell], Awaitable[T]], str], T]:
    def run(body: Callable[[Shell], Awaitable[T]], language: str = "en") -> T:
        async def main() -> T:
            shell = Shell(host(), ShellOptions(emulator="MN316", no_record=True, language=language))
            await shell.open()
            try:
                return await asyncio.wait_for(body(shell), 20)
            finally:
                await shell.close()

        return asyncio.run(main())

    return run


def test_a_real_module_has_none(talk, collect) -> None:
    async def body(shell, module):
        return await collect(shell, "%fault lose")

    (result,) = talk(body)
    assert "emulated" in result.text


def test_what_is_active(emulated, collect) -> None:
    async def body(shell):
        return await collect(
            shell,
            "%fault answer drop AT+CSQ\n%fault lose up 30% once\nAT+CEREG=1\n%fault seed 4\n%fault off 2\n"
            "%fault off\n%fault loose\n%fault",
        )

    first, second, ok, seeded, one, none, wrong, everything = emulated(body)
    assert first.text == "  1  answer drop AT+CSQ"
    assert second.text.splitlines() == ["  1  answer drop AT+CSQ", "  2  lose up 30% once"]
    assert ok.text.startswith("OK")
    assert seeded.text.splitlines()[-1] == "seed 4"
    assert one.text.splitlines() == ["  1  answer drop AT+CSQ", "seed 4"]
    assert one.data == {
        "seed": 4,
        "faults": [{"number": 1, "fault": "answer drop AT+CSQ", "acted": 0, "over": False}],
    }
    assert none.text.splitlines()[0] == "nothing goes wrong"
    assert (wrong.stream, "did you mean lose?" in wrong.text) == ("error", True)
    assert "urc inside [URC]" in everything.text
    assert "%fault lose up 30%" in everything.text


def test_how_often_it_has_acted(emulated, collect) -> None:
    async def body(shell):
        return await collect(shell, "%fault urc drop +CEREG once\nAT+CEREG=1\n%platform network lost\n%fault")

    assert emulated(body)[-1].text == "  1  urc drop +CEREG once    acted 1×    over"


def test_in_chinese(emulated, collect) -> None:
    async def body(shell):
        return await collect(shell, "%fault\n%fault help")

    nothing, all_of_it = emulated(body, "zh")
    assert "当前没有故障" in nothing.text
    assert "丢包" in nothing.text
    assert "丢包" in all_of_it.text
