"""The common capture, fast: a pcap or pcapng file of Ethernet, cooked or raw frames with UDP over plain IPv4.

``pcap``, ``pcapng``, ``links`` and ``network`` read everything and are the measure of what is right. This reader takes
the file in large pieces and, where a frame is of the common form (no VLAN tag, no IP options, no fragment, nothing
cut), takes record header and datagram from two unpackings in place, the header of what is probably CoAP with them
(``records``, ``blocks``). Any other frame is cut out and given to the reader of its link type. From the first record on
that can not be, is cut, or is of another kind, the others read the rest. What nobody wants (``Skip``) is only counted,
after a ``glance``.
"""

from __future__ import annotations

import struct
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import islice, starmap
from typing import NamedTuple

from atshell_lwm2m.capture.frames import CapturedDatagram, Reader
from atshell_lwm2m.capture.network import OVER_IPV4
from atshell_lwm2m.capture.tunnels import PORTS
from atshell_lwm2m.capture.window import Stream

PIECE = 1 << 16
"""Bytes: what comes of so much of a capture is still in the processor's cache when it is written."""
TCP, UDP = 6, 17
UNBROKEN = 0x4000
"""IP's word of flags and offset that says that a packet is no fragment and must not become one; so does 0, without the
latter (RFC 791 section 3.1)."""
_BILLION = 1_000_000_000
_coap = struct.Struct(">HH").unpack_from

Headed = tuple[int, int, int, int, bytes, int, int, bytes, int]
"""A captured datagram and what is known of it by the way: frame; nanoseconds since 1970, and the same as seconds and
microseconds (0 where that is not all); key; the first two bytes as CoAP would have them, and the message ID (-1 where
the datagram is cut or too short); the datagram; the bytes that are missing. With an empty key it stands for as
many skipped datagrams as ``frame`` says, of which the last has this time."""


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

IsForeign = Callable[[bytes, bytes, int, int], bool]
"""Given the key, the file's bytes, and where TCP begins and the frame ends in them."""
Rest = Callable[[bytes, int, int | None], Iterable[CapturedDatagram]]
"""Given the bytes that were read but not used, the number of the last frame and the seconds of the first record."""


def every(_key: bytes, _data: bytes, _at: int, _end: int) -> bool:
    """All of TCP is foreign."""
    return True


class Pieces(ABC):
    """What a file holds, so much at once."""

    def __init__(self, form: Form, reader: Reader, is_foreign: IsForeign) -> None:
        """``reader`` is for every frame that is not common."""
        self.frame = 0
        """The number of the last."""
        self.form = form
        self.is_foreign = is_foreign
        self.elsewhere: Collection[bytes] = ()
        """Keys of conversations that another process shows: their messages are counted, unless they may say where a
        client is. It changes while the file is read."""
        self._reader = reader

    @abstractmethod
    def read(self, data: bytes) -> tuple[list[Headed], int, bool]:
        """What whole records hold, where they end, and whether what follows may be one."""

    @abstractmethod
    def time(self, data: bytes, at: int) -> int:
        """Of the record there, in nanoseconds."""

    def other(self, data: bytes, start: int, stop: int, time: int) -> Headed | None:
        """From a frame that is not quite of the common form: the link layer has padded it, or it holds no UDP."""
        form = self.form
        if stop - start >= form.unpack.size:
            begins, total, fragment, protocol, key, length, head, mid = form.unpack.unpack_from(data, start)
            if begins == form.lead and protocol != UDP:
                if protocol == TCP:
                    if self.is_foreign(key, data, start + form.size + 20, stop):
                        return None
                elif protocol not in OVER_IPV4:
                    return None
            elif begins == form.lead and (head >= 0x4000 or key[10:] not in PORTS):
                body = start + form.size + 28
                end = body + length - 8
                if not fragment & 0x3FFF and 12 <= length <= total - 20 and end <= stop:
                    return self.frame, time, *_split(time), key, head, mid, data[body:end], 0
        other = self._reader(data[start:stop], time, self.frame)
        return None if other is None else headed(self.frame, time, *other)

    def count(self, found: list[Headed], gone: int, data: bytes, at: int) -> None:
        """So many were skipped, the last of which is in this record."""
        if gone:
            time = self.time(data, at)
            found.append((gone, time, time // _BILLION, 0, b"", -1, -1, b"", 0))

    @staticmethod
    def timed(found: list[Headed], tick: int) -> list[Headed]:
        """What has ticks of so many nanoseconds for microseconds, without those that its time does not say."""
        return found if tick == 1000 else list(map(_without_micro, found))


def batches(pieces: Pieces, stream: Stream, rest: Rest, size: int = PIECE) -> Iterator[list[Headed]]:
    """What each piece of so many bytes holds. ``stream`` stands at the first record; ``rest`` is for what follows the
    last one that is whole."""
    data = b""
    first: int | None = None
    while piece := stream.read1(size):
        data += piece
        found, end, sound = pieces.read(data)
        if first is None and end:
            first = pieces.time(data, 0) // _BILLION
        data = data[end:]
        yield found
        if not sound:
            break
    for one in rest(data, pieces.frame, first):
        yield [headed(*one)]


def headed(frame: int, time: int, key: bytes, data: bytes, missing: int) -> Headed:
    # A segment of TCP is no message: its key is of odd length.
    head, mid = (-1, -1) if missing or len(data) < 4 or len(key) & 1 else _coap(data)
    return frame, time, *_split(time), key, head, mid, data, missing


def _without_micro(one: Headed) -> Headed:
    frame, time, _, _, *rest = one
    return frame, time, *_split(time), *rest  # type: ignore[return-value]  # all nine


def _split(time: int) -> tuple[int, int]:
    """The seconds, and the microseconds, or 0 where they are not all."""
    seconds, rest = divmod(time, _BILLION)
    micro, finer = divmod(rest, 1000)
    return seconds, 0 if finer else micro


def grouped(datagrams: Iterable[CapturedDatagram], size: int) -> Iterator[list[Headed]]:
    """What other readers found, so many at once."""
    found = starmap(headed, datagrams)
    while group := list(islice(found, size)):
        yield group


def datagrams(found: Iterable[list[Headed]]) -> Iterator[CapturedDatagram]:
    for batch in found:
        for frame, time, _, _, key, _, _, data, missing in batch:
            yield frame, time, key, data, missing
