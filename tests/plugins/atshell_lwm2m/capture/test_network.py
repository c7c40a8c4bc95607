"""What other programs make of fragments and tunnels is checked in ``test_reader``; here what goes wrong."""

from __future__ import annotations

import io
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atshell_lwm2m.capture.frames import Datagram
from atshell_lwm2m.capture.links import IPV4, IPV6
from atshell_lwm2m.capture.network import MAX_DEPTH, Network
from atshell_lwm2m.capture.writer import PcapWriter

V4 = (("10.0.0.1", 40000), ("10.0.0.2", 5683))
V6 = (("2001:db8::1", 40000), ("fe80::2", 5683))


def ip(pair: tuple[tuple[str, int], tuple[str, int]], payload: bytes = b"hello") -> bytes:
    buffer = io.BytesIO()
    PcapWriter(buffer).write_udp(0, *pair, payload)
    return buffer.getvalue()[40:]


def v4(protocol: int, payload: bytes, place: int = 0) -> bytes:
    head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(payload), 7, place, 64, protocol, 0)
    return head + ip(V4)[12:20] + payload


def v6(following: int, payload: bytes) -> bytes:
    return struct.pack(">IHBB", 6 << 28, len(payload), following, 64) + ip(V6)[8:40] + payload


class Asker:
    def __init__(self) -> None:
        self.warnings: list[str] = []
        self.network = Network(self.warnings.append)
        self.frame = 0

    def take(self, *packets: bytes) -> list[Datagram]:
        found = []
        for packet in packets:
            self.frame += 1
            ether_type = IPV4 if packet[:1] < b"\x60" else IPV6
            datagram = self.network.take(ether_type, 2, b"xx" + packet, 0, self.frame)
            if datagram is not None:
                found.append(datagram)
        return found

    def told(self) -> list[str]:
        self.network.finish()
        return self.warnings


def read(packet: bytes) -> Datagram | None:
    found = Asker().take(packet)
    return found[0] if found else None


@pytest.mark.parametrize("pair", [V4, V6], ids=["IPv4", "IPv6"])
def test_plain(pair: tuple[tuple[str, int], tuple[str, int]]) -> None:
    packet = ip(pair)
    key = packet[12:24] if pair is V4 else packet[8:44]
    assert read(packet) == read(packet + b"padding") == (key, b"hello", 0)
    assert read(ip(pair, b"")) == (key, b"", 0)


def test_ipv4_options_and_authentication() -> None:
    plain = ip(V4)
    packet = b"\x46" + plain[1:2] + struct.pack(">H", len(plain) + 4) + plain[4:20] + b"\x01\x01\x01\x00" + plain[20:]
    assert read(packet) == read(plain)
    assert read(v4(51, bytes([17, 1]) + bytes(10) + plain[20:])) == read(plain)
    assert read(v4(0, bytes([17, 0]) + bytes(6) + plain[20:])) is None  # hop-by-hop options are IPv6's


def test_ipv6_extensions() -> None:
    plain = ip(V6)
    for following, extension in (
        (0, bytes([60]) + bytes(7) + bytes([17, 1]) + bytes(14)),
        (51, bytes([17, 1]) + bytes(10)),
        (43, bytes([135]) + bytes(7) + bytes([17]) + bytes(7)),
    ):
        assert read(v6(following, extension + plain[40:])) == read(plain)
    assert read(v6(60, (bytes([60]) + bytes(7)) * 100 + bytes([17]) + bytes(7) + plain[40:])) is None
    assert read(v6(59, plain[40:])) is None


def test_fragments() -> None:
    udp = ip(V4, bytes(range(40)))[20:]
    pieces = [v4(17, udp[:16], 0x2000), v4(17, udp[16:24], 0x2002), v4(17, udp[24:], 0x0003)]
    asker = Asker()
    assert asker.take(*pieces) == [(ip(V4)[12:24], bytes(range(40)), 0)]
    assert asker.take(v4(17, udp[:8], 0x2000), *pieces[1:]) == []
    assert asker.told() == ["frame 4: other IP fragments of the datagram are missing"]


def test_the_first_fragment_may_be_shorter_than_the_header_of_udp() -> None:
    udp = ip(V4)[20:]
    assert Asker().take(v4(17, udp[8:], 1), v4(17, udp[:8], 0x2000)) == [(ip(V4)[12:24], b"hello", 0)]


def test_a_cut_fragment_is_all_that_can_be_had_of_its_datagram() -> None:
    udp = ip(V4, bytes(100))[20:]
    asker = Asker()
    first = v4(17, udp[:48], 0x2000)
    assert asker.take(first[:50], v4(17, udp[48:], 6)) == [(ip(V4)[12:24], bytes(22), 78)]
    assert asker.told() == ["frame 1: an IP fragment that is not whole in the frame: the datagram is left out"]


def test_a_first_fragment_that_claims_to_be_all() -> None:
    assert read(v4(17, ip(V4)[20:], 0x2000)) is None


def test_cut_by_the_snap_length() -> None:
    for pair, size in ((V4, 28), (V6, 48)):
        found = read(ip(pair, bytes(100))[: size + 32])
        assert found is not None
        assert (len(found[1]), found[2]) == (32, 68)


@pytest.mark.parametrize(("at", "value"), [(0, 0x55), (9, 6), (0, 0x44), (2, 0xFF)])
def test_what_is_no_datagram(at: int, value: int) -> None:
    packet = bytearray(ip(V4))
    packet[at] = value
    found = read(bytes(packet))
    assert found is None or found[2] == 0


def test_tunnels_in_tunnels_have_an_end() -> None:
    asker = Asker()
    packet = ip(V4)
    for _ in range(MAX_DEPTH):
        packet = v4(4, packet)
    assert asker.take(packet) == [read(ip(V4))]
    for _ in range(2000):
        packet = v4(4, packet)
    assert asker.take(packet, packet) == []
    text = f"frame 2: more than {MAX_DEPTH} packets inside one another: left out (and 1 more like it)"
    assert asker.told() == [text]


def test_fragment_headers_in_fragment_headers_have_an_end() -> None:
    payload = ip(V6)[40:]
    for number in range(3000):
        payload = bytes([44 if number else 17, 0, 0, 0]) + number.to_bytes(4, "big") + payload
    assert read(v6(44, payload)) is None


def test_what_is_carried_and_is_no_datagram() -> None:
    assert read(v4(4, v4(6, bytes(40)))) is None
    gtp = struct.pack(">HHHH", 2152, 2152, 36 + 8, 0) + b"\x30\xff\0\x1c\0\0\0\1" + v4(6, bytes(8))
    assert read(v4(17, gtp)) is None
    echo = struct.pack(">HHHH", 2152, 2152, 16, 0) + b"\x32\x01\0\x04\0\0\0\1"
    found = read(v4(17, echo))
    assert found is not None
    assert found[1] == echo[8:]


@given(st.sampled_from([IPV4, IPV6]), st.lists(st.tuples(st.binary(max_size=90), st.integers(0, 40))))
@settings(max_examples=300)
def test_any_bytes(ether_type: int, packets: list[tuple[bytes, int]]) -> None:
    network = Network(print)
    plain = ip(V4 if ether_type == IPV4 else V6)
    for number, (data, kept) in enumerate(packets):
        found = network.take(ether_type, 0, plain[:kept] + data, 0, number)
        if found is not None:
            assert len(found[0]) in (12, 36)
            assert found[2] >= 0
    network.finish()
