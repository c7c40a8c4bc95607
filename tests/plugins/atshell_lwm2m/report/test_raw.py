from __future__ import annotations

from pathlib import Path

import pytest

from atshell_lwm2m.analyzer import messages
from atshell_lwm2m.message import Message
from atshell_lwm2m.report.raw import paired, rebuilt

CAPTURES = Path(__file__).parent.parent / "captures"


@pytest.mark.parametrize("path", sorted(CAPTURES.glob("*.pcap")), ids=lambda path: path.stem)
def test_what_is_rebuilt_is_what_was_captured(path: Path) -> None:
    """Every stack that was recorded encodes as short as it can."""
    found = list(paired(path, messages([path])))
    assert all(data is not None for _, data in found)
    for message, data in found:
        again = rebuilt(message)
        assert again == data or (message.transport == "dtls" and again is None)


def test_frames_that_are_not_there() -> None:
    path = CAPTURES / "anjay_nosec_lwm2m10.pcap"
    found = {one.frame: data for one, data in paired(path, [Message(2), Message(2), Message(9999)])}
    assert found[2] is not None
    assert found[9999] is None
    assert [data for _, data in paired(Path("/dev/null"), [Message(1)])] == [None]


def test_long_options() -> None:
    message = Message(type="CON", code="0.02", mid=1, payload="01")
    message.token = b"\xaa".hex()
    message.options = [(11, "Uri-Path", "x" * 300), (2049, "Option-2049", 0), (65000, "Option-65000", "00" * 20)]
    data = rebuilt(message)
    assert data is not None
    assert data.startswith(bytes.fromhex("41020001aabe001f" + "78" * 300))
    assert data.endswith(b"\xff\x01")
    assert rebuilt(Message()) is None
