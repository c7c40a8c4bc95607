"""The fast reader says what the readers for everything say, warnings included."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atshell_lwm2m.capture.fast import FORMS, batches
from atshell_lwm2m.capture.frames import CapturedDatagram
from atshell_lwm2m.capture.pcap import MAGICS
from atshell_lwm2m.capture.reader import datagrams

CAPTURES = sorted((Path(__file__).parent.parent / "captures").glob("*.pcap"))
Read = tuple[list[CapturedDatagram], list[str]]


def read(path: Path, *, common: bool) -> Read:
    warnings: list[str] = []
    return list(datagrams(path, warnings.append, common=common)), warnings


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.stem)
def test_every_recording(path: Path) -> None:
    assert read(path, common=True) == read(path, common=False)


FAULTS = st.tuples(st.integers(0, 60), st.integers(0, 255))


def _frame(link_type: int, payload: bytes) -> bytes:
    packet = struct.pack(">BBHHHBBH", 0x45, 0, 28 + len(payload), 0, 0, 64, 17, 0) + bytes(range(8))
    packet += struct.pack(">HHHH", 5683, 40000, 8 + len(payload), 0) + payload
    link = {1: bytes(12) + b"\x08\x00", 113: bytes(14) + b"\x08\x00", 101: b""}[link_type]
    return link + packet


@given(
    st.sampled_from(sorted(FORMS)),
    st.sampled_from(sorted(MAGICS)),
    st.lists(
        st.tuples(st.binary(max_size=30), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 255)), max_size=3))
    ),
    st.integers(0, 40),
    st.binary(max_size=20),
)
@settings(max_examples=200, deadline=None)
def test_faulty_frames(
    tmp_path_factory: pytest.TempPathFactory,
    link_type: int,
    magic: bytes,
    frames: list[tuple[bytes, list[tuple[int, int]]]],
    cut: int,
    rest: bytes,
) -> None:
    """Whichever header bytes are wrong, wherever the file ends."""
    order, _, size = MAGICS[magic]
    parts = [magic, struct.pack(order + "HHiIII", 2, 4, 0, 0, 65535, link_type)]
    for number, (payload, faults) in enumerate(frames):
        frame = bytearray(_frame(link_type, payload))
        for at, value in faults:
            frame[at % len(frame)] = value
        head = struct.pack(order + "IIII", 1_700_000_000 + number, number, len(frame), len(frame))
        parts.append(head.ljust(size, b"\0") + frame)
    whole = b"".join(parts)
    path = tmp_path_factory.getbasetemp() / "faulty.pcap"
    path.write_bytes((whole[: max(24, len(whole) - cut)] if cut else whole) + rest)
    assert read(path, common=True) == read(path, common=False)


def test_a_record_larger_than_a_piece(tmp_path: Path) -> None:
    header = b"\xd4\xc3\xb2\xa1" + struct.pack("<HHiIII", 2, 4, 0, 0, 262144, 101)
    frames = [_frame(101, bytes(60_000)) for _ in range(12)]
    records = [struct.pack("<IIII", 1, n, len(frame), len(frame)) + frame for n, frame in enumerate(frames)]
    path = tmp_path / "large.pcap"
    path.write_bytes(header + b"".join(records) + struct.pack("<IIII", 1, 1, 1 << 30, 0))
    found, warnings = read(path, common=True)
    assert (found, warnings) == read(path, common=False)
    assert len(found) == 12
    assert warnings == ["large.pcap: record 13 claims 1073741824 bytes: all before it was read"]


def test_what_is_skipped_is_counted_and_leaves_its_time() -> None:
    """GET, GET, POST, GET, and a POST of which the bytes behind the token are known."""
    talk = [b"\x41\x01\0\x01a", b"\x41\x01\0\x02b", b"\x41\x02\0\x03cREST", b"\x41\x01\0\x04d", b"\x41\x02\0\x05eKNOWN"]
    file = b"".join(
        struct.pack("<IIII", second, 7, 28 + len(data), 28 + len(data)) + _frame(101, data)
        for second, data in enumerate(talk, 1)
    )
    key = bytes(range(8)) + struct.pack(">HH", 5683, 40000)

    def found(skip: dict[bytes, set[bytes]]) -> list[tuple[int, int, bytes, bytes]]:
        stream = io.BytesIO(file)
        read = batches(b"\xd4\xc3\xb2\xa1", stream, FORMS[101], lambda *_: None, lambda *_: (), skip=skip)
        return [(one[0], one[1], one[4], one[7]) for batch in read for one in batch]

    times = [second * 1_000_000_000 + 7_000 for second in range(1, 6)]
    assert [one[3] for one in found({})] == talk
    assert found({key: {b"KNOWN"}}) == [
        (2, times[1], b"", b""),
        (3, times[2], key, talk[2]),
        (2, times[4], b"", b""),
    ]
