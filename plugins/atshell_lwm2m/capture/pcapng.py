"""pcapng files (draft-ietf-opsawg-pcapng): sections in either byte order, several interfaces, each with its clock.

Enhanced, simple and obsolete packet blocks are packets; journal entries and custom blocks are counted as such, as
Wireshark does, so that the numbers of the others are the same. The secrets of a decryption secrets block are handed on.
Every other block is skipped.

A block says its length at both ends. Where the two differ, or can not be, the next place that
looks like a block is looked for behind; a block that is sound but for what it holds is left out.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from atshell_lwm2m.capture.frames import UNKNOWN
from atshell_lwm2m.capture.pcap import MAX_RECORD, NEXT_GENERATION, Packet
from atshell_lwm2m.capture.tally import Tally, Warn
from atshell_lwm2m.capture.window import Stream, Window
from atshell_lwm2m.codec.errors import Malformed

MAGIC = NEXT_GENERATION
_SECTION, _INTERFACE, _OLD_PACKET, _SIMPLE, ENHANCED, _SECRETS = 0x0A0D0D0A, 1, 2, 3, 6, 10
# Types of blocks, those that only tell names and statistics too.
_KNOWN = (_INTERFACE, _OLD_PACKET, _SIMPLE, 4, 5, ENHANCED, _SECRETS)
# An entry of systemd's journal, and custom blocks.
_COUNTED = frozenset({9, 0x0BAD, 0x40000BAD})
_NO_PACKET: Packet = (0, 101, b"", 0)
_BYTE_ORDERS = {b"\x4d\x3c\x2b\x1a": "<", b"\x1a\x2b\x3c\x4d": ">"}
_TLS_KEY_LOG = 0x544C534B
_MAX_BLOCK = 16 * 1024 * 1024
_MAX_SOUGHT = 1024 * 1024
_MAX_INTERFACES = 65_536
_IF_TSRESOL, _IF_TSOFFSET = 9, 14
_BILLION = 1_000_000_000


@dataclass(slots=True)
class Interface:
    link_type: int
    snap_length: int
    ticks: int = 1_000_000
    """A second."""
    offset: int = 0
    """Seconds."""


@dataclass(slots=True)
class Section:
    order: str
    secrets: Callable[[bytes], None]
    interfaces: list[Interface] = field(default_factory=list)
    blocks: int = 0
    """So far in the file."""

    def interface(self, index: int) -> Interface:
        if index >= len(self.interfaces):
            raise Malformed(f"interface {index} was not described", 8)
        return self.interfaces[index]


def _ignore(_secrets: bytes) -> None:
    pass


def packets(magic: bytes, stream: Stream, warn: Warn, secrets: Callable[[bytes], None] = _ignore) -> Iterator[Packet]:
    """``stream`` stands behind the magic number, which is the first block's type. ``secrets`` is told the text of each
    TLS key log that the file holds, before the packets behind it."""
    return further(Window(stream, magic), Section("<", secrets), warn)


def describe(window: Window, section: Section) -> None:
    """Go on to the first block that may be a packet, or that is not sound."""
    while True:
        try:
            size = _sound(window, section)
            if _is_packet(window.data, window.at, section.order):
                return
            _take(window.data, window.at, size, section)
        except (EOFError, Malformed):
            return
        window.at += size
        section.blocks += 1


def _is_packet(data: bytes, at: int, order: str) -> bool:
    (kind,) = struct.unpack_from(order + "I", data, at)
    return kind in _PACKETS or kind == _SIMPLE or kind in _COUNTED


def further(window: Window, section: Section, warn: Warn) -> Iterator[Packet]:
    """From where the window stands."""
    tally = Tally(warn)
    while True:
        yield from _common(window, section)
        if not window.holds(1):
            break
        section.blocks += 1
        try:
            size = _sound(window, section)
        except (EOFError, Malformed) as error:
            if not _resumed(window, section):
                warn(_stopped(section.blocks, error))
                break
            text = f"block {section.blocks} is malformed ({str(error) or 'it is longer than the file'}): left out"
            tally.note("block", text)
            continue
        start = window.at
        window.at += size
        try:
            packet = _take(window.data, start, size, section)
        except Malformed as error:
            tally.note("body", f"block {section.blocks} is malformed ({error}): left out")
            continue
        if packet is not None:
            yield packet
    tally.tell()


def _common(window: Window, section: Section) -> Iterator[Packet]:
    """Enhanced packet blocks without a fault, as far as the window goes."""
    data, at, interfaces = window.data, window.at, section.interfaces
    unpack, last = _BLOCKS[section.order], len(data) - 32
    while at <= last:
        kind, size, index, high, low, length, wire = unpack(data, at)
        start, end = at + 28, at + size
        if kind != ENHANCED or size % 4 or end > len(data) or length > min(size - 32, MAX_RECORD):
            return
        if data[end - 4 : end] != data[at + 4 : at + 8] or index >= len(interfaces):
            return
        window.at = at = end
        section.blocks += 1
        interface = interfaces[index]
        time = interface.offset * _BILLION + (high << 32 | low) * _BILLION // interface.ticks
        yield time, interface.link_type, data[start : start + length], wire


_BLOCKS = {order: struct.Struct(order + "IIIIIII").unpack_from for order in "<>"}


def _stopped(number: int, error: Exception) -> str:
    if isinstance(error, EOFError):
        return f"cut inside block {number}: all before it was read"
    return f"block {number} is malformed ({error}): all before it was read"


def _sound(window: Window, section: Section) -> int:
    """The size of the block ahead, all of which is there then. A section header changes the byte order first."""
    if not window.holds(8):
        raise EOFError
    data, at = window.data, window.at
    if data[at : at + 4] == MAGIC:
        if not window.holds(12):
            raise EOFError
        data, at = window.data, window.at
        start = data[at + 8 : at + 12]
        if start not in _BYTE_ORDERS:
            raise Malformed("no byte-order magic in a section header", 8)
        section.order = _BYTE_ORDERS[start]
        section.interfaces = []
    size: int = struct.unpack_from(section.order + "I", data, at + 4)[0]
    if size < 12 or size % 4 or size > _MAX_BLOCK:
        raise Malformed(f"a block length of {size}", 4)
    if not window.holds(size):
        raise EOFError
    data, at = window.data, window.at
    if data[at + size - 4 : at + size] != data[at + 4 : at + 8]:
        raise Malformed(f"a block length of {size} that is another at its end", 4)
    return size


def _resumed(window: Window, section: Section) -> bool:
    """Go to the next place where a block of a known type begins and its lengths agree; to the end, if there is none."""
    known = [MAGIC, *(struct.pack(section.order + "I", kind) for kind in _KNOWN)]
    pattern = re.compile(b"|".join(map(re.escape, known)))
    window.at += 1
    while True:
        more = window.holds(_MAX_SOUGHT)
        last = len(window.data) - (_MAX_SOUGHT if more else 12)
        for found in pattern.finditer(window.data, window.at, max(last + 4, 0)):
            if _agrees(window.data, found.start(), section.order):
                window.at = found.start()
                return True
        window.at = last + 1 if more else len(window.data)
        if not more:
            return False


def _agrees(data: bytes, at: int, order: str) -> bool:
    if data[at : at + 4] == MAGIC:
        order = _BYTE_ORDERS.get(data[at + 8 : at + 12], order)
    size: int = struct.unpack_from(order + "I", data, at + 4)[0]
    if size < 12 or size % 4 or size > _MAX_SOUGHT:
        return False
    return data[at + size - 4 : at + size] == data[at + 4 : at + 8]


def _take(data: bytes, at: int, size: int, section: Section) -> Packet | None:
    """What the block of ``size`` bytes at ``at`` holds, if that is a packet."""
    (kind,) = struct.unpack_from(section.order + "I", data, at)
    end = at + size - 4
    try:
        if kind in _PACKETS and size >= 32:
            index, high, low, length, wire = _PACKETS[kind][section.order](data, at + 8)
            return _packet(section.interface(index), high << 32 | low, data[at + 28 : end], length, wire)
        if kind == _SIMPLE:
            return _simple(section, data[at + 8 : end])
        if kind == _INTERFACE:
            _describe(section, data[at + 8 : end])
        elif kind == _SECRETS:
            _keys(section, data[at + 8 : end])
        elif kind in _COUNTED:
            return _NO_PACKET
        elif kind in _PACKETS:
            raise struct.error
    except struct.error:
        raise Malformed(f"block type {kind} with a body of {size - 12} bytes", 8) from None
    return None


# Interface, time in two halves, captured and original length. The obsolete block counts lost packets between them.
_PACKETS = {
    ENHANCED: {order: struct.Struct(order + "IIIII").unpack_from for order in "<>"},
    _OLD_PACKET: {order: struct.Struct(order + "HxxIIII").unpack_from for order in "<>"},
}


def _packet(interface: Interface, ticks: int, body: bytes, size: int, wire: int) -> Packet:
    if size > len(body) or size > MAX_RECORD:
        raise Malformed(f"a packet of {size} bytes in a block of {len(body)}", 28)
    time = interface.offset * _BILLION + ticks * _BILLION // interface.ticks
    return time, interface.link_type, body[:size], wire


def _simple(section: Section, body: bytes) -> Packet:
    """No time and no interface: it is the first interface's, and as long as the snap length allows."""
    interface = section.interface(0)
    (wire,) = struct.unpack_from(section.order + "I", body)
    size = min(wire, interface.snap_length or wire, len(body) - 4)
    return UNKNOWN, interface.link_type, body[4 : 4 + size], wire


def _keys(section: Section, body: bytes) -> None:
    kind, size = struct.unpack_from(section.order + "II", body)
    if kind == _TLS_KEY_LOG:
        section.secrets(body[8 : 8 + size])


def _describe(section: Section, body: bytes) -> None:
    link_type, _, snap_length = struct.unpack_from(section.order + "HHI", body)
    if len(section.interfaces) >= _MAX_INTERFACES:
        raise Malformed("too many interfaces", 0)
    interface = Interface(link_type, snap_length)
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
