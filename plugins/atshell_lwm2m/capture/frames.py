"""What is read from a frame: a UDP datagram.

``key`` is source and destination address followed by source and destination port, as they stand on the wire: 12 bytes
for IPv4, 36 for IPv6. That of a TCP segment has one byte more, in front (``segments``). ``missing`` counts the bytes of
the datagram that the capture does not have, because the frame was cut short there.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from ipaddress import IPv6Address

Datagram = tuple[bytes, bytes, int]
"""Key, payload, missing."""
CapturedDatagram = tuple[int, int, bytes, bytes, int]
"""Frame number, nanoseconds since 1970, and the datagram. Of fragments put together the last frame."""
UNKNOWN = -1
"""The time of what the capture does not tell it of."""
Reader = Callable[[bytes, int, int], Datagram | None]
"""Given a frame, its time and its number."""


def addresses(key: bytes) -> tuple[str, str]:
    """``address:port`` of source and destination, ``[address]:port`` for IPv6."""
    ports = struct.unpack(">HH", key[-4:])
    key = key[len(key) & 1 :]
    size = (len(key) - 4) // 2
    return _endpoint(key[:size], ports[0]), _endpoint(key[size : 2 * size], ports[1])


def _endpoint(address: bytes, port: int) -> str:
    if len(address) == 4:
        return "{}.{}.{}.{}:{}".format(*address, port)
    return f"[{IPv6Address(address)}]:{port}"


def turned(key: bytes) -> bytes:
    """The key of the answers."""
    what, key = key[: len(key) & 1], key[len(key) & 1 :]
    size = (len(key) - 4) // 2
    return what + key[size : 2 * size] + key[:size] + key[-2:] + key[-4:-2]
