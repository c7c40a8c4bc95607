"""Listening, with a ``dumpcap`` that the test writes: the real one needs rights."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from atshell_lwm2m.capture.errors import CaptureError
from atshell_lwm2m.capture.frames import CapturedDatagram
from atshell_lwm2m.capture.live import listened
from atshell_lwm2m.capture.reader import datagrams, packets

FEW = Path(__file__).parent / "goldens" / "comment.pcapng"


def dumpcap(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder / "dumpcap"
    path.write_text(f"#!{sys.executable}\nimport sys, time\n{script}\n")
    path.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def test_what_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file in pieces, then silence, until it is said that this is enough."""
    script = f"""\
assert sys.argv[1:] == ["-q", "-i", "wwan0", "-w", "-"], sys.argv
data = open({str(FEW)!r}, "rb").read()
for at in range(0, len(data), 100):
    sys.stdout.buffer.write(data[at:at + 100])
    sys.stdout.flush()
time.sleep(600)"""
    dumpcap(tmp_path, script, monkeypatch)
    expected = list(datagrams(FEW, print))
    found: list[CapturedDatagram] = []

    def going() -> bool:
        return len(found) < len(expected)

    found.extend(datagrams(Path("wwan0"), print, live=True, going=going))
    assert found == expected


def test_what_the_program_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The words are dumpcap's."""
    for said, expected in (
        (
            "dumpcap: cap_set_proc() fail return: Operation not permitted\\nCapturing on 'lo'\\n"
            'dumpcap: You do not have permission to capture on device \\"lo\\".\\n(socket: Operation not permitted)',
            r"lo can't be listened to \(You do not have permission .*\): run it as root, or let your user capture",
        ),
        (
            'dumpcap: There is no device named \\"lo\\".',
            r"lo can't be listened to \(There is no device named \"lo\"\): `ip link` and",
        ),
        ("", r"lo can't be listened to \(it ended with 1\): `ip link` and"),
    ):
        dumpcap(tmp_path, f'sys.stderr.write("{said}"); sys.exit(1)', monkeypatch)
        with pytest.raises(CaptureError, match=expected):
            list(datagrams(Path("lo"), print, live=True, going=lambda: True))


@pytest.mark.parametrize("name", ["", "-", "-w"])
def test_what_is_no_name(name: str) -> None:
    with ExitStack() as closing, pytest.raises(CaptureError, match="is no interface"):
        next(listened(name, lambda: False, print, closing))


def test_without_a_program_it_is_scapy(monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes out of the loopback interface comes in too, and is one frame."""
    from scapy.config import conf
    from scapy.layers.l2 import Ether

    passed = [(data, time) for _, time, data in _frames() for _ in range(2)]

    class Socket:
        closed = False

        def __init__(self, iface: str) -> None:
            assert iface == conf.loopback_name

        def select(self, sockets: list[object], _remain: float) -> list[object]:
            return sockets if passed else []

        def recv_raw(self) -> tuple[object, bytes | None, float | None]:
            data, time = passed.pop(0)
            return Ether, data, time

        def close(self) -> None:
            Socket.closed = True

    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(conf, "L2listen", Socket)
    going = iter([True, False])
    with ExitStack() as closing:
        found = list(listened(conf.loopback_name, lambda: next(going), print, closing))
    assert found == [(int(time * 10**9), 1, data, len(data)) for _, time, data in _frames()]
    assert Socket.closed


def _frames() -> list[tuple[int, float, bytes]]:
    return [(number, time / 10**9, data) for number, (time, _, data, _) in enumerate(packets(FEW.parent / "vlan.pcap"))]


def test_without_a_program_and_without_the_interface(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with ExitStack() as closing, pytest.raises(CaptureError, match="nosuch0 can't be listened to"):
        next(listened("nosuch0", lambda: False, print, closing))


def test_without_rights(monkeypatch: pytest.MonkeyPatch) -> None:
    from scapy.config import conf

    def refused(iface: str) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(conf, "L2listen", refused)
    with (
        ExitStack() as closing,
        pytest.raises(CaptureError, match=r"lo can't .*Operation not permitted\): run it as root"),
    ):
        next(listened("lo", lambda: False, print, closing))
