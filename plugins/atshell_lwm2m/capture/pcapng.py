"""pcapng files (draft-ietf-opsawg-pcapng): sections in either byte order, several interfaces, each with its clock.

Enhanced, simple and obsolete packet blocks are packets; every other block is skipped. A block is read whole before
it is looked at, and its length is checked before that, so no block can make the reader stand still or grow.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from atshell_lwm2m.capture.pcap import MAX_RECORD, NEXT_GENERATION, Packet, Warn
from atshell_lwm2m.codec.errors import Malformed

MAGIC = NEXT_GENERATION
_SECTION, _INTERFACE, _OLD_PACKET, _SIMPLE, _ENHANCED = 0x0A0D0D0A, 1, 2, 3, 6
_BYTE_ORDERS = {b"\x4d\x3c\x2b\x1a": "<", b"\x1a\x2b\x3c\x4d": ">"}
_MAX_BLOCK = 16 * 1024 * 1024
_MAX_INTERFACES = 65_536
_IF_TSRESOL, _IF_TSOFFSET = 9, 14
_BILLION = 1_000_000_000


@dataclass(slots=True)
class _Interface:
    link_type: int
    snap_length: int
    ticks: int = 1_000_000
    """A second."""
    offset: int = 0
    """Seconds."""


@dataclass(slots=True)
class _Section:
    order: str
    interfaces: list[_Interface] = field(default_factory=list)

    def interface(self, index: int) -> _Interface:
        if index >= len(self.interfaces):
            raise Malformed(f"interface {index} was not described", 8)
        return self.interfaces[index]


def packets(magic: bytes, stream: BinaryIO, warn: Warn) -> Iterator[Packet]:
    """``stream`` stands behind the magic number, which is the first block's type."""
    section = _Section("<")
    number = 0
    head = magic + stream.read(4)
    while head:
        number += 1
        try:
            kind, body = _block(head, stream, section)
            packet = _take(kind, body, section)
        except EOFError:
            warn(f"cut inside block {number}: all before it was read")
            return
        except Malformed as error:
            warn(f"block {number} is malformed ({error}): all before it was read")
            return
        if packet is not None:
            yield packet
        head = stream.read(8)


def _block(head: bytes, stream: BinaryIO, section: _Section) -> tuple[int, bytes]:
    """The next block's type and body; a section header changes the byte order first."""
    if len(head) < 8:
        raise EOFError
    start = b""
    if head[:4] == MAGIC:
        start = _exactly(stream, 4)
        if start not in _BYTE_ORDERS:
            raise Malformed("no byte-order magic in a section header", 8)
        section.order = _BYTE_ORDERS[start]
        section.interfaces = []
    kind, total = struct.unpack(section.order + "II", head)
    if total < 12 + len(start) or total % 4 or total > _MAX_BLOCK:
        raise Malformed(f"a block length of {total}", 4)
    rest = _exactly(stream, total - 8 - len(start))
    return kind, start + rest[:-4]


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data


def _take(kind: int, body: bytes, section: _Section) -> Packet | None:
    try:
        if kind == _ENHANCED:
            index, high, low, size, wire = struct.unpack_from(section.order + "IIIII", body)
            return _packet(section.interface(index), high << 32 | low, body, 20, size, wire)
        if kind == _OLD_PACKET:
            index, _, high, low, size, wire = struct.unpack_from(section.order + "HHIIII", body)
            return _packet(section.interface(index), high << 32 | low, body, 20, size, wire)
        if kind == _SIMPLE:
            return _simple(section, body)
        if kind == _INTERFACE:
            _describe(section, body)
    except struct.error:
        raise Malformed(f"block type {kind} with a body of {len(body)} bytes", 8) from None
    return None


def _packet(interface: _Interface, ticks: int, body: bytes, start: int, size: int, wire: int) -> Packet:
    if size > len(body) - start or size > MAX_RECORD:
        raise Malformed(f"a packet of {size} bytes in a block of {len(body)}", 8 + start)
    time = interface.offset * _BILLION + ticks * _BILLION // interface.ticks
    return time, interface.link_type, body[start : start + size], wire


def _simple(section: _Section, body: bytes) -> Packet:
    """No time and no interface: it is the first interface's, and as long as the snap length allows."""
    interface = section.interface(0)
    (wire,) = struct.unpack_from(section.order + "I", body)
    size = min(wire, interface.snap_length or wire, len(body) - 4)
    return _packet(interface, 0, body, 4, size, wire)


def _describe(section: _Section, body: bytes) -> None:
    link_type, _, snap_length = struct.unpack_from(section.order + "HHI", body)
    if len(section.interfaces) >= _MAX_INTERFACES:
        raise Malformed("too many interfaces", 0)
    interface = _Interface(link_type, snap_length)
    at = 8
    while at + 4 <= len(body):
        code, size = struct.unpack_from(section.order + "HH", body, at)
        value = body[at + 4 : at + 4 + size]
        if code == 0:
            break
        if code == _IF_TSRESOL and size == 1:
            interface.ticks = 2 ** (value[0] & 0x7F) if value[0] & 0x80 else 10 ** value[0]
        elif code == _IF_TSOFFSET and len(value) == 8:
            interface.offset = struct.unpack(section.order + "q", value)[0]
        at += 4 + size + (-size % 4)
    section.interfaces.append(interface)
