"""Which frames hold what is checked against tshark in ``test_reader``; here what it can not make, and any bytes."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atshell_lwm2m.capture.links import IPV4, IPV6, LINKS, header_sum, is_packet

# Checksum as scapy computes it.
V4 = bytes.fromhex("4500001c00004000401126cf0a0000010a000002") + struct.pack(">HHHH", 40000, 5683, 8, 0)
V6 = bytes.fromhex("60000000000811402001" + "00" * 13 + "01" + "2001" + "00" * 13 + "02") + V4[20:]


def test_the_example_is_right() -> None:
    assert header_sum(V4, 0, 20) == 0
    assert is_packet(V4)
    assert is_packet(V6)


@pytest.mark.parametrize("packet", [V4, V6])
def test_raw_packets_that_are_labelled_as_ethernet(packet: bytes) -> None:
    """As Windows does for mobile broadband adapters."""
    assert LINKS[1](packet, 0) == (IPV4 if packet is V4 else IPV6, 0)


def test_what_only_begins_like_a_packet_is_none() -> None:
    for packet in (V4[:-1], V6[:-1], V6 + b"\0", b"", b"\x45"):
        assert not is_packet(packet)
    assert is_packet(V4 + bytes(20))
    assert not is_packet(b"\x45\1" + V4[2:] + bytes(20))
    assert LINKS[1](V4[:-1], 0) == (0x0A00, 14)


def test_tags_of_any_number() -> None:
    tags = b"".join(struct.pack(">HH", number, 5) for number in [0x8100, 0x88A8, 0x9100, 0x9200] * 30)
    assert LINKS[1](bytes(12) + tags + b"\x08\x00" + V4, 0) == (IPV4, 14 + len(tags))


def test_both_byte_orders_of_the_null_link_type() -> None:
    for family in (struct.pack("<I", 30), struct.pack(">I", 30), struct.pack("<I", 24)):
        assert LINKS[0](family + V6, 0) == (IPV6, 4)


def test_compressed_ppp() -> None:
    """RFC 1661 section 6.5: a protocol below 256 may be one byte."""
    for link_type in (9, 50):
        assert LINKS[link_type](b"\x21" + V4, 0) == (IPV4, 1)
        assert LINKS[link_type](b"\xff\x03\x57" + V6, 0) == (IPV6, 3)
        assert LINKS[link_type](b"\xff\x03\xc0\x21\x01\x01", 0) is None


@given(st.sampled_from(sorted(LINKS)), st.binary(max_size=60), st.integers(0, 70))
@settings(max_examples=400)
def test_any_bytes(link_type: int, data: bytes, at: int) -> None:
    found = LINKS[link_type](data, at)
    if found is not None:
        assert 0 <= found[0] <= 0xFFFF
        assert found[1] >= at
