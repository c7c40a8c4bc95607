from __future__ import annotations

import io
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
        + block(order, 0x0BAD, b"unknown")
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
            (0, 1, b"hi", 2),
            (7000, 1, b"x", 1),
        ],
        [],
    )


def test_a_second_section_begins_anew() -> None:
    data = section("<") + interface("<", 1) + section(">") + interface(">", 101) + packet(">", 0, 1, b"a")
    assert [found[1] for found in read(data)[0]] == [101]


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (packet("<", 7, 0, b""), "interface 7"),
        (struct.pack("<II", 6, 13) + bytes(20), "length of 13"),
        (struct.pack("<II", 6, 0) + bytes(20), "length of 0"),
        (struct.pack("<II", 6, 1 << 30), "length of"),
        (block("<", 6, struct.pack("<IIIII", 0, 0, 0, 999, 999)), "packet of 999"),
        (block("<", 6, b"abcd"), "block type 6"),
        (b"\x0a\x0d\x0d\x0a\x1c\0\0\0abcd", "byte-order"),
        (packet("<", 0, 0, b"abc")[:-3], "cut inside block 4"),
        (b"\x06\0", "cut inside block 4"),
    ],
)
def test_what_stops_the_reading(bad: bytes, why: str) -> None:
    found, warnings = read(section("<") + interface("<", 1) + packet("<", 0, 0, b"ok") + bad)
    assert len(found) == 1
    assert len(warnings) == 1
    assert why in warnings[0]


@given(st.binary(max_size=100), st.booleans())
@settings(max_examples=100)
def test_any_bytes(data: bytes, headed: bool) -> None:
    read((section("<") + interface("<", 1) if headed else b"\x0a\x0d\x0d\x0a") + data)
