"""``%record``: where this session is recorded."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from atshell.shell.layout import joined
from atshell.shell.result import Result
from atshell.styled import Fragments

if TYPE_CHECKING:
    from atshell.shell.engine import Shell


async def run(shell: Shell, argument: str) -> AsyncIterator[Result]:
    record = str(shell.record) if shell.record else "none (--no-record)"
    rows: list[Fragments] = [[("dim", "transcript  "), ("", record)]]
    data: dict[str, str] = {"transcript": str(shell.record)} if shell.record else {}
    if shell.capture:
        kept = "" if shell.keeps_capture else "  (removed at the end; --capture FILE keeps one)"
        rows.append([("dim", "capture     "), ("", str(shell.capture)), ("dim", kept)])
        data["capture"] = str(shell.capture)
    yield Result(joined(rows), "result", data)
