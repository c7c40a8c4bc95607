"""What is special about pcap's records; the rest is shown by test_fast."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from atshell_lwm2m.capture.frames import CapturedDatagram
from atshell_lwm2m.capture.glance import Skip
from atshell_lwm2m.capture.reader import batches, datagrams

HEADER = b"\xd4\xc3\xb2\xa1" + struct.pack("<HHiIII", 2, 4, 0, 0, 262144, 101)


def _record(number: int, payload: bytes) -> bytes:
    packet = struct.pack(">BBHHHBBH", 0x45, 0, 28 + len(payload), 0, 0, 64, 17, 0) + bytes(range(8))
    packet += struct.pack(">HHHH", 5683, 40000, 8 + len(payload), 0) + payload
    return struct.pack("<IIII", 1, number, len(packet), len(packet)) + packet


@pytest.mark.parametrize("skip", [None, Skip()])
def test_a_record_larger_than_a_piece(tmp_path: Path, skip: Skip | None) -> None:
    path = tmp_path / "large.pcap"
    records = [_record(number, bytes(60_000)) for number in range(12)]
    path.write_bytes(HEADER + b"".join(records) + struct.pack("<IIII", 1, 1, 1 << 30, 0))
    warnings: list[str] = []
    found: list[CapturedDatagram] = []
    for batch in batches(path, warnings.append, skip=skip):
        found += [(frame, time, key, data, missing) for frame, time, _, _, key, _, _, data, missing in batch]
    assert found == list(datagrams(path, lambda _: None, common=False))
    assert len(found) == 12
    assert warnings == ["large.pcap: record 13 claims 1073741824 bytes: all before it was read"]
