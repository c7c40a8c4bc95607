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
        while self._tasks:
            await asyncio.wait(self._tasks)

    def cancel(self) -> None:
        for task in self._tasks:
            task.cancel()
