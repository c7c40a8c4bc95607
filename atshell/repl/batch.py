"""Standard input that is no terminal: each line is run in turn, results go out plainly. ``echo AT | atshell``

Nothing here needs prompt-toolkit. Lines are read by a thread of its own, so that URCs are shown while it waits; it is
a daemon, so that it holds nothing up at the end.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, TextIO

from atshell.host import Host, host
from atshell.shell.engine import Shell
from atshell.styled import Fragments, to_ansi, to_plain

if TYPE_CHECKING:
    from atshell.shell.options import ShellOptions
    from atshell.shell.result import Result


def run(options: ShellOptions, *, color: bool) -> int:
    return asyncio.run(serve(host(), options, sys.stdin, sys.stdout, color=color))


async def serve(plugins: Host, options: ShellOptions, source: TextIO, output: TextIO, *, color: bool) -> int:
    """Run the lines of ``source``; 0 at its end, whatever the module answered."""
    render = to_ansi if color else to_plain

    def write(fragments: Fragments) -> None:
        output.write(render(fragments) + "\n")
        output.flush()

    shell = Shell(plugins, options)
    await shell.open()
    lines = _lines(source)

    def show_unasked(result: Result) -> None:
        try:
            write(result.fragments)
        except BrokenPipeError:
            lines.put_nowait(None)  # nobody reads on

    shell.listen(show_unasked)
    try:
        while not shell.done and (line := await lines.get()) is not None:
            async with aclosing(shell.run(line)) as results:
                async for result in results:
                    write(result.fragments)
        await shell.settle()
    finally:
        await shell.close()
    return 0


def _lines(source: TextIO) -> asyncio.Queue[str | None]:
    """Lines as they come, then None."""
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[str | None] = asyncio.Queue()

    def put(line: str | None) -> None:
        with suppress(RuntimeError):  # the loop has ended: nobody wants the line
            loop.call_soon_threadsafe(lines.put_nowait, line)

    def read() -> None:
        try:
            for line in source:
                put(line.rstrip("\r\n"))
        finally:
            put(None)

    threading.Thread(target=read, name="standard input", daemon=True).start()
    return lines
