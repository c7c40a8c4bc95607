from __future__ import annotations

import io
import struct

from atshell_lwm2m.capture.layers import Layers
from atshell_lwm2m.capture.writer import PcapWriter

buffer = io.BytesIO()
PcapWriter(buffer).write_udp(0, ("10.0.0.1", 5683), ("10.0.0.2", 40000), b"hello")
PACKET = buffer.getvalue()[40:]


def test_link_types_change_between_packets() -> None:
    packets = [
        (1, 101, PACKET, 0),
        (2, 1, bytes(12) + b"\x08\x00" + PACKET, 0),
        (3, 1, bytes(60), 0),
        (4, 65000, PACKET, 0),
        (5, 65000, PACKET, 0),
        (6, 0, b"\2\0\0\0" + PACKET, 0),
    ]
    warnings: list[str] = []
    found = list(Layers(warnings.append).datagrams(packets, 10))
    assert found == [(frame, time, PACKET[12:24], b"hello", 0) for frame, time in ((10, 1), (11, 2), (15, 6))]
    assert warnings == ["link type 65000 is not known: its frames are left out"]


def test_fragments_over_link_types() -> None:
    first = PACKET[:2] + b"\0\x1c" + PACKET[4:6] + b"\x20\0" + PACKET[8:28]
    second = PACKET[:2] + b"\0\x19" + PACKET[4:6] + b"\0\1" + PACKET[8:20] + PACKET[28:]
    packets = [(1, 101, first, 0), (2, 228, second, 0), (3_000_000_000, 101, first, 0)]
    warnings: list[str] = []
    assert list(Layers(warnings.append).datagrams(packets)) == [(2, 2, PACKET[12:24], b"hello", 0)]
    assert warnings == ["frame 3: other IP fragments of the datagram are missing"]


def test_gsmtap_as_a_link_type() -> None:
    head = bytes([2, 4, 8]) + bytes(13) + bytes.fromhex("43c0016500000001")
    whole = PACKET[:10] + checksum(PACKET) + PACKET[12:]
    for link_type in (217, 218):
        assert Layers(print).reader(link_type)(head + whole, 0, 1) == (PACKET[12:24], b"hello", 0)


def checksum(packet: bytes) -> bytes:
    """RFC 1071."""
    total = sum(struct.unpack(">10H", packet[:10] + bytes(2) + packet[12:20]))
    return (~(total + (total >> 16)) & 0xFFFF).to_bytes(2, "big")


def test_what_scapy_knows() -> None:
    """204 is PPP with the direction in front."""
    read = Layers(print).reader(204)
    assert read(b"\0\xff\x03\0\x21" + PACKET, 0, 1) == (PACKET[12:24], b"hello", 0)
    assert read(b"", 0, 1) is None
