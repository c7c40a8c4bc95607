from __future__ import annotations

import os
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from atshell_lwm2m.capture.growing import Growing
from atshell_lwm2m.capture.reader import datagrams

CAPTURES = Path(__file__).parent.parent / "captures"


class Turned:
    """What happens each time the reader has to wait; in the end it shall stop."""

    def __init__(self, *steps: Callable[[], object]) -> None:
        self.steps = list(steps)
        self.waits = 0

    def __call__(self) -> bool:
        self.waits += 1
        if not self.steps:
            return False
        self.steps.pop(0)()
        return True


def test_a_file(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"ab")

    def more(data: bytes) -> Callable[[], object]:
        def write() -> None:
            with path.open("ab") as file:
                file.write(data)

        return write

    turned = Turned(more(b"c"), lambda: None, more(b"defg"))
    with path.open("rb", 0) as file:
        growing = Growing(file.fileno(), turned)
        assert [growing.read1(3) for _ in range(5)] == [b"ab", b"c", b"def", b"g", b""]
    assert turned.waits == 4


def test_a_pipe() -> None:
    reading, writing = os.pipe()
    turned = Turned(lambda: os.write(writing, b"ab"), lambda: os.close(writing))
    growing = Growing(reading, turned)
    assert [growing.read1() for _ in range(2)] == [b"ab", b""]
    assert turned.waits == 2
    os.close(reading)


def test_a_capture_that_is_written_meanwhile(tmp_path: Path) -> None:
    """Record by record, then header and bytes apart: whole records are waited for, and each is given at once."""
    whole = (CAPTURES / "anjay_nosec_lwm2m10.pcap").read_bytes()
    expected = list(datagrams(CAPTURES / "anjay_nosec_lwm2m10.pcap", print))
    path = tmp_path / "growing.pcap"
    path.write_bytes(b"")
    places = [0, 3, 24, 30, *range(100, 3000, 37), len(whole)]

    def write(start: int, stop: int) -> Callable[[], object]:
        def append() -> None:
            with path.open("ab") as file:
                file.write(whole[start:stop])

        return append

    turned = Turned(*(write(start, stop) for start, stop in pairwise(places)))
    warnings: list[str] = []
    found = []
    written: list[int] = []
    for datagram in datagrams(path, warnings.append, going=turned):
        found.append(datagram)
        written.append(path.stat().st_size)
    assert found == expected
    assert warnings == []
    assert len(set(written)) > 5
    assert written[0] < 1000


def test_what_ends_inside_a_record(tmp_path: Path) -> None:
    path = tmp_path / "cut.pcap"
    path.write_bytes((CAPTURES / "anjay_nosec_lwm2m10.pcap").read_bytes()[:-3])
    warnings: list[str] = []
    assert len(list(datagrams(path, warnings.append, going=Turned()))) == 163
    assert len(warnings) == 1
