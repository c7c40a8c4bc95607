"""What is special about pcapng's blocks; the rest is shown by test_fast."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from atshell_lwm2m.capture.blocks import Blocks
from atshell_lwm2m.capture.frames import CapturedDatagram
from atshell_lwm2m.capture.glance import Skip
from atshell_lwm2m.capture.reader import batches

ENHANCED = 6


def block(kind: int, body: bytes) -> bytes:
    body += bytes(-len(body) % 4)
    size = struct.pack("<I", len(body) + 12)
    return struct.pack("<I", kind) + size + body + size


def interface(link_type: int, options: bytes = b"") -> bytes:
    return block(1, struct.pack("<HHI", link_type, 0, 0) + options)


def option(code: int, value: bytes) -> bytes:
    return struct.pack("<HH", code, len(value)) + value + bytes(-len(value) % 4)


def packet(ticks: int, payload: bytes, index: int = 0, options: bytes = b"") -> bytes:
    frame = struct.pack(">BBHHHBBH", 0x45, 0, 28 + len(payload), 0, 0, 64, 17, 0) + bytes(range(8))
    frame += struct.pack(">HHHH", 5683, 40000, 8 + len(payload), 0) + payload
    head = struct.pack("<IIIII", index, ticks >> 32, ticks & 0xFFFFFFFF, len(frame), len(frame))
    return block(ENHANCED, head + frame + bytes(-len(frame) % 4) + options)


SECTION = block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
NAMES = block(4, struct.pack("<HH", 0, 0))
STATISTICS = block(5, struct.pack("<III", 0, 0, 0))
NANOSECONDS = option(9, b"\x09")
COMMENT = option(1, b"seen") + option(0, b"")
FILES = {
    "one interface": [interface(101), packet(1_500_007, b"a"), packet(3_000_000, b"bc"), STATISTICS],
    "nanoseconds": [interface(101, NANOSECONDS), packet(1_700_000_000_123_456_789, b"a")],
    "options": [interface(101), packet(1, b"abc", options=COMMENT), packet(2, b"")],
    "names first": [interface(101), NAMES, packet(1, b"a"), packet(2, b"b")],
    "names between": [interface(101), packet(1, b"a"), NAMES, packet(2, b"b"), packet(3, b"c")],
    "a second interface": [interface(101), packet(1, b"a"), interface(1), packet(2, b"b"), packet(3, b"c", 1)],
    "an interface that is not there": [interface(101), packet(1, b"a"), packet(2, b"b", 7), packet(3, b"c")],
    "another section": [interface(101), packet(1, b"a"), SECTION, interface(101, NANOSECONDS), packet(2, b"b")],
    "a clock that is behind": [interface(101, option(14, struct.pack("<q", 5))), packet(1, b"a")],
    "a clock of powers of two": [interface(101, option(9, b"\x8a")), packet(1536, b"a")],
    "another link type": [interface(12), packet(1, b"a")],
    "no interface": [packet(1, b"a")],
    "a journal": [interface(101), block(9, b"text"), packet(1, b"a")],
    "a length that can not be": [interface(101), packet(1, b"a"), struct.pack("<II", 6, 11), packet(2, b"b")],
    "cut": [interface(101), packet(1, b"a"), packet(2, b"b")[:-5]],
    "a block larger than a piece": [interface(101), packet(1, b"a", options=bytes(90_000)), packet(2, bytes(60_000))],
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("skip", [None, Skip()])
def test_as_the_reader_for_everything(name: str, skip: Skip | None, tmp_path: Path) -> None:
    path = tmp_path / "some.pcapng"
    path.write_bytes(SECTION + b"".join(FILES[name]))

    def read(*, common: bool) -> tuple[list[CapturedDatagram], list[str]]:
        warnings: list[str] = []
        found: list[CapturedDatagram] = []
        for batch in batches(path, warnings.append, common=common, skip=skip if common else None):
            found += [(frame, time, key, data, missing) for frame, time, _, _, key, _, _, data, missing in batch]
        return found, warnings

    assert read(common=True) == read(common=False)


@pytest.mark.parametrize("name", ["one interface", "nanoseconds", "options", "names first"])
def test_most_is_read_fast(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "some.pcapng"
    path.write_bytes(SECTION + b"".join(FILES[name]))
    count = 0
    read = Blocks.read

    def counted(self: Blocks, data: bytes) -> tuple[list[object], int, bool]:
        nonlocal count
        found, end, sound = read(self, data)
        count += len(found)
        return list(found), end, sound

    monkeypatch.setattr(Blocks, "read", counted)
    assert count == 0
    found = [one for batch in batches(path, lambda _: None) for one in batch]
    assert count == len(found) > 0
