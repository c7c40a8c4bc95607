"""Bytes of which nothing is told, as a packet: found out by looking, or given headers."""

from __future__ import annotations

import struct

from atshell_lwm2m.capture.links import IPV4, IPV6, LINKS, is_packet

_RAW, _ETHERNET = 101, 1
# In the order of how much a mistake would take: of two that fit, the earlier.
_LOOKED_FOR = (101, 1, 113, 276, 9, 104, 0)
# The addresses that text2pcap makes up, and CoAP's port.
_CLIENT, _SERVER = (b"\x0a\x01\x01\x01", 40_000), (b"\x0a\x02\x02\x02", 5683)
_UDP = 17
_ACK_RST = 0x20
_MAX_ASKED = 4096


class Made:
    """Of one file: who sends is known from what was sent before."""

    def __init__(self) -> None:
        self._from_client: dict[bytes, bool] = {}
        """By message ID of what can be acknowledged."""
        self._link_type: int | None = None
        """Of a file one frame of which was known by its looks."""

    def frame(self, data: bytes, outgoing: bool | None = None) -> tuple[int, bytes]:
        """A link type and a frame of it."""
        if self._link_type is None:
            self._link_type = _recognized(data)
        if self._link_type is not None:
            return self._link_type, data
        if not _is_datagram(data):
            return _ETHERNET, data
        return _RAW, _wrapped(data, self._sent_by_client(data) if outgoing is None else not outgoing)

    def is_known(self, data: bytes) -> bool:
        """Whether it is a frame by its looks, or a datagram and would be none with its bytes swapped in pairs."""
        swapped = bytes(byte for pair in zip(data[1::2], data[::2], strict=False) for byte in pair)
        return _recognized(data) is not None or (_is_datagram(data) and not (swapped and _is_datagram(swapped)))

    def _sent_by_client(self, data: bytes) -> bool:
        """Requests are taken for the client's, responses for the server's; an acknowledgement or reset comes from the
        other side."""
        if len(data) < 4 or data[0] >> 6 != 1:
            return True
        number = data[2:4]
        if data[0] & _ACK_RST:
            return not self._from_client.get(number, bool(data[1]))
        by_client = data[1] < 0x20
        if len(self._from_client) >= _MAX_ASKED:
            self._from_client.clear()
        self._from_client[number] = by_client
        return by_client


def _recognized(data: bytes) -> int | None:
    for link_type in _LOOKED_FOR:
        found = LINKS[link_type](data, 0)
        if found is not None and found[0] in (IPV4, IPV6) and is_packet(data, found[1]):
            return link_type
    return None


def _is_datagram(data: bytes) -> bool:
    """CoAP (RFC 7252 section 3), or DTLS (RFC 6347 section 4.1): all else in the file is a frame."""
    return data[0] >> 6 == 1 or (20 <= data[0] <= 26 and data[1:2] == b"\xfe")


def _wrapped(data: bytes, by_client: bool) -> bytes:
    """In UDP and IP; what is too long for a length field has none."""
    source, destination = (_CLIENT, _SERVER) if by_client else (_SERVER, _CLIENT)
    length = len(data) + 8 if len(data) <= 0xFFFF - 28 else 0
    head = struct.pack(">BBHHHBBH", 0x45, 0, length and length + 20, 0, 0, 64, _UDP, 0) + source[0] + destination[0]
    return head + struct.pack(">HHHH", source[1], destination[1], length, 0) + data
