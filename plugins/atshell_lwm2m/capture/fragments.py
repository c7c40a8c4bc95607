"""IP fragments put together (RFC 791 section 3.2, RFC 8200 section 4.5).

What is kept is limited in number, in bytes and in time, which is that of the packets. Fragments that overlap are an
attack or a fault: the whole datagram is left out, with what still comes of it (RFC 5722). An exact copy is none. Where
the datagram is whole already, copies may make it a second time, for captures at two places of a host have each packet
twice. If they do not, nothing is missing.
"""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass, field

from atshell_lwm2m.capture.tally import Tally

MAX_OPEN = 1024
"""Datagrams."""
MAX_HELD = 16 * 1024 * 1024
"""Bytes."""
TIMEOUT = 60 * 1_000_000_000
"""Nanoseconds; as RFC 8200 has it, and no less than RFC 1122 section 3.3.2 for IPv4."""
_LARGEST = 65_535
_COPIES = 1_000_000_000
"""Nanoseconds in which copies come. What is sent again comes later (RFC 7252 section 4.8: after 2 s)."""
_MAX_WHOLE = 64
"""Datagrams whose copies are known."""

Whole = tuple[int, bytes]
"""The protocol and the bytes."""


@dataclass(slots=True)
class _Open:
    began: int
    frame: int
    size: int = -1
    """Known from the last fragment on."""
    held: int = 0
    protocol: int = 0
    """As the first fragment says it."""
    starts: list[int] = field(default_factory=list)
    pieces: dict[int, bytes] = field(default_factory=dict)
    copies: bool = False
    """All of it were pieces of the datagram that was whole last."""
    dead: bool = False
    """Its further fragments are left out."""


@dataclass(frozen=True, slots=True)
class Fragment:
    start: int
    more: bool
    protocol: int
    data: bytes


class Fragments:
    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._open: dict[bytes, _Open] = {}
        self._held = 0
        self._whole: dict[bytes, tuple[int, dict[int, bytes]]] = {}
        """When it was whole, and of which pieces."""

    def take(self, key: bytes, fragment: Fragment, time: int, frame: int) -> Whole | None:
        """``key`` is what the fragments of a datagram have in common. The datagram, when this was the last of it."""
        self._expire(time)
        datagram = self._open.get(key)
        if datagram is None:
            datagram = self._open[key] = _Open(time, frame, copies=key in self._whole)
        if datagram.dead:
            return None
        if datagram.copies and not self._is_copy(key, fragment, time):
            datagram = self._other(key, datagram, fragment, time, frame)
        fault = _fault(datagram, fragment)
        if fault is not None:
            self.give_up(key, fault, time, frame)
            return None
        if fragment.start not in datagram.pieces:
            self._add(datagram, fragment)
        if datagram.held != datagram.size:
            self._limit()
            return None
        del self._open[key]
        self._held -= datagram.held
        self._whole[key] = time, datagram.pieces
        if len(self._whole) > _MAX_WHOLE:
            del self._whole[next(iter(self._whole))]
        return datagram.protocol, b"".join(datagram.pieces[start] for start in datagram.starts)

    def _other(self, key: bytes, datagram: _Open, fragment: Fragment, time: int, frame: int) -> _Open:
        """Of a datagram of which there were copies alone until now: it is another one if they can not belong to it."""
        datagram.copies = False
        if _fault(datagram, fragment) is None:
            return datagram
        self._held -= datagram.held
        datagram = self._open[key] = _Open(time, frame)
        return datagram

    def _is_copy(self, key: bytes, fragment: Fragment, time: int) -> bool:
        when, pieces = self._whole.get(key, (0, {}))
        return abs(time - when) < _COPIES and pieces.get(fragment.start) == fragment.data

    def give_up(self, key: bytes, why: str, time: int, frame: int) -> None:
        """Nothing more of this datagram."""
        datagram = self._open.setdefault(key, _Open(time, frame))
        if not datagram.dead:
            self._tally.note(why, f"frame {frame}: {why}: the datagram is left out")
        self._held -= datagram.held
        self._open[key] = _Open(datagram.began, datagram.frame, dead=True)
        self._limit()

    def finish(self) -> None:
        """What is still not whole never will be."""
        for datagram in self._open.values():
            self._incomplete(datagram)
        self._open.clear()

    def _add(self, datagram: _Open, fragment: Fragment) -> None:
        if fragment.start == 0:
            datagram.protocol = fragment.protocol
        if not fragment.more:
            datagram.size = fragment.start + len(fragment.data)
        datagram.starts.insert(bisect(datagram.starts, fragment.start), fragment.start)
        datagram.pieces[fragment.start] = fragment.data
        datagram.held += len(fragment.data)
        self._held += len(fragment.data)

    def _expire(self, time: int) -> None:
        """The oldest stand first."""
        while self._open:
            oldest = next(iter(self._open))
            if time - self._open[oldest].began <= TIMEOUT:
                return
            self._drop(oldest)

    def _limit(self) -> None:
        while len(self._open) > MAX_OPEN or self._held > MAX_HELD:
            self._drop(next(iter(self._open)))

    def _drop(self, key: bytes) -> None:
        datagram = self._open.pop(key)
        self._held -= datagram.held
        self._incomplete(datagram)

    def _incomplete(self, datagram: _Open) -> None:
        if not datagram.dead and not datagram.copies:
            self._tally.note("incomplete", f"frame {datagram.frame}: other IP fragments of the datagram are missing")


def _fault(datagram: _Open, fragment: Fragment) -> str | None:
    """Why the fragment can not belong with those that are there."""
    start, end = fragment.start, fragment.start + len(fragment.data)
    if end > _LARGEST or not fragment.data or (fragment.more and len(fragment.data) % 8):
        return "an IP fragment of a length that can not be"
    if datagram.pieces.get(start) == fragment.data and (datagram.size == end) is not fragment.more:
        return None
    after = bisect(datagram.starts, start)
    before = datagram.starts[after - 1] if after else 0
    if after and before + len(datagram.pieces[before]) > start:
        return "overlapping IP fragments"
    if after < len(datagram.starts) and end > datagram.starts[after]:
        return "overlapping IP fragments"
    if datagram.size >= 0 and (end > datagram.size or not fragment.more):
        return "IP fragments behind the last one"
    if not fragment.more and after < len(datagram.starts):
        return "IP fragments behind the last one"
    return None
