from __future__ import annotations

import io

from atshell_lwm2m.capture.other import finder_for
from atshell_lwm2m.capture.writer import PcapWriter

PPP = 9


def test_scapy_finds_the_packet() -> None:
    buffer = io.BytesIO()
    PcapWriter(buffer).write_udp(0, ("10.0.0.1", 5683), ("10.0.0.2", 40000), b"hello")
    packet = buffer.getvalue()[40:]
    find = finder_for(PPP)
    assert find is not None
    assert find(b"\xff\x03\x00\x21" + packet) == packet
    assert find(b"\xff\x03\xc0\x21\x01\x01\x00\x04") == b""
    assert find(b"") == b""


def test_what_scapy_does_not_know() -> None:
    assert finder_for(65000) is None
