"""A file that is still being written, read as ``tail -f`` does; and a pipe, which is quiet at times."""

from __future__ import annotations

import os
import select
import stat
from collections.abc import Callable

_PIECE = 1 << 18

Going = Callable[[], bool]
"""Called when there is nothing to read: it waits a little, and says whether to go on."""


class Growing:
    """The end of a file is no end, the end of a pipe is."""

    def __init__(self, descriptor: int, going: Going) -> None:
        self._descriptor = descriptor
        self._going = going
        self._file = stat.S_ISREG(os.fstat(descriptor).st_mode)

    def read1(self, size: int = _PIECE, /) -> bytes:
        while True:
            if self._file or select.select([self._descriptor], [], [], 0)[0]:
                piece = os.read(self._descriptor, size)
                if piece or not self._file:
                    return piece
            if not self._going():
                return b""
