from __future__ import annotations

from pathlib import Path

import pytest

from atshell_lwm2m.capture import progress, reader

CAPTURES = Path(__file__).parent.parent / "captures"


def test_it_goes_up_to_the_end_over_all_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_EVERY", 10)
    files = [CAPTURES / "anjay_nosec_lwm2m10.pcap", CAPTURES / "aiocoap_udp.pcap"]
    parts: list[float] = []
    watched = progress.Progress(files, parts.append)
    for path in files:
        assert list(watched.batches(path, print, print)) == list(reader.batches(path, print))
    assert parts == sorted(parts)
    assert 0 < parts[0] <= 1
    assert parts[-1] == 1


def test_a_file_without_size() -> None:
    parts: list[float] = []
    watched = progress.Progress([Path("/dev/null")], parts.append)
    with pytest.raises(reader.CaptureError):
        list(watched.batches(Path("/dev/null"), print, print))
