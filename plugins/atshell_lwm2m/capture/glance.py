"""What a record tells at a glance: whether it holds a datagram that is to be skipped.

A filter for one device skips nearly all of a capture, so this is what its time goes into. Hence a single unpacking of
no more than has to be known, in the byte order of the file; what of it is of the network's order is looked up in tables
that were made for the file's. Whatever is not quite common is no matter of this one: then it says nothing, and the
record is read as always.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

PIECE = 1 << 16
"""Bytes of a capture that are read at once; longer ones are of no use where little comes of them."""
MOST = 2048
"""Bytes of a frame that is short enough for this: more than Ethernet's usual 1,518."""
AT_ONCE = (PIECE + MOST) // 44
"""No piece holds more datagrams: a record's header, those of IP and UDP."""
PLAIN = 0x45
"""IP's version, and the length of its header without options."""
_IPV4 = 0x0800
_UNFIT = 1 << 30

NEEDED, SKIPPED, KNOWN = range(3)
"""What is done with a message in a conversation that is skipped: it is read; it is not; it is not if what follows its
token is known to change nothing."""
_POST = 0x02
_TELLING = frozenset({_POST, 0x04, 0x41, 0x42, *range(0x80, 0xC0)})
"""CoAP codes that may say where a client is: POST, DELETE, 2.01 Created, 2.02 Deleted (OMA LwM2M transport 1.1
section 6.4.2), and that it was refused."""
_LONGEST_TOKEN = 8


def _row(telling: dict[int, int]) -> bytes:
    """By the code, which may be a ``telling`` one."""
    return bytes(telling.get(code, SKIPPED) for code in range(0x100))


_OTHERS = _row(dict.fromkeys(_TELLING, NEEDED))
_REQUESTS = _row({**dict.fromkeys(_TELLING, NEEDED), _POST: KNOWN})
WHAT = (
    bytes(0x4000)
    + (_REQUESTS * (_LONGEST_TOKEN + 1) + _OTHERS * (15 - _LONGEST_TOKEN)) * 2  # CON, NON
    + _OTHERS * 0x20
    + bytes(0x8000)
)
"""That, by its first two bytes: CoAP's version, type and length of the token, and the code."""


class Skip:
    """What is skipped. It changes while a capture is read."""

    __slots__ = ("kept", "keys", "used")

    def __init__(self) -> None:
        self.keys: dict[bytes, set[bytes]] = {}
        """Conversations, and what is ``KNOWN`` of them: all behind the token."""
        self.used: set[bytes] = set()
        """Those of which something known was skipped in the piece that was handed on last."""
        self.kept: set[bytes] = set()
        """Conversations that must not be skipped, in any capture."""


def is_known(skip: Skip, key: bytes, data: bytes, at: int, end: int) -> bool:
    """Whether what a packet in ``data`` says behind its token is known, which is noted then."""
    start = at + 28
    if data[start + 4 + (data[start] & 15) : end] not in skip.keys[key]:
        return False
    skip.used.add(key)
    return True


class Glance(NamedTuple):
    """Of a file in this byte order, for one link type."""

    peek: struct.Struct
    """At a record: what its header says; the two bytes before IP, IP's version and header length; fragment, protocol,
    key, UDP length, and the first two bytes."""
    link: int
    """The two bytes before IP in the common frame."""
    fragment: int
    """The bits of the fragment that common packets do not have."""
    fits: list[int]
    """By UDP length: how long a frame must be at least."""
    what: bytes
    """By the first two bytes."""


def glance(order: str, header: str, link: int) -> Glance:
    """``header`` are the fields of a record's header, between which and IP there are ``link`` bytes. The last two bytes
    of it are none of these."""
    peek = struct.Struct(f"{order}{header}{link}xHB5xHxB2x12sH2xH")
    fits = [_UNFIT] * 0x10000
    for length in range(12, MOST):
        fits[_as_read(order, length)] = link + 20 + length
    # Before raw IP there is the higher half of the original length, at least in most files.
    before = _as_read(order, _IPV4 if link else 0)
    return Glance(peek, before, _as_read(order, 0x3FFF), fits, WHAT if order == ">" else _turned())


def _as_read(order: str, number: int) -> int:
    """What two bytes of the network's order are in the file's."""
    return number if order == ">" else number >> 8 | (number & 0xFF) << 8


def _turned() -> bytes:
    """``WHAT`` by the same bytes, the second of which is the higher."""
    return b"".join(WHAT[code::0x100] for code in range(0x100))
