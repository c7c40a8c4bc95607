"""What ``emulate`` and ``platform`` share: they serve until they are ended, and do what lines of standard input ask.

Each line is carried out at once, beside those that are not answered yet; what came of it is printed as a line of JSON
that begins with the line itself; what had to wait gets a second one when it is done. End of input ends nothing.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine

from atshell.errors import AtshellError

Operate = Callable[[str], Awaitable[dict[str, object]]]

MAX_LINE = 65536
MAX_PENDING = 100
"""Lines that are carried out at the same time; further ones wait in the pipe."""

STDIN = 0


async def serve(server: Coroutine[object, object, None], operate: Operate, *, stdin: int = STDIN) -> None:
    """Run ``server`` until it ends or the process is asked to end (SIGTERM), and operate it meanwhile."""
    asked_to_end = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, asked_to_end.set)
    # In the background of a terminal, reading it shall fail, not stop the process.
    background_reads = signal.signal(signal.SIGTTIN, signal.SIG_IGN)
    jobs = [asyncio.create_task(job) for job in (server, asked_to_end.wait(), _carry_out(stdin, operate))]
    try:
        done, _ = await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED)
        for job in done:
            job.result()
    finally:
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)
        loop.remove_signal_handler(signal.SIGTERM)
        signal.signal(signal.SIGTTIN, background_reads)


async def _carry_out(stdin: int, operate: Operate) -> None:
    """Ends only when standard output is gone."""
    free = asyncio.Semaphore(MAX_PENDING)

    async def carry_out(line: str | None) -> None:
        try:
            print(await answer(line, operate), flush=True)
        finally:
            free.release()

    try:
        async with asyncio.TaskGroup() as group:
            async for line in read_lines(stdin):
                await free.acquire()
                group.create_task(carry_out(line))
            await asyncio.Event().wait()
    except* OSError as failures:
        failure = failures.exceptions[0]
    raise failure


async def answer(line: str | None, operate: Operate) -> str:
    """What came of a line, as JSON in ASCII: nothing in it can disturb a terminal."""
    if line is None:
        return json.dumps({"error": f"a line of more than {MAX_LINE} bytes"})
    try:
        result = await operate(line)
    except AtshellError as error:
        result = {"error": str(error)}
    except Exception as error:  # an operation that fails does not end the server
        result = {"error": f"{type(error).__name__}: {error}"}
    return json.dumps({"line": line, **result}, default=str)


def tell(outcome: dict[str, object]) -> None:
    """Print what came of a line later than as its answer: an order that had to wait."""
    print(json.dumps(outcome, default=str), flush=True)


async def read_lines(descriptor: int) -> AsyncIterator[str | None]:
    """The lines of a pipe, terminal or file that are not blank, to its end; None for one that is too long."""
    held = b""
    too_long = False
    while data := await _read(descriptor):
        *lines, held = (held + data).split(b"\n")
        for line in lines:
            text = line.decode("utf-8", "replace").strip()
            if too_long or len(line) > MAX_LINE:
                yield None
            elif text:
                yield text
            too_long = False
        if len(held) > MAX_LINE:
            held, too_long = b"", True
    if too_long:
        yield None
    elif text := held.decode("utf-8", "replace").strip():
        yield text


async def _read(descriptor: int) -> bytes:
    """Some bytes; none at the end, or where nothing can be read."""
    loop = asyncio.get_running_loop()
    readable = asyncio.Event()
    try:
        loop.add_reader(descriptor, readable.set)
    except PermissionError:  # a file is always readable, and cannot be waited for
        await asyncio.sleep(0)
    except OSError:
        return b""
    else:
        try:
            await readable.wait()
        finally:
            loop.remove_reader(descriptor)
    try:
        return os.read(descriptor, 4096)
    except OSError:
        return b""
