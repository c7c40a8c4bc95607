from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atshell_lwm2m.capture.reader import datagrams
from atshell_lwm2m.capture.writer import PcapWriter


def fail(what: str) -> None:
    raise AssertionError(what)


def test_bytes_of_a_packet() -> None:
    """Checksums as tshark (udp.check_checksum, ip.check_checksum) finds them right."""
    buffer = io.BytesIO()
    PcapWriter(buffer).write_udp(1700000000.123456, ("10.0.0.1", 5683), ("10.0.0.2", 40000), b"\x40\0\0\1")
    written = buffer.getvalue()
    assert written[:24].hex() == "d4c3b2a1020004000000000000000000000004006500" + "0000"
    assert written[24:40].hex() == "00f15365" + "40e20100" + "20000000" * 2
    assert written[40:].hex() == "4500002000014000401126ca0a0000010a00000216339c40000cf95e40000001"


def test_both_families_come_back(tmp_path: Path) -> None:
    path = tmp_path / "x.pcap"
    with PcapWriter(path) as writer:
        writer.write_udp(1.5, ("10.0.0.1", 5683), ("10.0.0.2", 40000), b"one")
        writer.write_udp(2.25, ("::1", 5683), ("fe80::2%eth0", 40000), b"")
        found = list(datagrams(path, fail))
    assert [(frame, time, payload, missing) for frame, time, _, payload, missing in found] == [
        (1, 1_500_000_000, b"one", 0),
        (2, 2_250_000_000, b"", 0),
    ]


def test_two_families() -> None:
    with pytest.raises(ValueError, match="two address families"):
        PcapWriter(io.BytesIO()).write_udp(0, ("10.0.0.1", 1), ("::1", 2), b"")


@given(st.binary(max_size=100))
@settings(max_examples=40)
def test_the_sum_over_a_packet_is_all_ones(payload: bytes) -> None:
    buffer = io.BytesIO()
    PcapWriter(buffer).write_udp(0, ("10.0.0.1", 5683), ("10.0.0.2", 40000), payload)
    packet = buffer.getvalue()[40:]
    pseudo = packet[12:20] + b"\0\x11" + packet[24:26]
    assert total(packet[:20]) == total(pseudo + packet[20:]) == 0xFFFF


def total(data: bytes) -> int:
    number = sum(int.from_bytes((data + b"\0")[at : at + 2], "big") for at in range(0, len(data), 2))
    while number >> 16:
        number = (number & 0xFFFF) + (number >> 16)
    return number
