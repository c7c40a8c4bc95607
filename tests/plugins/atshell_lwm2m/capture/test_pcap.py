from __future__ import annotations

import io
import struct
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atshell_lwm2m.capture.pcap import MAGICS, Packet, packets


def capture(order: str, magic: int, records: list[tuple[int, int, bytes]], padding: bytes = b"") -> bytes:
    parts = [struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 65535, 101)]
    for seconds, fraction, data in records:
        parts.append(struct.pack(order + "IIII", seconds, fraction, len(data), len(data)) + padding + data)
    return b"".join(parts)


def read(data: bytes) -> tuple[list[Packet], list[str]]:
    warnings: list[str] = []
    return list(packets(data[:4], io.BytesIO(data[4:]), warnings.append)), warnings


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(
    ("magic", "tick", "padding"),
    [(0xA1B2C3D4, 1000, b""), (0xA1B23C4D, 1, b""), (0xA1B2CD34, 1000, bytes(8))],
)
def test_orders_and_resolutions(order: str, magic: int, tick: int, padding: bytes) -> None:
    data = capture(order, magic, [(1_700_000_000, 123_456, b"abc"), (1, 2, b"")], padding)
    assert read(data) == (
        [(1_700_000_000_000_000_000 + 123_456 * tick, 101, b"abc", 3), (1_000_000_000 + 2 * tick, 101, b"", 0)],
        [],
    )


def test_cut_everywhere() -> None:
    whole = capture("<", 0xA1B2C3D4, [(1, 0, b"abc"), (2, 0, b"defg")])
    for size in range(4, len(whole)):
        found, warnings = read(whole[:size])
        ends = (24, 24 + 19)
        assert len(found) == sum(size >= end for end in (43, 63))
        assert bool(warnings) is (size not in ends), size


def test_a_length_that_can_not_be() -> None:
    found, warnings = read(capture("<", 0xA1B2C3D4, [(1, 0, b"abc")]) + struct.pack("<IIII", 2, 0, 1 << 31, 3) + b"abc")
    assert len(found) == 1
    assert warnings == [f"record 2 claims {1 << 31} bytes: all before it was read"]


GOOD = [(1_700_000_000 + number, number, bytes([number]) * (20 + number)) for number in range(6)]


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(("magic", "padding"), [(0xA1B2C3D4, b""), (0xA1B23C4D, b""), (0xA1B2CD34, bytes(8))])
@pytest.mark.parametrize("size", [0xFFFFFFFF, 1 << 31, 262_145, 5000])
@pytest.mark.parametrize("place", [0, 2, 4, 5])
def test_what_follows_a_bad_record_is_read(order: str, magic: int, padding: bytes, size: int, place: int) -> None:
    """A length of 4 GB, or one that is only a little too much, in each place."""
    whole = bytearray(capture(order, magic, GOOD, padding))
    header = 16 + len(padding)
    start = 24 + sum(header + len(data) for _, _, data in GOOD[:place])
    whole[start + 8 : start + 12] = struct.pack(order + "I", size)
    found, warnings = read(bytes(whole))
    expected = [data for number, (_, _, data) in enumerate(GOOD) if number != place]
    assert [packet[2] for packet in found] == expected
    assert len(warnings) == 1
    assert f"record {place + 1}" in warnings[0]
    assert ("left out" in warnings[0]) is (place < 5)


def test_bytes_that_were_lost() -> None:
    """The record whose bytes are missing swallows the head of the next one; what follows these is read."""
    whole = capture("<", 0xA1B2C3D4, GOOD)
    found, warnings = read(whole[:50] + whole[60:])
    assert [packet[2] for packet in found][-4:] == [data for _, _, data in GOOD[2:]]
    assert len(warnings) == 1


def test_a_capture_with_a_bad_record_that_is_cut() -> None:
    whole = bytearray(capture("<", 0xA1B2C3D4, GOOD))
    whole[32:36] = b"\xff\xff\xff\xff"
    found, warnings = read(bytes(whole[:-3]))
    assert [packet[2] for packet in found] == [data for _, _, data in GOOD[1:5]]
    assert warnings == [
        "cut inside record 6 (22 of 25 bytes): all before it was read",
        "record 1 claims 4294967295 bytes: it was left out",
    ]


def test_captured_more_than_there_was() -> None:
    head = capture("<", 0xA1B2C3D4, [])
    found, warnings = read(head + struct.pack("<IIII", 1, 0, 3, 2) + b"abc" + struct.pack("<IIII", 2, 0, 1, 1) + b"d")
    assert [packet[2:] for packet in found] == [(b"abc", 2), (b"d", 1)]
    assert warnings == []


@pytest.mark.parametrize("filling", [b"\0", b"\xff", struct.pack("<IIII", 1_700_000_000, 0, 0xFFFFFFFF, 9)])
def test_time_is_linear(filling: bytes) -> None:
    """Four megabytes of what is no record, and of what looks like it."""
    good = capture("<", 0xA1B2C3D4, GOOD)
    bad = struct.pack("<IIII", 1_700_000_000, 0, 0xFFFFFFFF, 9) + filling * (4_000_000 // len(filling))
    before = time.process_time()
    found, _ = read(good + bad + good[24:])
    assert time.process_time() - before < 6
    assert [packet[2] for packet in found] == [data for _, _, data in GOOD] * 2


@given(st.sampled_from(sorted(MAGICS)), st.binary(max_size=120))
@settings(max_examples=100)
def test_any_bytes(magic: bytes, data: bytes) -> None:
    read(magic + data)
