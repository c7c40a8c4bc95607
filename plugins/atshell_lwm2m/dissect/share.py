"""A part of the lines: what one process of several is to show.

Everything that one message can mean for another is kept, but for what is said ``elsewhere``. For each message there is
one place: it is empty where another process shows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from zlib import crc32

from atshell_lwm2m.capture.fast import Headed
from atshell_lwm2m.dissect.dissector import Dissector
from atshell_lwm2m.dissect.elsewhere import Elsewhere
from atshell_lwm2m.dissect.fast import Lines
from atshell_lwm2m.dissect.state import Flow

LEFT_OUT = "\0"
"""In the places of lines that are left out, at least the last before one that is not. JSON writes no such character as
it is."""


class Share(Lines):
    """The lines of one of ``count`` processes."""

    def __init__(self, dissector: Dissector, number: int, count: int, keys: set[bytes] | None = None) -> None:
        """``keys`` is filled with those of conversations that others show; what the reader drops of them because of
        that has an empty key. With it the lines end in ``ReadAgain`` when too much was dropped."""
        super().__init__(dissector)
        self._number, self._count = number, count
        # Lines of others are put into those of the first process.
        self._left_out = LEFT_OUT if number else ""
        self._elsewhere = Elsewhere(dissector, self._is_elsewhere, keys)

    def places(self, batches: Iterable[list[Headed]]) -> Iterator[list[str]]:
        """As ``batches``, with a place for every line."""
        held = self._held
        for batch in batches:
            if batch:
                self._take_in(batch)
                yield held.places()
        yield held.places(all_of_them=True)

    def _coming(self, batch: list[Headed]) -> int:
        return sum(one[0] if not one[4] else 1 for one in batch)

    def _is_elsewhere(self, flow: Flow) -> bool:
        ends = [flow.src, flow.dst] if flow.client is None else flow.client.home.split()
        return share_of(crc32(" ".join(sorted(ends)).encode()), self._count) != self._number


# The first process also puts together and writes what the others send: it shows less itself.
_FIRST, _OTHERS = 9, 10


def share_of(number: int, count: int) -> int:
    """Whose it is among so many."""
    place = number % (_FIRST + _OTHERS * (count - 1))
    return 0 if place < _FIRST else 1 + (place - _FIRST) // _OTHERS
