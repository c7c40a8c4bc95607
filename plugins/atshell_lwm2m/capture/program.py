"""Another program as a stream: what it writes, while it is fed what it shall read."""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from atshell_lwm2m.capture.growing import Going, Growing
from atshell_lwm2m.capture.window import Stream

_PIECE = 1 << 16
_PATIENCE = 5
"""Seconds for a program to end once it was asked to."""
_MAX_SAID = 4096


class Program:
    """``given`` is its standard input; ``going`` is asked while it is silent, and False is the end."""

    def __init__(self, command: Sequence[str], given: Stream | None = None, going: Going | None = None) -> None:
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - a pipe that nobody reads would fill
        source = subprocess.DEVNULL if given is None else subprocess.PIPE
        self._process = subprocess.Popen(
            command, stdin=source, stdout=subprocess.PIPE, stderr=self._complaints, bufsize=0
        )
        if self._process.stdout is None:
            raise OSError("no output to read")
        self._descriptor = self._process.stdout.fileno()
        self._growing = Growing(self._descriptor, going) if going is not None else None
        if given is not None:
            threading.Thread(target=self._feed, args=(given,), daemon=True).start()

    def read1(self, size: int = _PIECE, /) -> bytes:
        return os.read(self._descriptor, size) if self._growing is None else self._growing.read1(size)

    def _feed(self, given: Stream) -> None:
        into = self._process.stdin
        if into is None:
            return
        # The program may have had enough before the end, and the file may be closed then.
        with contextlib.suppress(OSError, ValueError), into:
            while piece := memoryview(given.read1(_PIECE)):
                while piece := piece[into.write(piece) :]:
                    pass

    def complaint(self) -> str:
        """What it said when it failed; nothing when it did not."""
        return self._said() or f"it ended with {self._process.returncode}" if self._end() else ""

    def _end(self) -> int:
        try:
            return self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()

    def _said(self) -> str:
        self._complaints.seek(0)
        return self._complaints.read(_MAX_SAID).decode("utf-8", "replace").strip()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.terminate()
        self._end()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._complaints.close()
