"""What the session knows, asked as front doors do."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from atshell.catalog.profile import Profile
from atshell.host import host
from atshell.shell.engine import Shell
from atshell.shell.knowledge import Knowledge
from atshell.shell.options import ShellOptions

LOGIN = """AT+MIPLCREATEEX="nbiotbt.heclouds.com:5683",1,"cmiot"
AT+MIPLADDOBJ=0,3200,1,"1",0,1
AT+MIPLDISCOVERRSP=0,3200,1,4,"5750"
AT+MIPLOPEN=0,300,30
%wait +MIPLOBSERVE 5"""
READ = "%platform read /3200/0/5750\n%wait +MIPLREAD: 0 5"


def test_it_is_read_again_only_when_something_has_happened() -> None:
    now = [0.0]
    knowledge = Knowledge(host(), Profile("MN316"), lambda: now[0], keeps=False)
    before = knowledge.situation
    assert knowledge.situation is before
    assert "+MIPLNOTIFY" in before.unready


def test_a_session_with_the_emulator_from_login_to_a_ready_answer(state: Path) -> None:
    async def main() -> None:
        shell = Shell(host(), ShellOptions(no_record=True))
        await shell.open()
        changes: list[int] = []
        shell.watch(lambda: changes.append(1))
        try:
            assert shell.state == ""
            async for _ in shell.run(LOGIN):
                pass
            assert shell.state.startswith("MN316 registered 4:5")
            assert shell.counts_down
            assert changes
            assert next(one.text for one in shell.complete("AT+MIPLNOTIFY=0,0,", 18)) == "3200"
            paths = [one.text for one in shell.complete("%platform read /", 16)]
            assert "/3200/0/5750" in paths
            async for _ in shell.run(READ):
                pass
            ready = shell.ready_answer("AT")
            assert ready is not None
            assert ready.meaning == "the platform reads /3200/0/5750"
            assert "s left" in shell.state
            answer = ready.text[: len(ready.text) - ready.back] + "abcd" + ready.text[len(ready.text) - ready.back :]
            results = [result async for result in shell.run(answer)]
            assert results[-1].text.startswith("OK")
            await shell.settle()
            assert shell.ready_answer("AT") is None
            assert shell.state.startswith("MN316 registered")
        finally:
            await shell.close()

    asyncio.run(main())


def test_a_command_that_nobody_knows_is_learned_while_it_is_typed(
    talk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))

    async def body(shell, module):
        learned = asyncio.Event()
        shell.watch(learned.set)
        assert shell.complete("AT+ACMEX=", 9) == []
        await learned.wait()
        shell.complete("AT+ACMEX=", 9)
        found = [one.text for one in shell.complete("AT+ACMEX=", 9)]
        shell.complete("AT+OTHER", 8)
        await shell.settle()
        return found, module.received, "asked by the shell" in shell.transcript().entries[0].data

    found, received, noted = talk(body, {"AT+ACMEX=?": "\r\n+ACMEX: (0,1),(0-9)\r\n\r\nOK\r\n"})
    assert found == ["0", "1", "?"]
    assert received == ["AT+ACMEX=?"]
    assert noted
    assert list((tmp_path / "atshell" / "learned").iterdir())


def test_the_emulator_is_not_asked(state: Path) -> None:
    async def main() -> int:
        shell = Shell(host(), ShellOptions(no_record=True))
        await shell.open()
        try:
            shell.complete("AT+ACMEX=", 9)
            await shell.settle()
            return len(shell.transcript().entries)
        finally:
            await shell.close()

    assert asyncio.run(main()) == 0
