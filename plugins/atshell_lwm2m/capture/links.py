"""Link layers: where in a frame the network layer begins, and what it is.

``LINKS`` has a function for each link type (LINKTYPE_ values, tcpdump.org/linktypes.html). It takes a frame and where
in it to begin, and gives the EtherType of what was found and its place, or None. Tags and labels between the two, of
any number, are passed over.
"""

from __future__ import annotations

import struct
from collections.abc import Callable

Found = tuple[int, int] | None
Link = Callable[[bytes, int], Found]

IPV4, IPV6 = 0x0800, 0x86DD
_IP = frozenset({IPV4, IPV6})
# 802.1Q, 802.1ad, and what was used for stacked tags before it and beside it.
_VLAN = frozenset({0x8100, 0x88A8, 0x9100, 0x9200, 0x9300})
_PPPOE_SESSION, _MPLS, _MPLS_UPSTREAM = 0x8864, 0x8847, 0x8848
# PPP protocols (RFC 1332, 5072, 3032) as EtherTypes.
_PPP = {0x0021: IPV4, 0x0057: IPV6, 0x0281: _MPLS, 0x0283: _MPLS_UPSTREAM}
_SNAP = b"\xaa\xaa\x03\x00\x00\x00"
_u16 = struct.Struct(">H").unpack_from


def internet(data: bytes, at: int = 0) -> Found:
    """An IP packet, as its own version says."""
    version = data[at] >> 4 if at < len(data) else 0
    if version == 4:
        return IPV4, at
    return (IPV6, at) if version == 6 else None


def ethernet(data: bytes, at: int = 0) -> Found:
    if len(data) < at + 14:
        return None
    ether_type = _u16(data, at + 12)[0]
    if ether_type in _IP:
        return ether_type, at + 14
    found = _tagged(data, ether_type, at + 14)
    if found is None or found[0] not in _IP:
        # Windows labels the raw IP packets of mobile broadband adapters as Ethernet.
        return internet(data, at) if is_packet(data, at) else found
    return found


def _tagged(data: bytes, ether_type: int, at: int) -> Found:
    """What is behind tags, labels and PPPoE; each step goes forward."""
    while ether_type in _VLAN and len(data) >= at + 4:
        ether_type = _u16(data, at + 2)[0]
        at += 4
    if ether_type < 0x600 and data[at : at + 6] == _SNAP and len(data) >= at + 8:
        ether_type = _u16(data, at + 6)[0]  # An 802.3 length: LLC and SNAP (RFC 1042) are between.
        at += 8
    if ether_type == _PPPOE_SESSION:
        return ppp(data, at + 6)
    if ether_type in (_MPLS, _MPLS_UPSTREAM):
        return _mpls(data, at)
    return ether_type, at


def _mpls(data: bytes, at: int) -> Found:
    """RFC 3032: labels of four bytes, the last with the bottom bit."""
    while len(data) >= at + 4:
        at += 4
        if data[at - 2] & 1:
            return internet(data, at)
    return None


def ppp(data: bytes, at: int = 0) -> Found:
    """RFC 1661 and 1662, with or without address and control, and with a protocol field that may be compressed."""
    if data[at : at + 2] in (b"\xff\x03", b"\x0f\x00"):
        at += 2  # HDLC-like framing, or Cisco's, which has an EtherType
        if data[at - 2] == 0x0F:
            return _typed(data, at)
    if len(data) < at + 2:
        return None
    if data[at] & 1:
        protocol, at = data[at], at + 1
    else:
        protocol, at = _u16(data, at)[0], at + 2
    ether_type = _PPP.get(protocol)
    return None if ether_type is None else _tagged(data, ether_type, at)


def pppoe(data: bytes, at: int = 0) -> Found:
    """RFC 2516: six bytes, the first for version and type."""
    return ppp(data, at + 6) if data[at : at + 2] == b"\x11\x00" else None


def cisco_hdlc(data: bytes, at: int = 0) -> Found:
    """Two bytes of address and control, and an EtherType; the same link type is used for PPP in HDLC."""
    return ppp(data, at) if data[at : at + 2] == b"\xff\x03" else _typed(data, at + 2)


def loopback(data: bytes, at: int = 0) -> Found:
    """The address family in front has the capturing system's numbers and byte order; IP's own version tells more."""
    return internet(data, at + 4)


def linux_sll(data: bytes, at: int = 0) -> Found:
    return _typed(data, at + 14)


def linux_sll2(data: bytes, at: int = 0) -> Found:
    return _tagged(data, _u16(data, at)[0], at + 20) if len(data) >= at + 20 else None


def _typed(data: bytes, at: int) -> Found:
    """An EtherType and what it names."""
    return _tagged(data, _u16(data, at)[0], at + 2) if len(data) >= at + 2 else None


# 12 and 14 are what BSDs wrote for raw IP.
LINKS: dict[int, Link] = {
    0: loopback,
    1: ethernet,
    9: ppp,
    12: internet,
    14: internet,
    50: ppp,
    51: pppoe,
    101: internet,
    104: cisco_hdlc,
    108: loopback,
    113: linux_sll,
    228: internet,
    229: internet,
    276: linux_sll2,
}


def is_packet(data: bytes, at: int = 0) -> bool:
    """Whether a whole IP packet begins here and nothing but padding follows: by its lengths, and by IPv4's checksum
    where the lengths alone do not say it."""
    left = len(data) - at
    if left >= 40 and data[at] >> 4 == 6:
        length: int = _u16(data, at + 4)[0]
        return length + 40 == left
    if left < 20 or data[at] >> 4 != 4:
        return False
    size, total = (data[at] & 15) * 4, _u16(data, at + 2)[0]
    if not 20 <= size <= total <= left:
        return False
    return total == left or header_sum(data, at, size) == 0


def header_sum(data: bytes, at: int, size: int) -> int:
    """The checksum over an IPv4 header (RFC 791, 1071): 0 where it is right."""
    total: int = sum(struct.unpack_from(f">{size // 2}H", data, at))
    return -total % 0xFFFF
