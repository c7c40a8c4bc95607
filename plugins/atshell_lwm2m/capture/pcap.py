"""Classic pcap files, in either byte order, of microseconds or nanoseconds.

A packet is ``(nanoseconds since 1970, link type, bytes, bytes that were on the wire)``. A file that ends inside a
record, or whose lengths can not be, is read up to there, and ``warn`` is told.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from typing import BinaryIO

Packet = tuple[int, int, bytes, int]
Warn = Callable[[str], None]

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


def packets(magic: bytes, stream: BinaryIO, warn: Warn) -> Iterator[Packet]:
    """``stream`` stands behind the magic number."""
    header = file_header(stream, warn)
    if header:
        yield from records(magic, header, stream, warn)


def file_header(stream: BinaryIO, warn: Warn) -> bytes:
    """What follows the magic number; empty, and told, when it is cut."""
    header = stream.read(20)
    if len(header) == 20:
        return header
    warn("cut inside the file header: no packets")
    return b""


def link_type_of(magic: bytes, header: bytes) -> int:
    return int(struct.unpack(MAGICS[magic][0] + "HHiIII", header)[5] & 0xFFFF)


def records(magic: bytes, header: bytes, stream: BinaryIO, warn: Warn) -> Iterator[Packet]:
    """``stream`` stands behind the file header."""
    order, tick, header_size = MAGICS[magic]
    link_type = link_type_of(magic, header)
    unpack = struct.Struct(order + ("IIII" if header_size == 16 else "IIII8x")).unpack
    read = stream.read
    number = 0
    while header := read(header_size):
        number += 1
        if len(header) < header_size:
            warn(f"cut inside the header of record {number}: all before it was read")
            return
        seconds, fraction, size, wire = unpack(header)
        if size > MAX_RECORD:
            warn(f"record {number} claims {size} bytes: all before it was read")
            return
        data = read(size)
        if len(data) < size:
            warn(f"cut inside record {number} ({len(data)} of {size} bytes): all before it was read")
            return
        yield seconds * 1_000_000_000 + fraction * tick, link_type, data, wire
