from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell.emulator.faults.line import changed, misread


@given(st.integers(0, 255), st.floats(0, 1, exclude_max=True))
def test_a_changed_byte_is_another(byte: int, chance: float) -> None:
    assert changed(byte, chance) in range(256)
    assert changed(byte, chance) != byte


@given(st.binary(max_size=50), st.integers(300, 115200))
def test_at_the_same_rate_all_is_read(data: bytes, rate: int) -> None:
    assert misread(data, rate, rate) == data


@pytest.mark.parametrize("ratio", [0.99, 1.01, 1.03, 0.97])
def test_a_clock_that_is_a_little_off_does_no_harm(ratio: float) -> None:
    """A UART stands up to half a bit in ten."""
    data = b"AT+CGMM\r\r\nMN316\r\n\r\nOK\r\n"
    assert misread(data, 9600, round(9600 * ratio)) == data


def test_bytes_of_a_slow_line() -> None:
    """Drawn by hand: at twice the rate each bit is two. U is 0 10101010 1, so 0 01100110 0 11001100 1 1 is read, the
    bits of a byte from the lowest on, a low stop bit as the next start bit."""
    assert misread(b"U", 4800, 9600) == bytes([0b01100110, 0b00110011])
    # 18 low samples: a start bit, eight low ones and a low stop bit, which is the next start bit, and eight more.
    assert misread(b"\x00", 4800, 9600) == b"\x00\x00"
    assert misread(b"\xff", 4800, 9600) == b"\xfe"
    assert len(misread(b"AT\r", 115200, 57600)) < 3


@given(st.binary(max_size=60), st.integers(300, 921600), st.integers(300, 921600))
def test_any_rates_come_to_an_end(data: bytes, written: int, read: int) -> None:
    assert len(misread(data, written, read)) <= 10 * (len(data) + 1) * max(1, read / written)
