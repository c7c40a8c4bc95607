"""``%help``"""

from __future__ import annotations

import pytest

from atshell.shell.magics import MAGICS
from atshell.shell.options import ShellOptions


@pytest.mark.parametrize("line", ["%help", "?", "help"])
def test_it_lists_what_can_be_typed(talk, collect, line: str) -> None:
    async def body(shell, module):
        return await collect(shell, line)

    (result,) = talk(body)
    assert all(f"%{name}" in result.text for name in MAGICS)
    assert "Ctrl-D" in result.text


def test_in_chinese(talk, collect) -> None:
    async def body(shell, module):
        return await collect(shell, "%help")

    (result,) = talk(body, None, ShellOptions(model="MN316", language="zh"))
    assert "退出" in result.text


def test_pages_and_near_names(talk, collect) -> None:
    async def body(shell, module):
        return await collect(shell, "%help miplopen\n%help 602\n%help 99999")

    page, code, nothing = talk(body)
    assert "AT+MIPLOPEN" in page.text
    assert "logged in" in code.text
    assert nothing.stream == "error"
