from __future__ import annotations

import io
import struct
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atshell_lwm2m.capture.frames import UNKNOWN
from atshell_lwm2m.capture.pcap import Packet
from atshell_lwm2m.capture.pcapng import packets


def block(order: str, kind: int, body: bytes) -> bytes:
    body += bytes(-len(body) % 4)
    size = struct.pack(order + "I", len(body) + 12)
    return struct.pack(order + "I", kind) + size + body + size


def section(order: str) -> bytes:
    return block(order, 0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1))


def interface(order: str, link_type: int, options: bytes = b"", snap: int = 0) -> bytes:
    return block(order, 1, struct.pack(order + "HHI", link_type, 0, snap) + options)


def option(order: str, code: int, value: bytes) -> bytes:
    return struct.pack(order + "HH", code, len(value)) + value + bytes(-len(value) % 4)


def packet(order: str, index: int, ticks: int, data: bytes) -> bytes:
    head = struct.pack(order + "IIIII", index, ticks >> 32, ticks & 0xFFFFFFFF, len(data), len(data) + 1)
    return block(order, 6, head + data)


def read(data: bytes) -> tuple[list[Packet], list[str]]:
    warnings: list[str] = []
    return list(packets(data[:4], io.BytesIO(data[4:]), warnings.append)), warnings


@pytest.mark.parametrize("order", ["<", ">"])
def test_interfaces_each_with_its_clock(order: str) -> None:
    data = (
        section(order)
        + interface(order, 1)
        + interface(order, 101, option(order, 9, b"\x09") + option(order, 14, struct.pack(order + "q", 5)))
        + interface(order, 101, option(order, 9, b"\x8a") + option(order, 0, b""))
        + block(order, 0x0C0FFEE, b"unknown")
        + packet(order, 0, 1_500_000, b"abc")
        + packet(order, 1, 2_000_000_003, b"abcd")
        + packet(order, 2, 1536, b"")
        + block(order, 3, struct.pack(order + "I", 2) + b"hi")
        + block(order, 2, struct.pack(order + "HHIIII", 0, 0, 0, 7, 1, 1) + b"x")
    )
    assert read(data) == (
        [
            (1_500_000_000, 1, b"abc", 4),
            (7_000_000_003, 101, b"abcd", 5),
            (1_500_000_000, 101, b"", 1),
            (UNKNOWN, 1, b"hi", 2),
            (7000, 1, b"x", 1),
        ],
        [],
    )


def test_a_second_section_begins_anew() -> None:
    data = section("<") + interface("<", 1) + section(">") + interface(">", 101) + packet(">", 0, 1, b"a")
    assert [found[1] for found in read(data)[0]] == [101]


BAD = {
    "interface 7 of 1": (packet("<", 7, 0, b""), "interface 7"),
    "length 0": (struct.pack("<II", 6, 0) + bytes(20), "length of 0"),
    "length 11": (struct.pack("<II", 6, 11) + bytes(20), "length of 11"),
    "length 13": (struct.pack("<II", 6, 13) + bytes(20), "length of 13"),
    "length 2^31": (struct.pack("<II", 6, 1 << 31) + bytes(20), "length of 2147483648"),
    "length past the end": (struct.pack("<II", 6, 1 << 20) + bytes(20), "longer than the file"),
    "two lengths": (packet("<", 0, 0, b"abcd")[:-4] + struct.pack("<I", 40), "another at its end"),
    "a packet longer than its block": (block("<", 6, struct.pack("<IIIII", 0, 0, 0, 999, 999)), "packet of 999"),
    "a packet of 4 GB": (block("<", 6, struct.pack("<IIIII", 0, 0, 0, 0xFFFFFFFF, 999)), "packet of 4294967295"),
    "a short packet block": (block("<", 6, b"abcd"), "block type 6"),
    "a short interface": (block("<", 1, b"abcd"), "block type 1"),
    "short secrets": (block("<", 10, b"abcd"), "block type 10"),
    "no byte order": (b"\x0a\x0d\x0d\x0a\x1c\0\0\0abcd" + bytes(12), "byte-order"),
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("lost", [0, 1, 7])
def test_packets_before_and_after_a_bad_block_are_read(name: str, lost: int) -> None:
    """Also where the file lost bytes there, so that nothing stands at a multiple of four any more."""
    bad, why = BAD[name]
    start = section("<") + interface("<", 1) + packet("<", 0, 0, b"before")
    found, warnings = read(start + bad + b"\xaa" * lost + packet("<", 0, 0, b"after") + packet("<", 0, 5, b"end"))
    assert [data for _, _, data, _ in found] == [b"before", b"after", b"end"]
    assert len(warnings) == 1 if not lost else warnings
    assert any(why in warning for warning in warnings)
    assert all("block 4" in warning or "block 5" in warning for warning in warnings)


@pytest.mark.parametrize("size", range(1, 36))
def test_cut_inside_a_block(size: int) -> None:
    whole = section("<") + interface("<", 1) + packet("<", 0, 0, b"before")
    found, warnings = read(whole + packet("<", 0, 0, b"abc")[:size])
    assert [data for _, _, data, _ in found] == [b"before"]
    assert warnings == ["cut inside block 4: all before it was read"]


def test_captured_more_than_there_was() -> None:
    body = struct.pack("<IIIII", 0, 0, 0, 4, 2) + b"abcd"
    assert read(section("<") + interface("<", 1) + block("<", 6, body)) == ([(0, 1, b"abcd", 2)], [])


@pytest.mark.parametrize("order", ["<", ">"])
def test_secrets(order: str) -> None:
    """Those of TLS, in the order in which they stand; padding is none of them."""
    told: list[bytes] = []
    data = (
        section(order)
        + block(order, 10, struct.pack(order + "II", 0x544C534B, 5) + b"first")
        + block(order, 10, struct.pack(order + "II", 0x57474B4C, 5) + b"other")
        + block(order, 10, struct.pack(order + "II", 0x544C534B, 1 << 31) + b"rest")
    )
    assert list(packets(data[:4], io.BytesIO(data[4:]), print, told.append)) == []
    assert told == [b"first", b"rest"]


def test_times_as_far_as_they_go() -> None:
    """Resolutions of 2^-127 and 10^-127 seconds, and the largest offset."""
    offset = option("<", 14, struct.pack("<q", (1 << 63) - 1))
    start = section("<") + b"".join(
        interface("<", 1, option("<", 9, bytes([value])) + offset) for value in (0xFF, 0x7F, 0)
    )
    found, warnings = read(start + b"".join(packet("<", index, (1 << 64) - 1, b"") for index in range(3)))
    base = ((1 << 63) - 1) * 10**9
    assert [time for time, *_ in found] == [base, base, base + ((1 << 64) - 1) * 10**9]
    assert warnings == []


@pytest.mark.parametrize("filling", [b"\0", b"\x06\0\0\0", struct.pack("<II", 6, 1 << 20), packet("<", 9, 0, b"abcd")])
def test_time_is_linear(filling: bytes) -> None:
    start = section("<") + interface("<", 1) + packet("<", 0, 0, b"before")
    before = time.process_time()
    found, warnings = read(start + filling * (3_000_000 // len(filling)) + packet("<", 0, 0, b"after"))
    assert time.process_time() - before < 6
    assert [data for _, _, data, _ in found] == [b"before", b"after"]
    assert len(warnings) <= 2


@given(st.binary(max_size=100), st.booleans())
@settings(max_examples=100)
def test_any_bytes(data: bytes, headed: bool) -> None:
    read((section("<") + interface("<", 1) if headed else b"\x0a\x0d\x0d\x0a") + data)
