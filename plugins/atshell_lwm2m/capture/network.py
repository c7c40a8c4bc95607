"""IP and what it carries, down to UDP and TCP.

A ``Network`` belongs to one capture, for fragments have to be remembered until the others come. Nearly every packet is
UDP straight over IP: for these nothing is made but what is handed on. The rest (extension headers, fragments, tunnels)
goes in circles through ``_upper``, each of which goes forward in the bytes or one level down, and levels are few.
"""

from __future__ import annotations

import struct

from atshell_lwm2m.capture.fragments import Fragment, Fragments
from atshell_lwm2m.capture.frames import Datagram
from atshell_lwm2m.capture.links import IPV4, IPV6, Found
from atshell_lwm2m.capture.segments import Segments
from atshell_lwm2m.capture.tally import Tally, Warn
from atshell_lwm2m.capture.tunnels import PORTS, PROTOCOLS

MAX_DEPTH = 8
"""Packets inside one another."""
_TCP, _UDP = 6, 17
_FRAGMENT, _AUTHENTICATION = 44, 51
# Hop-by-hop, routing, destination options, mobility, HIP, shim6: length in eight bytes, not counting the first eight.
_EXTENSIONS = frozenset({0, 43, 60, 135, 139, 140, _FRAGMENT, _AUTHENTICATION})
_MAX_EXTENSIONS = 16
_OF_IPV4 = frozenset({_AUTHENTICATION})
OVER_IPV4 = frozenset({_TCP, _UDP, _AUTHENTICATION, *PROTOCOLS})
"""Protocols that are UDP or TCP, or in which there may be some."""
_u16 = struct.Struct(">H").unpack_from
# First byte, total length, fragment, protocol; and, when the header has no options, addresses and ports together,
# and the UDP length.
_ipv4_udp_head = struct.Struct(">BxHxxHxBxx12sHxx").unpack_from
_ipv4_head = struct.Struct(">BxHHHxBxx").unpack_from
_ipv6_head = struct.Struct(">4xHB").unpack_from
_fragment_head = struct.Struct(">BxH").unpack_from

When = tuple[int, int, int]
"""Time and number of the frame, and how many packets this one is inside of."""


