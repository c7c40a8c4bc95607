from __future__ import annotations

import io
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atshell_lwm2m.capture.frames import READERS, Datagram, addresses, turned
from atshell_lwm2m.capture.writer import PcapWriter

V4 = (("10.0.0.1", 5683), ("10.0.0.2", 40000))
V6 = (("2001:db8::1", 5683), ("fe80::2", 40000))


def ip(pair: tuple[tuple[str, int], tuple[str, int]], payload: bytes = b"hello") -> bytes:
    buffer = io.BytesIO()
    PcapWriter(buffer).write_udp(0, *pair, payload)
    return buffer.getvalue()[40:]


def ether(packet: bytes, tags: bytes = b"") -> bytes:
    return bytes(12) + tags + (b"\x08\x00" if packet[0] >> 4 == 4 else b"\x86\xdd") + packet


def read(link_type: int, frame: bytes) -> Datagram | None:
    return READERS[link_type](frame)


WRAPS = {
    "ethernet": (1, lambda p: ether(p)),
    "padded": (1, lambda p: ether(p) + bytes(20)),
    "vlan": (1, lambda p: ether(p, b"\x81\x00\x00\x05")),
    "two vlans": (1, lambda p: ether(p, b"\x88\xa8\x00\x05\x81\x00\x00\x06")),
    "sll": (113, lambda p: bytes(14) + ether(p)[12:]),
    "sll2": (276, lambda p: ether(p)[12:14] + bytes(18) + p),
    "raw": (101, lambda p: p),
    "null little": (0, lambda p: struct.pack("<I", 2) + p),
    "null big": (0, lambda p: struct.pack(">I", 30) + p),
    "loop": (108, lambda p: struct.pack(">I", 24) + p),
}


@pytest.mark.parametrize("pair", [V4, V6], ids=["IPv4", "IPv6"])
@pytest.mark.parametrize("name", WRAPS)
def test_link_types(name: str, pair: tuple[tuple[str, int], tuple[str, int]]) -> None:
    link_type, wrap = WRAPS[name]
    found = read(link_type, wrap(ip(pair)))
    assert found is not None
    key, payload, missing = found
    assert (payload, missing) == (b"hello", 0)
    shown = ("10.0.0.1:5683", "10.0.0.2:40000") if pair is V4 else ("[2001:db8::1]:5683", "[fe80::2]:40000")
    assert addresses(key) == shown
    assert addresses(turned(key)) == shown[::-1]
    assert turned(turned(key)) == key


def test_ipv4_options() -> None:
    plain = ip(V4)
    packet = b"\x46" + plain[1:2] + struct.pack(">H", len(plain) + 4) + plain[4:20] + b"\x01\x01\x01\x00" + plain[20:]
    assert read(101, packet) == read(101, plain)


def test_ipv6_extensions() -> None:
    plain = ip(V6)
    for following, extension in (
        (0, bytes([60]) + bytes(7) + bytes([17, 1]) + bytes(14)),
        (51, bytes([17, 1]) + bytes(10)),
    ):
        length = struct.pack(">H", len(plain) - 40 + len(extension))
        packet = plain[:4] + length + bytes([following]) + plain[7:40] + extension + plain[40:]
        assert read(101, packet) == read(101, plain)


def test_fragments_are_not_taken_for_datagrams() -> None:
    plain = ip(V4, bytes(100))
    first = plain[:2] + struct.pack(">H", 68) + plain[4:6] + b"\x20\x00" + plain[8:68]
    found = read(101, first)
    assert found is not None
    assert (len(found[1]), found[2]) == (40, 60)
    later = plain[:6] + b"\x00\x06" + plain[8:]
    assert read(101, later) is None


def test_cut_by_the_snap_length() -> None:
    found = read(101, ip(V4, bytes(100))[:60])
    assert found is not None
    assert (len(found[1]), found[2]) == (32, 68)


@pytest.mark.parametrize("at", [0, 9])
def test_other_protocols(at: int) -> None:
    packet = bytearray(ip(V4))
    packet[at] = 6 if at else 0x55
    assert read(101, bytes(packet)) is None


@given(st.sampled_from(sorted(READERS)), st.binary(max_size=90), st.booleans())
@settings(max_examples=300)
def test_any_bytes(link_type: int, data: bytes, plausible: bool) -> None:
    if plausible:
        data = ip(V6)[: len(data)] + data
    found = read(link_type, data)
    if found is not None:
        assert len(found[0]) in (12, 36)
        assert found[2] >= 0
