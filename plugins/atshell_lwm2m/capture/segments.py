"""TCP segments that may carry CoAP (RFC 8323): to be handed on as if each were a datagram.

TCP is mostly foreign. A connection is ours by its port, or by the first bytes that it carries: a CSM, a WebSocket
handshake, or a TLS handshake if there is a key to open it with. What is foreign is remembered, so that its further
segments cost a look at a set; most of it shows that by a single byte (``is_foreign``).

A segment's key has one byte more than a datagram's, so its length is odd; its data has sequence number, acknowledgement
number and flags in front (``HEAD``).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable

from atshell_lwm2m.capture.frames import Datagram, turned
from atshell_lwm2m.capture.traffic import KNOWN_PORTS
from atshell_lwm2m.codec.coaptcp import looks_like_begin

HEAD = struct.Struct(">IIB")
TCP = b"\x06"
MAX_CONNECTIONS = 65_536
_SHORTEST = 20
_HANDSHAKE = b"\x16"
_BEGINS = frozenset(b"\x16G")
"""First bytes of what may be ours, beside those of a CSM, which has no token: their lower half is 0."""
_FINAL = b"\r\n\r\n"


def never() -> bool:
    return False


class Segments:
    """Of one capture."""

    def __init__(self, ports: Iterable[int] = (), keyed: Callable[[], bool] = never) -> None:
        """``keyed`` says whether TLS can be opened."""
        self._ports = frozenset(port.to_bytes(2, "big") for port in KNOWN_PORTS.union(ports))
        self._keyed = keyed
        self._ours: set[bytes] = set()
        self.foreign: set[bytes] = set()
        """Keys of segments to be passed over, without the byte in front."""

    def is_foreign(self, key: bytes, data: bytes, at: int, end: int) -> bool:
        """At a glance: whether to pass over a segment, which may be longer than the frame that ``end``s here. If not,
        ``take`` tells."""
        if key in self.foreign:
            return True
        start = at + (data[at + 12] >> 4) * 4 if at + _SHORTEST < end else end
        if start >= end or not data[start] & 15 or data[start] in _BEGINS:
            return False
        if key in self._ours or key[-4:-2] in self._ports or key[-2:] in self._ports:
            return False
        if len(self.foreign) >= 2 * MAX_CONNECTIONS:
            self.foreign.clear()
        self.foreign.add(key)
        return True

    def take(self, data: bytes, at: int, end: int, addresses: bytes) -> Datagram | None:
        """A segment from ``at`` to ``end``, which a cut frame does not reach."""
        key = addresses + data[at : at + 4]
        if len(data) < at + _SHORTEST or key in self.foreign:
            return None
        start = at + (data[at + 12] >> 4) * 4
        if start < at + _SHORTEST or start > end:
            return None
        payload = data[start : max(min(end, len(data)), start)]
        if key not in self._ours and not self._is_ours(key, payload):
            return None
        missing = max(end - max(len(data), start), 0)
        return TCP + key, data[at + 4 : at + 12] + data[at + 13 : at + 14] + payload, missing

    def _is_ours(self, key: bytes, payload: bytes) -> bool:
        if key[-4:-2] in self._ports or key[-2:] in self._ports:
            return self._decide(self._ours, key)
        if not payload:
            return False
        greets = payload[:1] == _HANDSHAKE and is_tls(payload)
        ours = looks_like_begin(payload) or _asks_for_coap(payload) or (greets and self._keyed())
        self._decide(self._ours if ours else self.foreign, key)
        return ours

    def _decide(self, table: set[bytes], key: bytes) -> bool:
        if len(table) >= 2 * MAX_CONNECTIONS:
            table.clear()
        table |= {key, turned(key)}
        return True


def is_tls(data: bytes | bytearray) -> bool:
    """By a record's header (RFC 8446 section 5.1)."""
    return len(data) >= 3 and 20 <= data[0] <= 23 and data[1] == 3 and data[2] <= 4


def _asks_for_coap(data: bytes) -> bool:
    """The beginning of a WebSocket handshake (RFC 8323 section 4.1), as far as it is in the first segment."""
    return data.startswith(b"GET ") and (b"coap" in data or not data.endswith(_FINAL))
