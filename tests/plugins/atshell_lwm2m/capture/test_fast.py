"""The fast reader says what the readers for everything say, warnings included, and skips only what it may."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atshell_lwm2m.capture import reader, records
from atshell_lwm2m.capture.fast import FORMS
from atshell_lwm2m.capture.frames import CapturedDatagram
from atshell_lwm2m.capture.glance import SKIPPED, WHAT, Skip
from atshell_lwm2m.capture.pcap import MAGICS
from atshell_lwm2m.capture.reader import datagrams

CAPTURES = sorted(path for kind in ("pcap", "pcapng") for path in (Path(__file__).parent.parent).rglob(f"*.{kind}"))
Read = tuple[list[CapturedDatagram], list[str]]
Handed = list[tuple[int, int, bytes, bytes]]
"""Frame, time, key and datagram."""
NEXT_GENERATION = {"<": b"ng<", ">": b"ng>"}
KINDS = [*MAGICS, *NEXT_GENERATION.values()]
"""Of files: by pcap's magic number, or pcapng in a byte order."""
KEY = bytes(range(8)) + struct.pack(">HH", 5683, 40000)


def read(path: Path, *, common: bool) -> Read:
    warnings: list[str] = []
    return list(datagrams(path, warnings.append, common=common)), warnings


def _frame(link_type: int, payload: bytes) -> bytes:
    packet = struct.pack(">BBHHHBBH", 0x45, 0, 28 + len(payload), 0, 0, 64, 17, 0) + KEY[:8]
    packet += KEY[8:] + struct.pack(">HH", 8 + len(payload), 0) + payload
    link = {1: bytes(12) + b"\x08\x00", 113: bytes(14) + b"\x08\x00", 101: b""}[link_type]
    return link + packet


def _block(order: str, kind: int, body: bytes) -> bytes:
    body += bytes(-len(body) % 4)
    size = struct.pack(order + "I", len(body) + 12)
    return struct.pack(order + "I", kind) + size + body + size


def _file(kind: bytes, link_type: int, frames: list[bytes]) -> bytes:
    """A frame a second."""
    if kind in MAGICS:
        order, _, size = MAGICS[kind]
        parts = [kind, struct.pack(order + "HHiIII", 2, 4, 0, 0, 65535, link_type)]
        for second, frame in enumerate(frames, 1):
            parts.append(struct.pack(order + "IIII", second, 7, len(frame), len(frame)).ljust(size, b"\0") + frame)
        return b"".join(parts)
    order = kind[2:].decode()
    parts = [_block(order, 0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1))]
    parts.append(_block(order, 1, struct.pack(order + "HHI", link_type, 0, 0)))
    for second, frame in enumerate(frames, 1):
        head = struct.pack(order + "IIIII", 0, 0, second * 1_000_000 + 7, len(frame), len(frame))
        parts.append(_block(order, 6, head + frame))
    return b"".join(parts)


def _sparse(path: Path, skip: Skip, monkeypatch: pytest.MonkeyPatch) -> tuple[Handed, list[str], set[bytes]]:
    """What is handed on, read in pieces of a few records; the warnings; and where something known was skipped."""
    monkeypatch.setattr(reader, "PIECE", 300)
    monkeypatch.setattr(records, "MOST", 120)
    warnings: list[str] = []
    found: Handed = []
    used: set[bytes] = set()
    for batch in reader.batches(path, warnings.append, skip=skip):
        found += [(one[0], one[1], one[4], one[7]) for one in batch]
        used |= skip.used
    return found, warnings, used


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.stem)
def test_every_recording(path: Path) -> None:
    assert read(path, common=True) == read(path, common=False)


FAULTS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 255)), max_size=3)
PAYLOADS = st.lists(st.tuples(st.binary(max_size=30), FAULTS))


def _faulty(kind: bytes, link_type: int, payloads: list[tuple[bytes, list[tuple[int, int]]]]) -> bytes:
    frames = []
    for payload, faults in payloads:
        frame = bytearray(_frame(link_type, payload))
        for at, value in faults:
            frame[at % len(frame)] = value
        frames.append(bytes(frame))
    return _file(kind, link_type, frames)


