"""The common capture, fast: a classic pcap file of Ethernet, cooked or raw frames with UDP over plain IPv4.

``pcap``, ``links`` and ``network`` read everything and are the measure of what is right. This reader takes the file in
large pieces and, where a frame is of the common form (no VLAN tag, no IP options, no fragment, nothing cut), takes
record header and datagram from two unpackings in place, the header of what is probably CoAP with them. Any other frame
is cut out and given to the reader of its link type. From the first record on that can not be, or is cut, ``pcap`` reads
the rest. What nobody wants (``Skip``) is only counted.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice, starmap
from types import MappingProxyType
from typing import NamedTuple

from atshell_lwm2m.capture.frames import CapturedDatagram, Reader
from atshell_lwm2m.capture.network import OVER_IPV4
from atshell_lwm2m.capture.pcap import MAGICS, MAX_RECORD
from atshell_lwm2m.capture.segments import Segments
from atshell_lwm2m.capture.tunnels import PORTS
from atshell_lwm2m.capture.window import Stream

_PIECE = 1 << 15
"""Bytes: what comes of so much of a capture is still in the processor's cache when it is written."""
_TCP, _UDP = 6, 17
_BILLION = 1_000_000_000
_coap = struct.Struct(">HH").unpack_from

Headed = tuple[int, int, int, int, bytes, int, int, bytes, int]
"""A captured datagram and what is known of it by the way: frame; nanoseconds since 1970, and the same as seconds and
microseconds (0 where that is not all); key; the first two bytes as CoAP would have them, and the message ID (-1 where
the datagram is cut or too short); the datagram; the bytes that are missing. With an empty key it stands for as
many skipped datagrams as ``frame`` says, of which the last has this time."""
Skip = dict[bytes, set[bytes]]
"""Keys of which nothing is wanted but what ``PASSING`` says, and what of that is known not to matter: all behind the
token. It changes while the capture is read."""
PASSING = frozenset({0x02, 0x04, 0x41})
"""CoAP codes that may say where a client is: POST, DELETE, 2.01 Created (OMA LwM2M transport 1.1 section 6.4.2)."""


class Form(NamedTuple):
    """How the common frame of a link type begins."""

    lead: bytes
    """From the protocol field of the link layer, if it has one, to IP's version and header length."""
    unpack: struct.Struct
    """The lead, total length, fragment, protocol, key (addresses and ports), UDP length, and CoAP's header."""
    size: int
    """Of the link layer's header."""


def _form(lead: bytes, size: int) -> Form:
    before = size + 1 - len(lead)
    return Form(lead, struct.Struct(f">{before}x{len(lead)}sxH2xHxB2x12sH2xHH"), size)


_IPV4 = b"\x08\x00\x45"
FORMS = {1: _form(_IPV4, 14), 113: _form(_IPV4, 16), 101: _form(b"\x45", 0)}

SKIPPABLE = bytes(0x4000) + bytes(code not in PASSING for code in range(256)) * 0x40 + bytes(0x8000)
"""By the first two bytes: CoAP's version and type, and the code."""

IsForeign = Callable[[bytes, bytes, int, int], bool]
"""Given the key, the file's bytes, and where TCP begins and the frame ends in them."""
Rest = Callable[[bytes, int, int | None], Iterable[CapturedDatagram]]
"""Given the bytes that were read but not used, the number of the last record and the seconds of the first."""


def batches(
    magic: bytes,
    stream: Stream,
    form: Form,
    reader: Reader,
    rest: Rest,
    segments: Segments | None = None,
    skip: Mapping[bytes, set[bytes]] = MappingProxyType({}),
) -> Iterator[list[Headed]]:
    """What each piece of the file holds. ``stream`` stands behind the file's header. ``reader`` is for every frame
    that is not common, ``rest`` for what follows the last whole record. ``segments`` knows the TCP that is foreign;
    without it, all is."""
    pieces = _Pieces(magic, form, reader, segments.is_foreign if segments is not None else _is_foreign, skip)
    data = b""
    first: int | None = None
    while piece := stream.read1(_PIECE):
        data += piece
        found, end, sound = pieces.read(data)
        if first is None and end:
            first = pieces.record(data)[0]
        data = data[end:]
        yield found
        if not sound:
            break
    for one in rest(data, pieces.frame, first):
        yield [headed(*one)]


