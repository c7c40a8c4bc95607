"""``%explain``, and lines of a module that are pasted at the prompt."""

from __future__ import annotations


def test_a_line_is_explained_and_nothing_is_sent(talk, collect) -> None:
    async def body(shell, module):
        results = await collect(
            shell, "%explain AT+MIPLOPEN=0,300\n+CEREG: 0,1\nOK\n+NOBODY: 1\n%explain\n%explain what"
        )
        return results, module.received

    results, received = talk(body)
    command, answer, fine, *errors = results
    assert "lifetime of this registration" in command.text
    assert "registered, home network" in answer.text
    assert fine.text.startswith("OK")
    assert [one.stream for one in errors] == ["error"] * 3
    assert received == []


def test_in_chinese(talk, collect) -> None:
    from atshell.shell.options import ShellOptions

    async def body(shell, module):
        return await collect(shell, "+MIPLEVENT: 0,6")

    (result,) = talk(body, options=ShellOptions(model="MN316", language="zh"))
    assert "设备实例" in result.text
