"""Times as they stand in front of packets in hex dumps."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from atshell_lwm2m.capture.frames import UNKNOWN

_BILLION = 1_000_000_000
_FRACTION = rb"(?:[.,](\d{1,9}))?"
_CLOCK = rb"([01]\d|2[0-3]):([0-5]\d):([0-6]\d)" + _FRACTION
_DATED = re.compile(rb"(\d{4})-(\d\d)-(\d\d)[ T]" + _CLOCK + rb"\s*(Z|[+-]\d\d:?\d\d)?")
_TIMED = re.compile(rb"(?:^|[\s])" + _CLOCK)
_EPOCH = re.compile(rb"(?:^|[\s])(\d{9,11})\.(\d{1,9})\b")
# Number and seconds since the first packet, as Wireshark's list has them.
_LISTED = re.compile(rb"\s*\d+\s+(\d{1,9})\.(\d{1,9})\s")
_DIRECTION = re.compile(rb"\s*([IO])(?:\s|$)", re.IGNORECASE)
_MAX_LINE = 4096


class Stamps:
    """The lines in front of a packet are looked at; then its direction and time are taken."""

    def __init__(self) -> None:
        self._next = UNKNOWN
        self._time: int | None = None
        self._exact = False
        self._outgoing: bool | None = None

    def look(self, line: bytes) -> None:
        line = line[:_MAX_LINE]
        direction = _DIRECTION.match(line)
        if direction is not None:
            self._outgoing = direction[1] in b"Oo"
            line = line[direction.end() :]
        if self._exact:
            return
        found = _dated(line)
        if found is None:
            found = _epoch(_EPOCH.search(line))
        self._exact = found is not None
        if found is None and self._time is None:
            found = _timed(line)
            if found is None:
                found = _epoch(_LISTED.match(line))
        if found is not None:
            self._time = found

    def taken(self) -> tuple[bool | None, int]:
        """Whether the packet goes out, where that is told, and its time: one microsecond after the one before it where
        none is told; ``UNKNOWN`` where none was told before."""
        time = self._next if self._time is None else self._time
        outgoing = self._outgoing
        self._next, self._time = time if time == UNKNOWN else time + 1000, None
        self._exact, self._outgoing = False, None
        return outgoing, time


def _nanoseconds(fraction: bytes | None) -> int:
    return int((fraction or b"").ljust(9, b"0"))


def _epoch(found: re.Match[bytes] | None) -> int | None:
    return int(found[1]) * _BILLION + _nanoseconds(found[2]) if found is not None else None


def _dated(line: bytes) -> int | None:
    found = _DATED.search(line)
    if found is None:
        return None
    try:
        year, month, day, hour, minute, second = (int(found[number]) for number in range(1, 7))
        moment = datetime(year, month, day, hour, minute, second, tzinfo=_zone(found[8]))
        return int(moment.timestamp()) * _BILLION + _nanoseconds(found[7])
    except (ValueError, OverflowError):
        return None


def _zone(text: bytes | None) -> timezone:
    """Coordinated time where nothing is said."""
    if text is None or text == b"Z":
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=-minutes if text[:1] == b"-" else minutes))


def _timed(line: bytes) -> int | None:
    """A clock time without a day."""
    found = _TIMED.search(line)
    if found is None:
        return None
    seconds = int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3])
    return seconds * _BILLION + _nanoseconds(found[4])
