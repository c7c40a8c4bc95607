"""``%timeline``: the session so far beside the traffic it caused."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

from atshell.errors import AtshellError
from atshell.shell.layout import joined, two_columns
from atshell.shell.result import Result

if TYPE_CHECKING:
    from atshell.shell.engine import Shell
    from atshell.styled import Fragments


ARROW = "⇐"


async def run(shell: Shell, argument: str) -> AsyncIterator[Result]:
    captures = [Path(word) for word in argument.split()] or ([shell.capture] if shell.capture else [])
    if not captures:
        raise AtshellError("there is no capture beside this session", "name one: %timeline FILE.pcap")
    # In a thread: the URCs that come meanwhile are not held up by a long capture.
    lines, data = await asyncio.to_thread(_correlate, shell, captures)
    if shell.on_terminal:
        lines = two_columns([_parted(line) for line in lines], shell.width)
    yield Result(joined(lines) if lines else [("note", "nothing has happened yet")], "result", data)


def _correlate(shell: Shell, captures: list[Path]) -> tuple[list[Fragments], object]:
    from atshell.hooks import DecodeOptions

    report = shell.host.correlate(shell.transcript(), captures, DecodeOptions())
    lines = list(report.text())
    return lines, json.loads("".join(report.json()))


def _parted(line: Fragments) -> tuple[Fragments, Fragments]:
    """A line's text, and what it comes from, which the report puts last behind an arrow."""
    if line and line[-1][1].lstrip().startswith(ARROW):
        style, reasons = line[-1]
        return line[:-1], [(style, reasons.lstrip())]
    return line, []
