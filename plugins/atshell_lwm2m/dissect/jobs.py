"""Several processes that each show a part of the traffic, and their lines put together again.

Every process reads the whole capture and gives one line a message, which is empty where another process shows it
(``share``). So the first process only has to lay the lines over one another. The others are forks, which begin at once
with everything imported, and send their lines through pipes: plain text, and nothing to be evaluated. Where one of them
ends early, or this one is ended, all end.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, suppress

from atshell.errors import AtshellError

_PIECE = 1 << 20
_AHEAD = 50_000
"""Lines that one process may be ahead of the slowest."""

Share = Callable[[int], Iterable[str]]
"""The lines of the process with this number, many at once."""


def can_fork() -> bool:
    return hasattr(os, "fork")


def merged(share: Share, count: int) -> Iterator[str]:
    """What ``count`` processes show, in the order of the capture, many lines at once; this one is the first of them.
    Raises AtshellError when another one fails."""
    with ExitStack() as ending:
        others: list[_Other] = []
        for number in range(1, count):
            others.append(_Other(share, number, others))
            ending.callback(others[-1].end)
        own: list[str] = []
        for text in share(0):
            own += text.split("\n")[:-1]
            for other in others:
                other.receive(wait=len(own) - len(other.lines) > _AHEAD)
            yield _common(own, others)
        while any(other.running for other in others):
            for other in others:
                other.receive(wait=len(other.lines) <= len(own))
            yield _common(own, others)
        if own or any(other.lines or other.failed() for other in others):
            raise AtshellError("a process that helped to decode ended early", "run it again without --jobs")


def _common(own: list[str], others: list[_Other]) -> str:
    """What all have, taken away from them."""
    count = min(len(own), *(len(other.lines) for other in others))
    found = own[:count]
    del own[:count]
    for other in others:
        found = [one or two for one, two in zip(found, other.lines, strict=False)]
        del other.lines[:count]
    return "\n".join([*found, ""])


class _Other:
    """Another process, and what came from it."""

    def __init__(self, share: Share, number: int, before: list[_Other]) -> None:
        self.lines: list[str] = []
        self.running = True
        self._status: int | None = None
        self._rest = b""
        self._reading, writing = _wide_pipe()
        self._process = os.fork()
        if not self._process:
            for other in before:
                os.close(other._reading)
            os.close(self._reading)
            _serve(share(number), writing)
        os.close(writing)
        os.set_blocking(self._reading, False)

    def receive(self, *, wait: bool) -> None:
        """What is there; at least something if one is to wait for it."""
        while self.running and len(self.lines) < _AHEAD:
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
                self.lines += whole.decode().split("\n")

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


def _wide_pipe() -> tuple[int, int]:
    """So wide, where that can be had, that nobody waits for the other at every piece."""
    import fcntl  # Not where there is no fork either.

    reading, writing = os.pipe()
    with suppress(AttributeError, OSError):
        fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, _PIECE)
    return reading, writing


def _serve(texts: Iterable[str], writing: int) -> None:
    """The life of a fork: it never comes back from here."""
    status = 1
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        with open(writing, "wb", buffering=_PIECE >> 4) as stream:
            stream.writelines(text.encode() for text in texts)
        status = 0
    except (KeyboardInterrupt, BrokenPipeError):
        pass
    finally:
        os._exit(status)
