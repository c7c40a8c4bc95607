"""Packets that other packets carry: captures of a core network have a device's packets inside GTP-U, GRE, or IP itself.

Each function takes bytes, where in them the tunnel's own header begins, and gives the EtherType of what is inside and
its place, or None.
"""

from __future__ import annotations

import struct

from atshell_lwm2m.capture.links import IPV4, IPV6, Found, Link, ethernet, header_sum, internet, ppp

_u16 = struct.Struct(">H").unpack_from
_G_PDU = 0xFF
_BRIDGED, _PPP = 0x6558, 0x880B
_MIRRORED, _MIRRORED_TIMED = 0x88BE, 0x22EB
"""What switches send of a mirrored port (ERSPAN, draft-foschiano-erspan)."""
_GSMTAP_VERSION = 2
_GSMTAP_REACH = 32
_MAX_EXTENSIONS = 16


def gtp_u(data: bytes, at: int = 0) -> Found:
    """3GPP TS 29.281 section 5.1: eight bytes, four more where a flag says so, and extension headers behind these."""
    if len(data) < at + 9 or data[at] >> 4 != 3 or data[at + 1] != _G_PDU:
        return None
    flags, at = data[at], at + 8
    if flags & 7:
        following = data[at + 3] if flags & 4 and len(data) > at + 3 else 0
        at += 4
        for _ in range(_MAX_EXTENSIONS):
            if not following or at >= len(data):
                break
            size = data[at] * 4
            if not size or at + size > len(data):
                return None
            following = data[at + size - 1]
            at += size
    return internet(data, at)


def gre(data: bytes, at: int) -> Found:
    """RFC 2784 with the key and sequence number of RFC 2890; version 1 is PPTP's (RFC 2637)."""
    if len(data) < at + 4:
        return None
    flags, ether_type = struct.unpack_from(">HH", data, at)
    if flags & 0x4000:
        return None  # Source routing (RFC 1701), which nobody uses.
    optional = 0xB080 if flags & 7 == 1 else 0xB000
    at += 4 + 4 * (flags & optional).bit_count()
    if ether_type == _BRIDGED:
        return ethernet(data, at)
    if ether_type in (_MIRRORED, _MIRRORED_TIMED):
        return ethernet(data, at + _erspan(data, at, flags, ether_type))
    return ppp(data, at) if ether_type == _PPP else (ether_type, at)


def _erspan(data: bytes, at: int, flags: int, ether_type: int) -> int:
    """Bytes of the header: type I has none, and no sequence number; type III says in its last bit whether there is
    more."""
    if ether_type == _MIRRORED:
        return 8 if flags & 0x1000 else 0
    return 20 if data[at + 11 : at + 12] and data[at + 11] & 1 else 12


def ipv4_inside(_data: bytes, at: int) -> Found:
    """RFC 2003."""
    return IPV4, at


def ipv6_inside(_data: bytes, at: int) -> Found:
    """RFC 2473, 4213."""
    return IPV6, at


def vxlan(data: bytes, at: int = 0) -> Found:
    """RFC 7348 section 5: eight bytes, with the flag that there is a network identifier; two bits that nothing has set
    (CoAP has one of them)."""
    return ethernet(data, at + 8) if len(data) > at and data[at] & 0xC8 == 0x08 else None


def gsmtap(data: bytes, at: int = 0) -> Found:
    """Osmocom's header for radio messages (libosmocore, gsmtap.h): version, length in words, type. A device's packet
    stands in some of them behind headers of LLC and SNDCP, or of NAS: what is found is an IPv4 header whose checksum is
    right, or an IPv6 one of UDP whose length fits."""
    if len(data) < at + 4 or data[at] != _GSMTAP_VERSION:
        return None
    at += max(data[at + 1], 1) * 4
    for place in range(at, min(at + _GSMTAP_REACH, len(data) - 27)):
        if data[place] == 0x45:
            if _u16(data, place + 2)[0] <= len(data) - place and not header_sum(data, place, 20):
                return IPV4, place
        elif data[place] == 0x60 and data[place + 6] == 17 and _u16(data, place + 4)[0] + 40 == len(data) - place:
            return IPV6, place
    return None


# Link types, IP protocols, and UDP ports as they stand on the wire.
TAPPED: dict[int, Link] = {217: gsmtap, 218: gsmtap}
PROTOCOLS: dict[int, Link] = {4: ipv4_inside, 41: ipv6_inside, 47: gre}
PORTS: dict[bytes, Link] = {
    (2152).to_bytes(2, "big"): gtp_u,
    (4729).to_bytes(2, "big"): gsmtap,
    (4789).to_bytes(2, "big"): vxlan,
}
