from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from atshell_lwm2m.capture.reader import CaptureError, check, datagrams
from atshell_lwm2m.capture.writer import PcapWriter

CAPTURES = Path(__file__).parent.parent / "captures"


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "is empty"), (b"GIF89a", "is no capture"), (b"\xd4\xc3", "is no capture"), (b"\x1f\x8b\x08", "gunzip")],
)
def test_what_is_no_capture(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "x.pcap"
    path.write_bytes(content)
    with pytest.raises(CaptureError, match=says):
        check(path)


def test_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CaptureError, match="is not there"):
        check(tmp_path / "none.pcap")
    with pytest.raises(CaptureError, match="is a folder"):
        check(tmp_path)
    with pytest.raises(CaptureError, match="can't be read"):
        check(Path("a\0b"))


def test_a_cut_file_is_read_up_to_there() -> None:
    warnings: list[str] = []
    assert len(list(datagrams(CAPTURES / "cut_mid_record.pcap", warnings.append))) == 70
    assert warnings == ["cut_mid_record.pcap: cut inside record 71 (13 of 102 bytes): all before it was read"]


def test_a_pipe(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    whole = (CAPTURES / "anjay_nosec_lwm2m10.pcap").read_bytes()
    writer = threading.Thread(target=path.write_bytes, args=(whole,))
    writer.start()
    check(path)
    assert len(list(datagrams(path, print))) == 164
    writer.join()


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
