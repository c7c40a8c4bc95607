"""``%record``"""

from __future__ import annotations

import asyncio
from pathlib import Path

from atshell.host import host
from atshell.shell.engine import Shell
from atshell.shell.options import ShellOptions


def test_it_says_where_the_transcript_is(talk, collect) -> None:
    async def body(shell, module):
        (result,) = await collect(shell, "%record")
        return result, shell.record

    result, record = talk(body)
    assert str(record) in result.text
    assert result.data == {"transcript": str(record)}


def test_it_says_that_there_is_none(talk, collect) -> None:
    async def body(shell, module):
        return await collect(shell, "%record")

    (result,) = talk(body, None, ShellOptions(model="MN316", no_record=True))
    assert "none" in result.text
    assert result.data == {}


def test_it_says_which_capture_stays(state: Path, tmp_path: Path, collect) -> None:
    async def said(options: ShellOptions) -> str:
        shell = Shell(host(), options)
        await shell.open()
        (result,) = await collect(shell, "%record")
        await shell.close()
        return result.text

    assert "removed at the end" in asyncio.run(said(ShellOptions()))
    kept = asyncio.run(said(ShellOptions(capture=tmp_path / "x.pcap")))
    assert str(tmp_path / "x.pcap") in kept
    assert "removed" not in kept
    assert (tmp_path / "x.pcap").exists()
