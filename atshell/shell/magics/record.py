"""``%record``: where this session is recorded."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from atshell.shell.layout import columns, joined, padded
from atshell.shell.record import short
from atshell.shell.result import Result
from atshell.styled import Fragments

if TYPE_CHECKING:
    from atshell.shell.engine import Shell


WORDS = (
    ("transcript", "capture", "none (--no-record)", "  (removed at the end; --capture FILE keeps one)"),
    ("会话记录", "抓包文件", "无 (--no-record)", "  (退出时删除; --capture FILE 可保留)"),
)


async def run(shell: Shell, argument: str) -> AsyncIterator[Result]:
    transcript, capture, none, removed = WORDS[shell.profile.language.startswith("zh")]
    width = max(columns(transcript), columns(capture)) + 2
    record = short(str(shell.record)) if shell.record else none
    rows: list[Fragments] = [[("dim", padded(transcript, width)), ("", record)]]
    data: dict[str, str] = {"transcript": str(shell.record)} if shell.record else {}
    if shell.capture:
        kept = "" if shell.keeps_capture else removed
        rows.append([("dim", padded(capture, width)), ("", short(str(shell.capture))), ("dim", kept)])
        data["capture"] = str(shell.capture)
    yield Result(joined(rows), "result", data)
