"""What tshark knows of tunnels is checked in ``test_reader``."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atshell_lwm2m.capture.links import IPV4, IPV6
from atshell_lwm2m.capture.tunnels import PORTS, PROTOCOLS, gre, gsmtap, gtp_u, vxlan

V4 = bytes.fromhex("4500001c00004000401126cf0a0000010a000002") + struct.pack(">HHHH", 40000, 5683, 8, 0)
V6 = bytes.fromhex("60000000000811402001" + "00" * 13 + "01" + "2001" + "00" * 13 + "02") + V4[20:]
TUNNELS = [*PORTS.values(), *PROTOCOLS.values()]


@pytest.mark.parametrize("packet", [V4, V6])
def test_gsmtap(packet: bytes) -> None:
    """LLC and SNDCP before the packet, its checksum of three bytes behind IPv4."""
    head = bytes([2, 4, 8]) + bytes(13) + bytes.fromhex("43c0016510000102")
    behind = b"\1\2\3" if packet is V4 else b""
    assert gsmtap(head + packet + behind) == (IPV4 if packet is V4 else IPV6, len(head))
    assert gsmtap(b"\3" + head[1:] + packet) is None
    assert gsmtap(head + packet[:-1]) is None
    assert gsmtap(head + bytes(100)) is None


def test_gtp_u() -> None:
    assert gtp_u(b"\x30\xff\0\x1c\0\0\0\1" + V4) == (IPV4, 8)
    assert gtp_u(b"\x34\xff\0\x1c\0\0\0\1" + b"\0\0\0\x85" + b"\1\0\0\0" + V6) == (IPV6, 16)
    assert gtp_u(b"\x30\x01\0\x04\0\0\0\0" + V4) is None  # an echo request
    assert gtp_u(b"\x48\xff\0\x1c\0\0\0\1" + V4) is None  # GTP-C
    assert gtp_u(b"\x34\xff\0\x1c\0\0\0\1" + b"\0\0\0\x85" + b"\0\0\0\x85" + V6) is None  # an extension of no length
    assert gtp_u(b"\x34\xff\0\x1c\0\0\0\1" + b"\0\0\0\x85" + b"\xff\0\0\x85" + V6) is None  # past the end


def test_gre() -> None:
    assert gre(b"\x00\x00\x08\x00" + V4, 0) == (IPV4, 4)
    assert gre(b"\x30\x81\x88\x0b" + bytes(12) + b"\xff\x03\x00\x21" + V4, 0) == (IPV4, 20)  # PPTP
    assert gre(b"\x40\x00\x08\x00" + bytes(20) + V4, 0) is None  # source routing


@pytest.mark.parametrize(
    ("head", "size"),
    [
        ("000088be", 0),
        ("100088be 00000001", 8),
        ("100022eb 00000001", 12),
        ("100022eb 00000001", 20),
    ],
)
def test_what_a_switch_mirrors(head: str, size: int) -> None:
    gre_header = bytes.fromhex(head)
    erspan = (bytes(11) + bytes([size == 20]) + bytes(8))[:size]
    at = len(gre_header) + size
    assert gre(gre_header + erspan + bytes(12) + b"\x08\x00" + V4, 0) == (IPV4, at + 14)
    assert gre(gre_header + erspan[:11], 0) is None


def test_vxlan_is_not_taken_for_coap() -> None:
    frame = bytes(12) + b"\x08\x00" + V4
    assert vxlan(b"\x08" + bytes(7) + frame) == (IPV4, 22)
    assert vxlan(b"\x48\x01\x12\x34" + bytes(4) + frame) is None


@given(st.sampled_from(TUNNELS), st.binary(max_size=60), st.integers(0, 70))
@settings(max_examples=400)
def test_any_bytes(tunnel, data: bytes, at: int) -> None:  # type: ignore[no-untyped-def]
    found = tunnel(data, at)
    assert found is None or found[1] >= at
