from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell_lwm2m.capture.frames import UNKNOWN
from atshell_lwm2m.capture.stamps import Stamps

SECOND = 1_000_000_000


def taken(*lines: bytes) -> tuple[bool | None, int]:
    stamps = Stamps()
    for line in lines:
        stamps.look(line)
    return stamps.taken()


@pytest.mark.parametrize(
    ("line", "time"),
    [
        (b"2023-11-14 22:13:20.5", 1_700_000_000_500_000_000),
        (b"2023-11-14T22:13:20,123456789Z and more", 1_700_000_000_123_456_789),
        (b"    1 2023-11-15 06:13:20.000000+08:00 10.0.0.1", 1_700_000_000 * SECOND),
        (b"2023-11-14T20:43:20-0130", 1_700_000_000 * SECOND),
        (b"    Epoch Time: 1700000000.25 seconds", 1_700_000_000_250_000_000),
        (b"1700000000.000001", 1_700_000_000_000_001_000),
        (
            b"22:13:20.5 IP 10.0.0.1.40000 > 10.0.0.2.5683: UDP, length 8",
            (22 * 3600 + 13 * 60 + 20) * SECOND + SECOND // 2,
        ),
        (b"    7 12.345678 10.0.0.1 -> 10.0.0.2 CoAP 60", 12_345_678_000),
        (b"9999-99-99 99:99:99", UNKNOWN),
        (b"2023-99-14 22:13:20+01:00", (22 * 3600 + 13 * 60 + 20) * SECOND),
        (b"2023-11-14 22:13:20+99:99", (22 * 3600 + 13 * 60 + 20) * SECOND),
        (b"nothing of that", UNKNOWN),
    ],
)
def test_times(line: bytes, time: int) -> None:
    assert taken(line) == (None, time)


def test_the_exact_time_wins() -> None:
    listed, details = b"    7 12.345678 10.0.0.1 -> 10.0.0.2", b"    Epoch Time: 1700000000.25 seconds"
    assert taken(listed, details, b"    Arrival Time: 2001-01-01 00:00:00") == (None, 1_700_000_000_250_000_000)


@pytest.mark.parametrize(("line", "outgoing"), [(b"I 22:13:20", False), (b"O", True), (b" o 1", True), (b"Oh", None)])
def test_directions(line: bytes, outgoing: bool | None) -> None:
    assert taken(line)[0] is outgoing


def test_without_a_time_a_microsecond_after_the_last_one() -> None:
    stamps = Stamps()
    assert stamps.taken() == (None, UNKNOWN)
    assert stamps.taken() == (None, UNKNOWN)
    stamps.look(b"O 2023-11-14 22:13:20")
    assert stamps.taken() == (True, 1_700_000_000 * SECOND)
    assert stamps.taken() == (None, 1_700_000_000 * SECOND + 1000)


@given(st.binary(max_size=60))
def test_any_bytes(line: bytes) -> None:
    assert taken(line)[1] >= -(1 << 60)
