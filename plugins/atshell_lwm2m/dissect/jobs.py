"""Several processes that each show a part of the traffic, and their lines put together again.

Every process reads the whole capture and knows the place of every line (``share``). The others are forks, which begin
at once with everything imported. They send what they show through pipes: *runs*, which are whole lines one after the
other, and the places where these begin. The first process has its own lines in a list where the places of others' lines
are empty. So it puts each run where it belongs, and does not look at the lines of others one by one. What is sent is
text and numbers, and nothing to be evaluated. Where one of them ends early, or this one is ended, all end.
"""

from __future__ import annotations

import os
import signal
from array import array
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, suppress
from struct import Struct

from atshell.errors import AtshellError
from atshell_lwm2m.dissect.share import LEFT_OUT

_PIECE = 1 << 20
_AHEAD = 20_000
"""Lines that one process may be ahead of the slowest."""
_HEADER = Struct("=III")
"""Of what is sent at once: for how many places it is; the bytes of the runs' places, counted from the first of these;
and those of the runs."""
_PLACES = "I"

Share = Callable[[int], Iterable[list[str]]]
"""What the process with this number has at the places of all lines, many at once (``share``)."""


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
        own = _Own()
        for lines in share(0):
            own.lines += lines
            for other in others:
                other.receive(wait=own.come - other.come > _AHEAD)
            yield own.common(others)
        while any(other.running for other in others) and all(other.come <= own.come for other in others):
            for other in others:
                other.receive(wait=True)
            yield own.common(others)
        whole = not own.lines and not any(other.running or other.come > own.come for other in others)
        if not whole or any(other.failed() for other in others):
            raise AtshellError("a process that helped to decode ended early", "run it again without --jobs")


class _Own:
    """The lines of this process, and the place for those of the others."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._gone = 0
        """So many were in front of these."""

    @property
    def come(self) -> int:
        return self._gone + len(self.lines)

    def common(self, others: list[_Other]) -> str:
        """As far as all have come, once."""
        count = min(other.lay(self.lines, self._gone) for other in others)
        found = "".join(self.lines[:count])
        del self.lines[:count]
        self._gone += count
        return found


class _Other:
    """Another process, and what came from it."""

    def __init__(self, share: Share, number: int, before: list[_Other]) -> None:
        self.running = True
        self.come = 0
        """So many places it has told of."""
        self._laid = 0
        """So many of them were taken."""
        self._told: deque[tuple[int, array[int], list[str]]] = deque()
        """Of the others: how many at once, where among them there are runs, and these."""
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
        while self.running and self.come - self._laid < _AHEAD:
            os.set_blocking(self._reading, wait)
            try:
                piece = os.read(self._reading, _PIECE)
            except BlockingIOError:
                return
            wait = False
            if not piece:
                self.running = False
                return
            self._rest = self._unpacked(self._rest + piece)

    def _unpacked(self, data: bytes) -> bytes:
        """What is left when all that is whole was taken."""
        at, view = 0, memoryview(data)
        while at + _HEADER.size <= len(data):
            count, places_size, size = _HEADER.unpack_from(data, at)
            start = at + _HEADER.size
            middle = start + places_size
            if middle + size > len(data):
                break
            at = middle + size
            places = array(_PLACES)
            places.frombytes(view[start:middle])
            self._told.append((count, places, str(view[middle:at], "utf-8").split(LEFT_OUT)))
            self.come += count
        return data[at:]

    def lay(self, lines: list[str], gone: int) -> int:
        """Put into these what belongs there, and say of how many of them all is known. So many were ``gone``."""
        while self._told and self._laid + self._told[0][0] <= gone + len(lines):
            count, places, runs = self._told.popleft()
            first = self._laid - gone
            for place, run in zip(places, runs, strict=True):
                if run:
                    lines[first + place] = run
            self._laid += count
        return self._laid - gone

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


def _serve(share: Iterable[list[str]], writing: int) -> None:
    """The life of a fork: it never comes back from here."""
    status = 1
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        with open(writing, "wb", buffering=_PIECE >> 4) as stream:
            for lines in share:
                stream.writelines(_packed(lines))
        status = 0
    except (KeyboardInterrupt, BrokenPipeError):
        pass
    finally:
        os._exit(status)


def _packed(lines: list[str]) -> tuple[bytes, bytes, bytes]:
    places = array(_PLACES, [0])
    places.extend([place for place, line in enumerate(lines, 1) if line == LEFT_OUT])
    where, runs = places.tobytes(), "".join(lines).encode()
    return _HEADER.pack(len(lines), len(where), len(runs)), where, runs