class _Pieces:
    """The records of a file, so many at once."""

    def __init__(
        self, magic: bytes, form: Form, reader: Reader, is_foreign: IsForeign, skip: Mapping[bytes, set[bytes]]
    ) -> None:
        order, self._tick, self._record_size = MAGICS[magic]
        self.record = struct.Struct(order + ("IIII" if self._record_size == 16 else "IIII8x")).unpack_from
        self.frame = 0
        """The number of the last."""
        self._form = form
        self._reader = reader
        self._is_foreign = is_foreign
        self._skip = skip

    def read(self, data: bytes) -> tuple[list[Headed], int, bool]:
        """What whole records hold, where they end, and whether what follows may be one."""
        record, unpack, lead, shortest = (
            self.record,
            self._form.unpack.unpack_from,
            self._form.lead,
            self._form.unpack.size,
        )
        tick, record_size, link, frame = self._tick, self._record_size, self._form.size, self.frame
        headers, most, skip, can_skip = link + 28, _BILLION // tick, self._skip, SKIPPABLE
        gone = before = 0
        sound = True
        at, limit, last = 0, len(data), len(data) - record_size
        found: list[Headed] = []
        add = found.append
        while at <= last:
            seconds, fraction, size, _ = record(data, at)
            start = at + record_size
            stop = start + size
            if stop > limit or size > MAX_RECORD:
                sound = size <= MAX_RECORD
                break
            frame += 1
            at = stop
            if size >= shortest:
                begins, total, fragment, protocol, key, length, head, mid = unpack(data, start)
                if (
                    length == total - 20
                    and total == size - link
                    and protocol == _UDP
                    and begins == lead
                    and head >= 0x4000
                    and not fragment & 0x3FFF
                    and fraction < most
                ):
                    if key in skip and (
                        can_skip[head] or data[start + headers + 4 + (head >> 8 & 15) : stop] in skip[key]
                    ):
                        gone += 1
                        before = start
                        continue
                    if gone:
                        add(self._gone(gone, data, before))
                        gone = 0
                    time = seconds * _BILLION + fraction * tick
                    some = fraction if tick == 1000 else 0
                    add((frame, time, seconds, some, key, head, mid, data[start + headers : stop], 0))
                    continue
            self.frame = frame
            other = self._other(data, start, stop, seconds * _BILLION + fraction * tick)
            if other is not None:
                if gone:
                    add(self._gone(gone, data, before))
                    gone = 0
                add(other)
        self.frame = frame
        if gone:
            add(self._gone(gone, data, before))
        return found, at, sound

    def _gone(self, count: int, data: bytes, start: int) -> Headed:
        """So many were skipped, the last of which begins there."""
        seconds, fraction, _, _ = self.record(data, start - self._record_size)
        return count, seconds * _BILLION + fraction * self._tick, seconds, 0, b"", -1, -1, b"", 0

    def _other(self, data: bytes, start: int, stop: int, time: int) -> Headed | None:
        """From a frame that is not quite of the common form: the link layer has padded it, or it holds no UDP."""
        form = self._form
        if stop - start >= form.unpack.size:
            begins, total, fragment, protocol, key, length, head, _ = form.unpack.unpack_from(data, start)
            if begins == form.lead and protocol != _UDP:
                if protocol == _TCP:
                    if self._is_foreign(key, data, start + form.size + 20, stop):
                        return None
                elif protocol not in OVER_IPV4:
                    return None
            elif begins == form.lead and (head >= 0x4000 or key[10:] not in PORTS):
                body = start + form.size + 28
                end = body + length - 8
                if not fragment & 0x3FFF and 12 <= length <= total - 20 and end <= stop:
                    return headed(self.frame, time, key, data[body:end], 0)
        other = self._reader(data[start:stop], time, self.frame)
        return None if other is None else headed(self.frame, time, *other)


def _is_foreign(_key: bytes, _data: bytes, _at: int, _end: int) -> bool:
    return True


def headed(frame: int, time: int, key: bytes, data: bytes, missing: int) -> Headed:
    seconds, rest = divmod(time, _BILLION)
    micro, finer = divmod(rest, 1000)
    # A segment of TCP is no message: its key is of odd length.
    head, mid = (-1, -1) if missing or len(data) < 4 or len(key) & 1 else _coap(data)
    return frame, time, seconds, 0 if finer else micro, key, head, mid, data, missing


def grouped(datagrams: Iterable[CapturedDatagram], size: int) -> Iterator[list[Headed]]:
    """What other readers found, so many at once."""
    found = starmap(headed, datagrams)
    while group := list(islice(found, size)):
        yield group


def datagrams(found: Iterable[list[Headed]]) -> Iterator[CapturedDatagram]:
    for batch in found:
        for frame, time, _, _, key, _, _, data, missing in batch:
            yield frame, time, key, data, missing
