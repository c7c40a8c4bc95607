"""Link layer, IP and UDP, in one pass and without an object a layer.

``READERS`` has a function for each link type. It takes a frame and gives ``(key, payload, missing)`` of the UDP
datagram in it, or None. ``key`` is source and destination address followed by source and destination port, as they
stand on the wire: 12 bytes for IPv4, 36 for IPv6. ``missing`` counts the bytes of the datagram that the frame does
not have: the capture was cut short there, or it is the first fragment of a larger datagram. Later fragments have no
ports and are None.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from ipaddress import IPv6Address

Datagram = tuple[bytes, bytes, int]
Reader = Callable[[bytes], Datagram | None]
CapturedDatagram = tuple[int, int, bytes, bytes, int]
"""Frame number, nanoseconds since 1970, and the datagram."""

_UDP = 17
_IPV4, _IPV6 = 0x0800, 0x86DD
_VLAN = frozenset({0x8100, 0x88A8, 0x9100})
_FRAGMENT, _AUTHENTICATION = 44, 51
# Hop-by-hop, routing, destination options, mobility, HIP, shim6: length in eight bytes, not counting the first eight.
_EXTENSIONS = frozenset({0, 43, 60, 135, 139, 140, _FRAGMENT, _AUTHENTICATION})
_u16 = struct.Struct(">H").unpack_from
# First byte, total length, fragment, protocol; and, when the header has no options, addresses and ports together,
# and the UDP length.
_ipv4_udp_head = struct.Struct(">BxHxxHxBxx12sHxx").unpack_from
_ipv6_head = struct.Struct(">4xHB").unpack_from


def _ipv4(data: bytes, at: int) -> Datagram | None:
    if len(data) < at + 28:
        return None
    first, total, fragment, protocol, key, length = _ipv4_udp_head(data, at)
    if protocol != _UDP or fragment & 0x1FFF or first >> 4 != 4:
        return None
    end = at + total if total else len(data)
    if first == 0x45:
        stop = at + 20 + length
        if length >= 8 and stop <= end and stop <= len(data):
            return key, data[at + 28 : stop], 0
        return _udp(data, at + 20, key, end)
    start = at + (first & 15) * 4
    if start < at + 20 or len(data) < start + 8:
        return None
    return _udp(data, start, data[at + 12 : at + 20] + data[start : start + 4], end)


def _ipv6(data: bytes, at: int) -> Datagram | None:
    if len(data) < at + 48 or data[at] >> 4 != 6:
        return None
    length, following = _ipv6_head(data, at)
    start = at + 40
    end = start + length if length else len(data)
    while following in _EXTENSIONS:
        if len(data) < start + 8:
            return None
        if following == _FRAGMENT:
            if _u16(data, start + 2)[0] & 0xFFF8:
                return None
            size = 8
        else:
            size = (data[start + 1] + 2) * 4 if following == _AUTHENTICATION else (data[start + 1] + 1) * 8
        following = data[start]
        start += size
    if following != _UDP or len(data) < start + 8:
        return None
    return _udp(data, start, data[at + 8 : at + 40] + data[start : start + 4], end)


def _udp(data: bytes, at: int, key: bytes, end: int) -> Datagram | None:
    """``end`` is where the IP packet ends: what follows is padding of the link layer."""
    length = _u16(data, at + 4)[0]
    if length == 0:
        length = end - at  # A jumbogram, or a segment that the network card had yet to cut.
    if length < 8:
        return None
    stop = at + length
    payload = data[at + 8 : min(stop, end)]
    return key, payload, length - 8 - len(payload)


def _by_type(data: bytes, at: int, ether_type: int) -> Datagram | None:
    while ether_type in _VLAN and len(data) >= at + 4:
        ether_type = _u16(data, at + 2)[0]
        at += 4
    if ether_type == _IPV4:
        return _ipv4(data, at)
    return _ipv6(data, at) if ether_type == _IPV6 else None


def ethernet(data: bytes) -> Datagram | None:
    return _by_type(data, 14, _u16(data, 12)[0]) if len(data) >= 14 else None


def linux_sll(data: bytes) -> Datagram | None:
    return _by_type(data, 16, _u16(data, 14)[0]) if len(data) >= 16 else None


def linux_sll2(data: bytes) -> Datagram | None:
    return _by_type(data, 20, _u16(data, 0)[0]) if len(data) >= 20 else None


def raw_ip(data: bytes) -> Datagram | None:
    if not data:
        return None
    return _ipv4(data, 0) if data[0] >> 4 == 4 else _ipv6(data, 0)


def loopback(data: bytes) -> Datagram | None:
    """The address family in front has the capturing system's numbers and byte order; IP's own version tells more."""
    if len(data) < 5:
        return None
    return _ipv4(data, 4) if data[4] >> 4 == 4 else _ipv6(data, 4)


# LINKTYPE_ values (tcpdump.org/linktypes.html); 12 and 14 are what BSDs wrote for raw IP.
READERS: dict[int, Reader] = {
    0: loopback,
    1: ethernet,
    12: raw_ip,
    14: raw_ip,
    101: raw_ip,
    108: loopback,
    113: linux_sll,
    228: raw_ip,
    229: raw_ip,
    276: linux_sll2,
}


def addresses(key: bytes) -> tuple[str, str]:
    """``address:port`` of source and destination, ``[address]:port`` for IPv6."""
    ports = struct.unpack(">HH", key[-4:])
    size = (len(key) - 4) // 2
    return _endpoint(key[:size], ports[0]), _endpoint(key[size : 2 * size], ports[1])


def _endpoint(address: bytes, port: int) -> str:
    if len(address) == 4:
        return "{}.{}.{}.{}:{}".format(*address, port)
    return f"[{IPv6Address(address)}]:{port}"


def turned(key: bytes) -> bytes:
    """The key of the answers."""
    size = (len(key) - 4) // 2
    return key[size : 2 * size] + key[:size] + key[-2:] + key[-4:-2]
