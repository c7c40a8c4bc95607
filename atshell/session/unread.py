"""URCs that nobody has waited for yet, and those who wait for one."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from atshell.session.exchange import Unsolicited

MAX_KEPT = 256
"""The oldest are forgotten first."""


class Unread:
    """``name`` gives a prefix its one spelling, upper case."""

    def __init__(self, name: Callable[[str], str]) -> None:
        self._name = name
        self._kept: deque[Unsolicited] = deque(maxlen=MAX_KEPT)
        self._waiting: list[tuple[str, asyncio.Future[Unsolicited]]] = []

    def add(self, urc: Unsolicited) -> None:
        """Give ``urc`` to the first who waits for it, or keep it."""
        for name, waiting in self._waiting:
            if not waiting.done() and self._fits(urc, name):
                waiting.set_result(urc)
                return
        self._kept.append(urc)

    def has(self, prefix: str) -> bool:
        return self._find(self._name(prefix)) is not None

    async def wait(self, prefix: str, timeout: float) -> Unsolicited:
        """The oldest that is kept, else the next. Raises TimeoutError."""
        name = self._name(prefix)
        found = self._find(name)
        if found is not None:
            self._kept.remove(found)
            return found
        waiting: asyncio.Future[Unsolicited] = asyncio.get_running_loop().create_future()
        self._waiting.append((name, waiting))
        try:
            async with asyncio.timeout(timeout):
                return await waiting
        except (TimeoutError, asyncio.CancelledError) as error:
            if waiting.done() and not waiting.cancelled() and waiting.exception() is None:
                self._kept.appendleft(waiting.result())  # it came in the last moment, and nobody took it
            if isinstance(error, TimeoutError):
                raise TimeoutError(f"no {prefix} within {timeout:g} s") from None
            raise
        finally:
            self._waiting.remove((name, waiting))

    def fail(self, error: Exception) -> None:
        """No more URCs will come."""
        for _, waiting in self._waiting:
            if not waiting.done():
                waiting.set_exception(error)

    def _find(self, name: str) -> Unsolicited | None:
        return next((urc for urc in self._kept if self._fits(urc, name)), None)

    def _fits(self, urc: Unsolicited, name: str) -> bool:
        if urc.information.prefix:
            return self._name(urc.information.prefix) == name
        return urc.information.text.strip().upper().startswith(name)
