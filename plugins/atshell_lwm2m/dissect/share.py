"""A part of the lines: what one process of several is to show.

Everything that one message can mean for another is kept, but for what is said ``elsewhere``. For each message there is
one line, empty where another process shows it.
"""

from __future__ import annotations

from zlib import crc32

from atshell_lwm2m.dissect.dissector import Dissector
from atshell_lwm2m.dissect.elsewhere import Elsewhere
from atshell_lwm2m.dissect.fast import Lines
from atshell_lwm2m.dissect.state import Flow


class Share(Lines):
    """The lines of one of ``count`` processes."""

    def __init__(self, dissector: Dissector, number: int, count: int, keys: set[bytes] | None = None) -> None:
        """``keys`` is filled with those of conversations that others show; what the reader drops of them because of
        that has an empty key. With it the lines end in ``ReadAgain`` when too much was dropped."""
        super().__init__(dissector)
        self._number, self._count = number, count
        self._elsewhere = Elsewhere(dissector, self._is_elsewhere, keys)

    def _is_elsewhere(self, flow: Flow) -> bool:
        ends = [flow.src, flow.dst] if flow.client is None else flow.client.home.split()
        return share_of(crc32(" ".join(sorted(ends)).encode()), self._count) != self._number


# The first process also puts together and writes what the others send: it shows less itself.
_FIRST, _OTHERS = 8, 10


def share_of(number: int, count: int) -> int:
    """Whose it is among so many."""
    place = number % (_FIRST + _OTHERS * (count - 1))
    return 0 if place < _FIRST else 1 + (place - _FIRST) // _OTHERS
