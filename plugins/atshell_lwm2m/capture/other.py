"""Link types that ``frames`` has no function for: scapy finds the IP packet in the frame."""

from __future__ import annotations

from atshell_lwm2m.capture.frames import Datagram, Reader, raw_ip


def reader_for(link_type: int) -> Reader | None:
    """None when scapy does not know the link type either."""
    import scapy.layers.all  # noqa: F401 - fills the table of link types
    from scapy.config import conf
    from scapy.layers.inet import IP
    from scapy.layers.inet6 import IPv6

    layer = conf.l2types.num2layer.get(link_type)
    if layer is None:
        return None

    def read(data: bytes) -> Datagram | None:
        try:
            frame = layer(data)
            found = frame.getlayer(IP) or frame.getlayer(IPv6)
        except Exception:  # scapy's dissectors raise whatever a hostile frame makes them raise
            return None
        return raw_ip(bytes(found.original)) if found is not None else None

    return read