@given(
    st.sampled_from(sorted(FORMS)),
    st.sampled_from(KINDS),
    PAYLOADS,
    st.integers(0, 40),
    st.lists(st.tuples(st.integers(0, 1 << 16), st.integers(0, 255)), max_size=2),
    st.binary(max_size=20),
)
@settings(max_examples=300, deadline=None)
def test_faults(
    tmp_path_factory: pytest.TempPathFactory,
    link_type: int,
    kind: bytes,
    payloads: list[tuple[bytes, list[tuple[int, int]]]],
    cut: int,
    changes: list[tuple[int, int]],
    rest: bytes,
) -> None:
    """Whichever header bytes are wrong, wherever the file ends."""
    whole = bytearray(_faulty(kind, link_type, payloads))
    for at, value in changes:
        if len(whole) > 80:
            whole[80 + at % (len(whole) - 80)] = value
    path = tmp_path_factory.getbasetemp() / "faulty.pcap"
    path.write_bytes(whole[: max(24, len(whole) - cut)] + rest)
    assert read(path, common=True) == read(path, common=False)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("link_type", FORMS)
def test_what_is_skipped_is_counted_and_leaves_its_time(
    kind: bytes, link_type: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two GETs, a POST, a GET with the padding of Ethernet, a POST of which the bytes behind the token are known; ten
    times, for the last records of a file are read another way."""
    talk = [
        b"\x41\x01\0\x01a",
        b"\x41\x01\0\x02b",
        b"\x41\x02\0\x03cREST",
        b"\x41\x01\0\x04d",
        b"\x41\x02\0\x05eKNOWN",
    ]
    frames = [_frame(link_type, data) + (bytes(9) if number == 3 else b"") for number, data in enumerate(talk)]
    path = tmp_path / "some.pcap"
    path.write_bytes(_file(kind, link_type, frames * 10))
    skip = Skip()
    every, warnings, _ = _sparse(path, skip, monkeypatch)
    assert [one[3] for one in every] == talk * 10
    skip.keys[KEY] = {b"KNOWN"}
    found, again, used = _sparse(path, skip, monkeypatch)
    assert warnings == again == []
    if link_type == 101 and kind in (b"\xa1\xb2\xc3\xd4", b"\xa1\xb2\x3c\x4d", b"ng>"):
        # The two bytes in front of raw IP would have to be known: all of it is read.
        assert found == every
        return
    assert used == {KEY}
    tick = MAGICS[kind][1] if kind in MAGICS else 1000
    assert found[0] == (2, 2_000_000_000 + 7 * tick, b"", b"")
    assert found[1] == (3, 3_000_000_000 + 7 * tick, KEY, talk[2])
    assert sum(1 if key else frame for frame, _, key, _ in found) == 50
    handed = [one for one in found if one[2]]
    assert handed == [one for one in every if one in handed]
    assert len([one for one in handed if one[3] != talk[2]]) < 10


@given(st.sampled_from(sorted(FORMS)), st.sampled_from(KINDS), PAYLOADS, st.integers(0, 40))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_only_what_is_skipped_is_left_out(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    link_type: int,
    kind: bytes,
    payloads: list[tuple[bytes, list[tuple[int, int]]]],
    cut: int,
) -> None:
    payloads = [(b"\x41" + payload, faults) for payload, faults in payloads]
    whole = _faulty(kind, link_type, payloads)
    path = tmp_path_factory.getbasetemp() / "sparse.pcap"
    path.write_bytes(whole[: max(24, len(whole) - cut)])
    every, warnings = read(path, common=False)
    skip = Skip()
    skip.keys[KEY] = {b"known"}
    found, again, _ = _sparse(path, skip, monkeypatch)
    assert again == warnings
    handed = {frame: (time, key, data) for frame, time, key, data in found if key}
    for frame, time, key, data, missing in every:
        if frame in handed:
            assert handed.pop(frame) == (time, key, data)
        else:
            assert key == KEY
            assert missing or len(data) < 4 or WHAT[data[0] << 8 | data[1]] == SKIPPED
    assert not handed
    if not any(faults for _, faults in payloads):
        assert sum(1 if key else frame for frame, _, key, _ in found) == len(every)
