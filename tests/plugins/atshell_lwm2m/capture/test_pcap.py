from __future__ import annotations

import io
import struct

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


@given(st.sampled_from(sorted(MAGICS)), st.binary(max_size=120))
@settings(max_examples=100)
def test_any_bytes(magic: bytes, data: bytes) -> None:
    read(magic + data)