class Network:
    def __init__(self, warn: Warn, segments: Segments | None = None) -> None:
        """``segments`` takes what TCP carries; without it, that is left out."""
        self._tally = Tally(warn)
        self._segments = segments
        self._fragments = Fragments(self._tally)

    def finish(self) -> None:
        """At the end of the capture: what it left unsaid becomes warnings."""
        self._fragments.finish()
        self._tally.tell()

    def take(self, ether_type: int, at: int, data: bytes, time: int = 0, frame: int = 0) -> Datagram | None:
        """``data`` has a packet of this EtherType at ``at``."""
        if ether_type != IPV4:
            return self._ipv6(data, at, (time, frame, 0)) if ether_type == IPV6 else None
        if len(data) >= at + 28:
            first, total, fragment, protocol, key, length = _ipv4_udp_head(data, at)
            if protocol not in OVER_IPV4:
                return None
            if protocol == _UDP and first == 0x45 and not fragment & 0x3FFF and key[10:] not in PORTS:
                stop = at + 20 + length
                if 28 <= length + 20 <= total and stop <= len(data):
                    return key, data[at + 28 : stop], 0
        return self._ipv4(data, at, (time, frame, 0))

    def _deeper(self, when: When) -> When | None:
        """One level down; None, and told, when there are too many."""
        time, frame, depth = when
        if depth < MAX_DEPTH:
            return time, frame, depth + 1
        self._tally.note("depth", f"frame {frame}: more than {MAX_DEPTH} packets inside one another: left out")
        return None

    def _inside(self, found: Found, data: bytes, when: When) -> Datagram | None:
        """A packet that another one carries."""
        deeper = self._deeper(when) if found is not None else None
        if found is None or deeper is None:
            return None
        if found[0] == IPV4:
            return self._ipv4(data, found[1], deeper)
        return self._ipv6(data, found[1], deeper) if found[0] == IPV6 else None

    def _ipv4(self, data: bytes, at: int, when: When) -> Datagram | None:
        if len(data) < at + 20:
            return None
        first, total, identification, fragment, protocol = _ipv4_head(data, at)
        start = at + (first & 15) * 4
        end = at + total if total else len(data)
        if first >> 4 != 4 or start < at + 20 or start > end:
            return None
        if not fragment & 0x3FFF:
            return self._upper(protocol, data, start, end, data[at + 12 : at + 20], when)
        key = data[at + 12 : at + 20] + struct.pack(">BH", protocol, identification)
        piece = Fragment((fragment & 0x1FFF) * 8, bool(fragment & 0x2000), protocol, data[start:end])
        return self._fragment(key, piece, data[at + 12 : at + 20], end - len(data), when)

    def _ipv6(self, data: bytes, at: int, when: When) -> Datagram | None:
        if len(data) < at + 40 or data[at] >> 4 != 6:
            return None
        length, following = _ipv6_head(data, at)
        start = at + 40
        end = start + length if length else len(data)
        return self._upper(following, data, start, end, data[at + 8 : start], when)

    def _upper(self, protocol: int, data: bytes, at: int, end: int, addresses: bytes, when: When) -> Datagram | None:
        """What an IP packet carries, from ``at`` to ``end``, which a cut frame does not reach."""
        extensions = _EXTENSIONS if len(addresses) == 32 else _OF_IPV4
        for _ in range(_MAX_EXTENSIONS):
            if protocol not in extensions or len(data) < at + 8:
                break
            if protocol == _FRAGMENT:
                return self._ipv6_fragment(data, at, end, addresses, when)
            size = (data[at + 1] + 2) * 4 if protocol == _AUTHENTICATION else (data[at + 1] + 1) * 8
            protocol = data[at]
            at += size
        if protocol == _UDP:
            return self._udp(data, at, end, addresses, when)
        if protocol == _TCP:
            return self._segments.take(data, at, end, addresses) if self._segments is not None else None
        return self._inside(PROTOCOLS[protocol](data, at), data, when) if protocol in PROTOCOLS else None

    def _ipv6_fragment(self, data: bytes, at: int, end: int, addresses: bytes, when: When) -> Datagram | None:
        """Fragment headers can follow one another, each around all that is behind: every one is a level."""
        deeper = self._deeper(when)
        if deeper is None:
            return None
        protocol, place = _fragment_head(data, at)
        piece = Fragment(place & 0xFFF8, bool(place & 1), protocol, data[at + 8 : end])
        return self._fragment(addresses + data[at + 4 : at + 8], piece, addresses, end - len(data), deeper)

    def _fragment(self, key: bytes, piece: Fragment, addresses: bytes, cut: int, when: When) -> Datagram | None:
        """``cut`` bytes of it are not in the frame: then all that can be had is the datagram's beginning."""
        time, frame, _ = when
        if cut > 0:
            self._fragments.give_up(key, "an IP fragment that is not whole in the frame", time, frame)
            if piece.start:
                return None
            return self._upper(piece.protocol, piece.data, 0, len(piece.data) + cut, addresses, when)
        whole = self._fragments.take(key, piece, time, frame)
        if whole is None:
            return None
        return self._upper(whole[0], whole[1], 0, len(whole[1]), addresses, when)

    def _udp(self, data: bytes, at: int, end: int, addresses: bytes, when: When) -> Datagram | None:
        """``end`` is where the IP packet ends: what follows is padding of the link layer."""
        if len(data) < at + 8:
            return None
        key = addresses + data[at : at + 4]
        length = _u16(data, at + 4)[0]
        if length == 0:
            length = end - at  # A jumbogram, or a segment that the network card had yet to cut.
        if length < 8:
            return None
        payload = data[at + 8 : max(min(at + length, end), at + 8)]
        tunnel = PORTS.get(key[-2:])
        carried = tunnel(payload, 0) if tunnel is not None else None
        if carried is not None:
            return self._inside(carried, payload, when)
        return key, payload, length - 8 - len(payload)
