from __future__ import annotations

import gzip
import io
import json
import os
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atshell.errors import AtshellError
from atshell_lwm2m.capture.errors import CaptureError
from atshell_lwm2m.capture.frames import UNKNOWN, addresses
from atshell_lwm2m.capture.reader import check, datagrams, packets
from atshell_lwm2m.capture.writer import PcapWriter

CAPTURES = Path(__file__).parent.parent / "captures"
GOLDENS = Path(__file__).parent / "goldens"
EXPECTED: dict[str, list[list[object]]] = json.loads((GOLDENS / "goldens.json").read_text())
# Where a dump tells no times, Wireshark counts microseconds from 1970; here they are not known. Nor are those of simple
# packets, for which it shows none.
for _captured in (_one for _name in EXPECTED for _one in EXPECTED[_name] if _name == "text_x.txt" or not _one[1]):
    _captured[1] = UNKNOWN


@pytest.mark.parametrize("name", EXPECTED)
@pytest.mark.parametrize("common", [True, False])
def test_as_tshark_reads_it(name: str, common: bool) -> None:
    """Frames, times, addresses and payloads of captures that other programs wrote."""
    warnings: list[str] = []
    found = datagrams(GOLDENS / name, warnings.append, common=common)
    assert [[frame, time, *addresses(key), data.hex()] for frame, time, key, data, _ in found] == EXPECTED[name]
    assert warnings == []


@pytest.mark.parametrize("name", EXPECTED)
def test_packets_have_the_same_numbers(name: str) -> None:
    numbered = dict(enumerate(packets(GOLDENS / name), 1))
    for frame, time, _, data, _ in datagrams(GOLDENS / name, print):
        assert numbered[frame][0] == time
        # Of several fragments the last to come is not always the last of the datagram.
        assert data[-5:] in numbered[frame][2] or "fragments" in name


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"GIF89a", "is no capture"),
        (b"\xd4\xc3", "is no capture"),
        (b"\x1f\x8b\x08", "is no capture"),
        (gzip.compress(b"hello world"), "is no capture"),
        (gzip.compress(gzip.compress(b"\xd4\xc3\xb2\xa1" + bytes(20))), "is no capture"),
        (b"hello world\n", "is no capture"),
    ],
)
def test_what_is_no_capture(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "x.pcap"
    path.write_bytes(content)
    with pytest.raises(CaptureError, match=says):
        check(path)
    check(path, growing=True)


def test_what_is_not_there(tmp_path: Path) -> None:
    for growing in (False, True):
        with pytest.raises(CaptureError, match="is not there"):
            check(tmp_path / "none.pcap", growing=growing)
    with pytest.raises(CaptureError, match="is a folder"):
        check(tmp_path)
    with pytest.raises(CaptureError, match="can't be read"):
        check(Path("a\0b"))


def test_a_cut_file_is_read_up_to_there() -> None:
    warnings: list[str] = []
    assert len(list(datagrams(CAPTURES / "cut_mid_record.pcap", warnings.append))) == 70
    assert warnings == ["cut_mid_record.pcap: cut inside record 71 (13 of 102 bytes): all before it was read"]


@pytest.mark.parametrize("name", ["comment.pcapng", "vlan.pcap", "text_x.txt"])
def test_packed(tmp_path: Path, name: str) -> None:
    path = tmp_path / "packed"
    path.write_bytes(gzip.compress((GOLDENS / name).read_bytes()))
    check(path)
    assert list(datagrams(path, print)) == list(datagrams(GOLDENS / name, print))
    assert list(packets(path)) == list(packets(GOLDENS / name))


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_pipe(tmp_path: Path, pack: type[bytes]) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    whole = pack((CAPTURES / "anjay_nosec_lwm2m10.pcap").read_bytes())
    writer = threading.Thread(target=path.write_bytes, args=(whole,))
    writer.start()
    check(path)
    assert len(list(datagrams(path, print))) == 164
    writer.join()


def test_standard_input() -> None:
    """``-``, read from where the system has it, not through Python's text layer."""
    check(Path("-"))
    reading, writing = os.pipe()
    before = os.dup(0)
    os.dup2(reading, 0)
    try:
        os.write(writing, (GOLDENS / "vlan.pcap").read_bytes())
        os.close(writing)
        assert list(datagrams(Path("-"), print)) == list(datagrams(GOLDENS / "vlan.pcap", print))
    finally:
        os.dup2(before, 0)
        os.close(before)
        os.close(reading)


def test_secrets() -> None:
    told: list[bytes] = []
    list(datagrams(GOLDENS / "secrets.pcapng", print, secrets=told.append))
    assert told == [(CAPTURES / "dtls" / "ecdhe_psk.keylog").read_bytes()]


def test_an_unknown_link_type_is_told_once(tmp_path: Path) -> None:
    path = tmp_path / "x.pcap"
    with PcapWriter(path) as writer:
        writer.write_udp(0, ("10.0.0.1", 1), ("10.0.0.2", 2), b"a")
        writer.write_udp(0, ("10.0.0.1", 1), ("10.0.0.2", 2), b"b")
    data = bytearray(path.read_bytes())
    data[20:22] = (65000).to_bytes(2, "little")
    path.write_bytes(data)
    warnings: list[str] = []
    assert list(datagrams(path, warnings.append)) == []
    assert warnings == ["x.pcap: link type 65000 is not known: its frames are left out"]


def _capture(frames: list[bytes]) -> bytes:
    buffer = io.BytesIO()
    PcapWriter(buffer)
    parts = [buffer.getvalue()]
    for number, frame in enumerate(frames):
        sizes = len(frame).to_bytes(4, "little") * 2
        parts.append((1_700_000_000 + number).to_bytes(4, "little") + bytes(4) + sizes + frame)
    return b"".join(parts)


def test_endless_fragments_of_a_capture(tmp_path: Path) -> None:
    """Nothing comes of them, and one warning."""
    frames = [
        bytes.fromhex("45000024") + number.to_bytes(2, "big") + b"\x20\0\x40\x11\0\0" + bytes(8) + bytes(16)
        for number in range(5000)
    ]
    path = tmp_path / "fragments.pcap"
    path.write_bytes(_capture(frames))
    warnings: list[str] = []
    assert list(datagrams(path, warnings.append)) == []
    assert warnings == [
        "fragments.pcap: frame 1: other IP fragments of the datagram are missing (and 4999 more like it)"
    ]


STARTS = [b"", *(path.read_bytes() for path in sorted(GOLDENS.glob("*.pcap*")) + sorted(GOLDENS.glob("*.txt")))]


@given(st.sampled_from(STARTS), st.integers(0, 2000), st.binary(max_size=200), st.integers(0, 2000))
@settings(max_examples=300, deadline=None)
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, start: bytes, kept: int, data: bytes, left: int) -> None:
    """Datagrams and few warnings, or the one error; and the fast way says what the other says."""
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(start[:kept] + data + start[kept + left :])
    read = []
    for common in (True, False):
        warnings: list[str] = []
        try:
            read.append((list(datagrams(path, warnings.append, common=common)), warnings))
        except AtshellError as error:
            read.append(([], [str(error)]))
        assert len(warnings) <= 10
    assert read[0] == read[1]
