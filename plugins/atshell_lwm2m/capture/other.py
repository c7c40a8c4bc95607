"""Link types that ``links`` has no function for: scapy finds the IP packet in the frame."""

from __future__ import annotations

import logging
from collections.abc import Callable

Finder = Callable[[bytes], bytes]
"""Given a frame, its IP packet, or nothing."""


def finder_for(link_type: int) -> Finder | None:
    """None when scapy does not know the link type either."""
    logging.getLogger("scapy").setLevel(logging.ERROR)  # it has hints for those who write scapy programs
    import scapy.layers.all  # noqa: F401 - fills the table of link types
    from scapy.config import conf
    from scapy.layers.inet import IP
    from scapy.layers.inet6 import IPv6

    layer = conf.l2types.num2layer.get(link_type)
    if layer is None:
        return None

    def find(data: bytes) -> bytes:
        try:
            frame = layer(data)
            found = frame.getlayer(IP) or frame.getlayer(IPv6)
        except Exception:  # scapy's dissectors raise whatever a hostile frame makes them raise
            return b""
        return bytes(found.original) if found is not None else b""

    return find
