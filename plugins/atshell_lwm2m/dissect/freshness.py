"""Notifications that come out of order (RFC 7641 section 3.4): which was the freshest of each observation.

Over UDP a notification can overtake another. Its Observe value says which was sent later, as far as the two are not too
far apart in numbers or in time.
"""

from __future__ import annotations

from atshell_lwm2m.dissect.state import NEVER, Sent
from atshell_lwm2m.message import Expert

HALF = 1 << 23
"""Half of the range: the difference of two values that can be compared is below."""
_REACH = 128_000_000_000
"""Nanoseconds after which any value is newer."""


def take(origin: Sent, observe: int, time: int) -> Expert | None:
    """A note on what is not newer than what was there before. ``origin`` is the request that observes."""
    before = origin.observe
    if before != NEVER and not _is_newer(before, origin.observed, observe, time):
        text = f"Observe {observe} is not newer than {before}, which came before it: out of order"
        return Expert("note", "notification-stale", text)
    origin.observe, origin.observed = observe, time
    return None


def follows(origin: Sent, data: bytes, start: int, time: int) -> bool:
    """Whether the options of a notification begin with an Observe that is plainly newer; then it is the last from
    now on. If not, nothing was changed."""
    if origin.observe == NEVER or start >= len(data) or data[start] & 0xFC != 0x60:
        return False
    behind = start + 1 + (data[start] & 3)
    observe = int.from_bytes(data[start + 1 : behind], "big")
    if behind > len(data) or not 0 < observe - origin.observe < HALF:
        return False
    origin.observe, origin.observed = observe, time
    return True


def end(origin: Sent) -> None:
    origin.observe = NEVER


def _is_newer(first: int, first_time: int, second: int, second_time: int) -> bool:
    if first < second:
        return second - first < HALF or second_time > first_time + _REACH
    return first - second > HALF or second_time > first_time + _REACH
