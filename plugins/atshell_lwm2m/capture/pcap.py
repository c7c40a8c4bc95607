"""Classic pcap files, in either byte order, of microseconds or nanoseconds.

A packet is ``(nanoseconds since 1970, link type, bytes, bytes that were on the wire)``. A file that ends inside a
record is read up to there. Where a length can not be, the records behind are looked for: a header whose time is near
that of the first record and whose lengths lead to another such header, or to the end. ``warn`` is told of both.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from typing import NamedTuple

from atshell_lwm2m.capture.tally import Tally, Warn
from atshell_lwm2m.capture.window import Stream, Window

Packet = tuple[int, int, bytes, int]

# Above what any link layer here carries (Wireshark draws the same line).
MAX_RECORD = 262_144
# A pcapng file begins like that.
NEXT_GENERATION = b"\x0a\x0d\x0d\x0a"
# Magic as read: byte order, nanoseconds a tick, size of a record header.
MAGICS: dict[bytes, tuple[str, int, int]] = {
    b"\xd4\xc3\xb2\xa1": ("<", 1000, 16),
    b"\xa1\xb2\xc3\xd4": (">", 1000, 16),
    b"\x4d\x3c\xb2\xa1": ("<", 1, 16),
    b"\xa1\xb2\x3c\x4d": (">", 1, 16),
    # Kuznetzov's libpcap: eight more bytes a record.
    b"\x34\xcd\xb2\xa1": ("<", 1000, 24),
    b"\xa1\xb2\xcd\x34": (">", 1000, 24),
}
HEADER = 20
"""Bytes of the file's header, behind the magic number."""
_BILLION = 1_000_000_000
_NEAR = 1 << 24
"""Seconds that may lie between neighbours in a capture, either way, where its records are looked for: half a year."""
_CHAIN = 3
"""Headers in a row that make a place a record."""


class Layout(NamedTuple):
    """How the records of a file look."""

    unpack: struct.Struct
    """Seconds, fraction, captured and original length."""
    tick: int
    """Nanoseconds."""
    high: int
    """Where the highest byte of the seconds is."""


def layout(magic: bytes) -> Layout:
    order, tick, size = MAGICS[magic]
    return Layout(struct.Struct(order + ("IIII" if size == 16 else "IIII8x")), tick, 3 if order == "<" else 0)


def packets(magic: bytes, stream: Stream, warn: Warn) -> Iterator[Packet]:
    """``stream`` stands behind the magic number."""
    window = Window(stream)
    header = file_header(window, warn)
    if header:
        yield from records(magic, link_type_of(magic, header), window, warn)


def file_header(window: Window, warn: Warn) -> bytes:
    """What follows the magic number; empty, and told, when it is cut."""
    if not window.holds(HEADER):
        warn("cut inside the file header: no packets")
        return b""
    window.at += HEADER
    return window.data[window.at - HEADER : window.at]


def link_type_of(magic: bytes, header: bytes) -> int:
    return int(struct.unpack(MAGICS[magic][0] + "HHiIII", header)[5] & 0xFFFF)


def records(
    magic: bytes, link_type: int, window: Window, warn: Warn, number: int = 0, near: int | None = None
) -> Iterator[Packet]:
    """``window`` stands behind the file header, or behind record ``number``; ``near`` are the
    seconds of the first one."""
    form, tally = layout(magic), Tally(warn)
    unpack, tick, header_size = form.unpack.unpack_from, form.tick, form.unpack.size
    while True:
        data, at = window.data, window.at
        last = len(data) - header_size
        while at <= last:
            seconds, fraction, size, wire = unpack(data, at)
            start = at + header_size
            at = start + size
            if size > MAX_RECORD or at > len(data):
                break
            number += 1
            near = seconds if near is None else near
            window.at = at
            yield seconds * _BILLION + fraction * tick, link_type, data[start:at], wire
        if not window.holds(header_size):
            break
        size = unpack(window.data, window.at)[2]
        if size <= MAX_RECORD and window.holds(header_size + size):
            continue
        number += 1
        fault = _fault(number, size, len(window.data) - window.at - header_size)
        if not _resumed(window, form, near):
            warn(f"{fault}: all before it was read")
            break
        tally.note("size", f"{fault}: it was left out")
    if window.at < len(window.data):
        warn(f"cut inside the header of record {number + 1}: all before it was read")
    tally.tell()


def _fault(number: int, size: int, there: int) -> str:
    if size > MAX_RECORD:
        return f"record {number} claims {size} bytes"
    return f"cut inside record {number} ({there} of {size} bytes)"


def _resumed(window: Window, form: Layout, near: int | None) -> bool:
    """Go to the next place that is a record; to the end, if there is none."""
    ahead = _CHAIN * (form.unpack.size + MAX_RECORD)
    window.at += 1
    while True:
        more = window.holds(ahead)
        last = len(window.data) - (ahead if more else form.unpack.size)
        for at in _candidates(window, form, near, last):
            if _chained(window.data, at, form, near, whole=not more):
                window.at = at
                return True
        window.at = last + 1 if more else len(window.data)
        if not more:
            return False


def _candidates(window: Window, form: Layout, near: int | None, last: int) -> Iterator[int]:
    """Places whose seconds begin as near ones do; without a time, every place."""
    if near is None:
        return iter(range(window.at, last + 1))
    high = near >> 24
    pattern = re.compile(b"[%b]" % b"".join(re.escape(bytes((high + step & 0xFF,))) for step in (-1, 0, 1)))
    return (found.start() - form.high for found in pattern.finditer(window.data, window.at + form.high, last + 4))


def _chained(data: bytes, at: int, form: Layout, near: int | None, *, whole: bool) -> bool:
    """Whether records follow one another from here: far enough, to the end of a ``whole`` file, or to its last but one,
    behind which it may be cut."""
    most = _BILLION // form.tick
    for count in range(_CHAIN):
        if len(data) - at < form.unpack.size:
            return whole and count > 0 and (at == len(data) or (count > 1 and at < len(data)))
        seconds, fraction, size, wire = form.unpack.unpack_from(data, at)
        if not 0 < size <= MAX_RECORD or not size <= wire <= 4 * MAX_RECORD or fraction >= most:
            return False
        if near is not None and abs(seconds - near) >= _NEAR:
            return False
        near = seconds
        at += form.unpack.size + size
        if at > len(data):
            return count > 1
    return True
