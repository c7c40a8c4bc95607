from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell.emulator.faults.values import (
    Unreadable,
    quoted,
    read_bytes,
    read_count,
    read_number,
    read_share,
    read_time,
    write_bytes,
    write_time,
)


@pytest.mark.parametrize(
    ("text", "seconds", "written"),
    [
        ("5s", 5, "5s"),
        ("5", 5, "5s"),
        ("200ms", 0.2, "200ms"),
        ("1.5S", 1.5, "1500ms"),
        ("90s", 90, "90s"),
        ("120s", 120, "2m"),
        ("0.5m", 30, "30s"),
        ("24h", 86400, "24h"),
        ("0", 0, "0s"),
    ],
)
def test_times(text: str, seconds: float, written: str) -> None:
    assert read_time(text) == seconds
    assert write_time(seconds) == written


@pytest.mark.parametrize("text", ["", "s", "-1s", "5 s", "1.2345s", "0.5ms", "5d", "٣s", "1e3", "9999999999s"])
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(Unreadable):
        read_time(text)


@given(st.integers(0, 10**12))
def test_a_time_is_read_back(milliseconds: int) -> None:
    written = write_time(milliseconds / 1000)
    if len(written.rstrip("hms")) <= 9:
        assert read_time(written) == milliseconds / 1000


def test_shares_and_numbers() -> None:
    assert [read_share(text) for text in ("30", "0.5", "100", "0.0001")] == [30, 0.5, 100, 0.0001]
    assert (read_number("0"), read_count("1")) == (0, 1)
    for read, text in [
        *((read_share, text) for text in ("0", "101", "", "1.23456", "-1", "nan")),
        *((read_number, text) for text in ("", "-1", "1e9", "9999999999")),
        (read_count, "0"),
    ]:
        with pytest.raises(Unreadable):
            read(text)


def test_bytes() -> None:
    assert read_bytes("rd") == b"rd"
    assert read_bytes("温") == "温".encode()
    assert read_bytes("0x00ff") == b"\x00\xff"
    assert write_bytes(b"rd") == '"rd"'
    assert write_bytes(b"\x00\xff") == "0x00ff"
    assert write_bytes(b"0x12") == "0x30783132"
    assert quoted('a"b\\') == '"a\\"b\\\\"'
    for text in ("", "0x", "0x1", "0xzz"):
        with pytest.raises(Unreadable):
            read_bytes(text)
