"""Several processes that each show a part of the traffic, and their lines put together again.

Every process reads the whole capture and gives one item a message: a line, or nothing where another process shows it
(``sifted.Share``). So the first process only has to lay the lists over one another. The others are forks, which begin
at once with everything imported, and send their items through pipes, each with a line feed: plain text, and nothing to
be evaluated. Where one of them ends early, or this one is ended, all end.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack

from atshell.errors import AtshellError

_PIECE = 1 << 20
_AHEAD = 50_000
"""Items that one process may be ahead of the slowest."""

Items = Callable[[int], Iterable[list[str]]]
"""The items of the process with this number."""


def can_fork() -> bool:
    return hasattr(os, "fork")


def merged(items: Items, count: int) -> Iterator[list[str]]:
    """The lines of ``count`` processes in the order of the capture; this one is the first of them. Raises
    AtshellError when another one fails."""
    with ExitStack() as ending:
        others: list[_Other] = []
        for number in range(1, count):
            others.append(_Other(items, number, others))
            ending.callback(others[-1].end)
        own: list[str] = []
        for batch in items(0):
            own += batch
            for other in others:
                other.receive(wait=len(own) - len(other.items) > _AHEAD)
            yield _common(own, others)
        while any(other.running for other in others):
            for other in others:
                other.receive(wait=len(other.items) <= len(own))
            yield _common(own, others)
        if own or any(other.items or other.failed() for other in others):
            raise AtshellError("a process that helped to decode ended early", "run it again without --jobs")


def _common(own: list[str], others: list[_Other]) -> list[str]:
    """What all have, taken away from them."""
    count = min(len(own), *(len(other.items) for other in others))
    found = own[:count]
    del own[:count]
    for other in others:
        found = [one or two for one, two in zip(found, other.items, strict=False)]
        del other.items[:count]
    return found


class _Other:
    """Another process, and what came from it."""

    def __init__(self, items: Items, number: int, before: list[_Other]) -> None:
        self.items: list[str] = []
        self.running = True
        self._status: int | None = None
        self._rest = b""
        self._reading, writing = os.pipe()
        self._process = os.fork()
        if not self._process:
            for other in before:
                os.close(other._reading)
            os.close(self._reading)
            _serve(items(number), writing)
        os.close(writing)
        os.set_blocking(self._reading, False)

    def receive(self, *, wait: bool) -> None:
        """What is there; at least something if one is to wait for it."""
        while self.running and len(self.items) < _AHEAD:
            os.set_blocking(self._reading, wait)
            try:
                piece = os.read(self._reading, _PIECE)
            except BlockingIOError:
                return
            wait = False
            if not piece:
                self.running = False
                return
            whole, ends, self._rest = (self._rest + piece).rpartition(b"\n")
            if ends:
                self.items += whole.decode().split("\n")

    def failed(self) -> bool:
        self._wait()
        return self._status != 0

    def end(self) -> None:
        os.close(self._reading)
        if self._status is None:
            os.kill(self._process, signal.SIGTERM)
            self._wait()

    def _wait(self) -> None:
        if self._status is None:
            self._status = os.waitpid(self._process, 0)[1]


def _serve(items: Iterable[list[str]], writing: int) -> None:
    """The life of a fork: it never comes back from here."""
    status = 1
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        with open(writing, "wb", buffering=_PIECE) as stream:
            for batch in items:
                if batch:
                    batch.append("")
                    stream.write("\n".join(batch).encode())
        status = 0
    except (KeyboardInterrupt, BrokenPipeError):
        pass
    finally:
        os._exit(status)
