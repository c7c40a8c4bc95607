"""Work that may take longer than a user should wait for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine

from atshell.shell.failure import failure
from atshell.shell.result import Result


class Background:
    """``tell`` gets the results of what nobody waits for any more."""

    def __init__(self, tell: Callable[[Result], None]) -> None:
        self._tell = tell
        self._tasks: set[asyncio.Task[Result]] = set()
        self._quiet: set[asyncio.Task[None]] = set()

    async def run(self, work: Coroutine[None, None, Result], *, patience: float) -> Result | None:
        """The result, or None when it is not there within ``patience`` seconds: then it is told."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        try:
            done, _ = await asyncio.wait({task}, timeout=patience)
        except asyncio.CancelledError:
            task.cancel()
            raise
        finally:
            task.add_done_callback(self._tasks.discard)
        if done:
            return task.result()
        task.add_done_callback(self._finished)
        return None

    def start(self, work: Coroutine[None, None, None]) -> None:
        """Work that nobody waits for and that shows nothing, unless it fails."""
        task = asyncio.ensure_future(work)
        self._quiet.add(task)
        task.add_done_callback(self._quieted)

    def _quieted(self, task: asyncio.Task[None]) -> None:
        self._quiet.discard(task)
        error = None if task.cancelled() else task.exception()
        if isinstance(error, Exception):
            self._tell(failure(error))

    def _finished(self, task: asyncio.Task[Result]) -> None:
        if task.cancelled():
            return
        error = task.exception()
        if error is None:
            self._tell(task.result())
        elif isinstance(error, Exception):
            self._tell(failure(error))

    async def settle(self) -> None:
        """Wait until all is done."""
        while running := {*self._tasks, *self._quiet}:
            await asyncio.wait(running)

    def cancel(self) -> None:
        for task in (*self._tasks, *self._quiet):
            task.cancel()
