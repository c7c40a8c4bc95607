"""The common capture, fast: a classic pcap file of Ethernet, cooked or raw frames with UDP over plain IPv4.

``pcap`` and ``frames`` read everything and are the measure of what is right. This reader takes the file in large pieces
and, where a frame is of the common form (no VLAN tag, no IP options, no fragment, nothing cut), takes record header and
datagram from two unpackings in place. Any other frame is cut out and given to the reader of its link type.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from io import BufferedReader
from typing import NamedTuple

from atshell_lwm2m.capture.frames import CapturedDatagram, Reader, ethernet, linux_sll, raw_ip
from atshell_lwm2m.capture.pcap import MAGICS, MAX_RECORD, Warn

_PIECE = 1 << 18
_UDP = 17
_BILLION = 1_000_000_000


class Form(NamedTuple):
    """How the common frame of a link type begins."""

    lead: bytes
    """From the protocol field of the link layer, if it has one, to IP's version and header length."""
    unpack: struct.Struct
    """The lead, total length, fragment, protocol, key (addresses and ports), UDP length."""
    size: int
    """Of the link layer's header."""
    reader: Reader
    """For every other frame."""


def _form(lead: bytes, size: int, reader: Reader) -> Form:
    before = size + 1 - len(lead)
    return Form(lead, struct.Struct(f">{before}x{len(lead)}sxH2xHxB2x12sH2x"), size, reader)


_IPV4 = b"\x08\x00\x45"
FORMS = {1: _form(_IPV4, 14, ethernet), 113: _form(_IPV4, 16, linux_sll), 101: _form(b"\x45", 0, raw_ip)}


def datagrams(magic: bytes, stream: BufferedReader, form: Form, warn: Warn) -> Iterator[CapturedDatagram]:
    """``stream`` stands behind the file's header."""
    order, tick, record_size = MAGICS[magic]
    record = struct.Struct(order + ("IIII" if record_size == 16 else "IIII8x")).unpack_from
    lead, unpack, shortest, reader = form.lead, form.unpack.unpack_from, form.unpack.size, form.reader
    headers = form.size + 28
    data, at, frame = b"", 0, 0
    while piece := stream.read1(_PIECE):
        data, at = data[at:] + piece, 0
        last = len(data) - record_size
        while at <= last:
            seconds, fraction, size, _ = record(data, at)
            start = at + record_size
            stop = start + size
            if stop > len(data) or size > MAX_RECORD:
                break
            frame += 1
            at = stop
            if size >= shortest:
                found, total, fragment, protocol, key, length = unpack(data, start)
                if found == lead:
                    if protocol != _UDP:
                        continue
                    body = start + headers
                    end = body + length - 8
                    if not fragment & 0x1FFF and 8 <= length <= total - 20 and end <= stop:
                        yield frame, seconds * _BILLION + fraction * tick, key, data[body:end], 0
                        continue
            other = reader(data[start:stop])
            if other is not None:
                yield frame, seconds * _BILLION + fraction * tick, *other
        if last >= at and size > MAX_RECORD:
            warn(f"record {frame + 1} claims {size} bytes: all before it was read")
            return
    _told_of_the_rest(data[at:], order, record_size, frame + 1, warn)


def _told_of_the_rest(rest: bytes, order: str, record_size: int, number: int, warn: Warn) -> None:
    """What a file ends with that is no whole record."""
    if 0 < len(rest) < record_size:
        warn(f"cut inside the header of record {number}: all before it was read")
    elif rest:
        size = struct.unpack_from(order + "8xI", rest)[0]
        warn(f"cut inside record {number} ({len(rest) - record_size} of {size} bytes): all before it was read")
