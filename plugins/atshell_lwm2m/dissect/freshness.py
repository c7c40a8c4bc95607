"""Notifications that come out of order (RFC 7641 section 3.4): which was the freshest of each observation.

Over UDP a notification can overtake another. Its Observe value says which was sent later, as far as the two are not too
far apart in numbers or in time.
"""

from __future__ import annotations

from atshell_lwm2m.dissect.state import Sent, remember
from atshell_lwm2m.message import Expert

HALF = 1 << 23
"""Half of the range: the difference of two values that can be compared is below."""
MAX_OBSERVATIONS = 131_072
_REACH = 128_000_000_000
"""Nanoseconds after which any value is newer."""


class Freshness:
    """Of one capture."""

    def __init__(self) -> None:
        self.last: dict[Sent, tuple[int, int]] = {}
        """By the request that observes: the freshest value, and when it came."""

    def take(self, origin: Sent, observe: int, time: int) -> Expert | None:
        """A note on what is not newer than what was there before."""
        last = self.last.get(origin)
        if last is not None and not _is_newer(*last, observe, time):
            text = f"Observe {observe} is not newer than {last[0]}, which came before it: out of order"
            return Expert("note", "notification-stale", text)
        remember(self.last, origin, (observe, time), MAX_OBSERVATIONS)
        return None

    def follows(self, origin: Sent, data: bytes, start: int, time: int) -> bool:
        """Whether the options of a notification begin with an Observe that is plainly newer; then it is the last from
        now on. If not, nothing was changed."""
        last = self.last.get(origin)
        if last is None or start >= len(data) or data[start] & 0xFC != 0x60:
            return False
        behind = start + 1 + (data[start] & 3)
        observe = int.from_bytes(data[start + 1 : behind], "big")
        if behind > len(data):
            return False
        if not 0 < observe - last[0] < HALF:
            return False
        self.last[origin] = observe, time
        return True

    def end(self, origin: Sent) -> None:
        self.last.pop(origin, None)


def _is_newer(first: int, first_time: int, second: int, second_time: int) -> bool:
    if first < second:
        return second - first < HALF or second_time > first_time + _REACH
    return first - second > HALF or second_time > first_time + _REACH
