"""Against the tables of 3GPP TS 24.008."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell_3gpp.emulator import timers


@pytest.mark.parametrize(
    ("bits", "seconds"),
    [
        ("00000000", 0),
        ("00000101", 10),
        ("00100100", 240),
        ("01000011", 18 * 60),
        ("01111111", 31 * 60),  # a unit that is not defined counts in minutes
        ("11100000", None),
    ],
)
def test_t3324(bits: str, seconds: float | None) -> None:
    assert timers.active_time(bits) == seconds


@pytest.mark.parametrize(
    ("bits", "seconds"),
    [
        ("00000110", 3600),
        ("00100100", 4 * 3600),
        ("01000011", 30 * 3600),
        ("01100101", 10),
        ("10000010", 60),
        ("10100001", 60),
        ("11000001", 320 * 3600),
        ("11111111", None),
        ("00000000", None),
    ],
)
def test_t3412(bits: str, seconds: float | None) -> None:
    assert timers.periodic_time(bits) == seconds


@pytest.mark.parametrize(
    ("bits", "narrow", "seconds"),
    [
        ("0000", False, 5.12),
        ("0000", True, 20.48),
        ("0010", True, 20.48),
        ("0100", False, 61.44),
        ("0101", True, 81.92),
        ("1101", True, 2621.44),
        ("1111", True, 10485.76),
    ],
)
def test_cycles(bits: str, narrow: bool, seconds: float) -> None:
    assert timers.cycle(bits, narrow=narrow) == pytest.approx(seconds)


def test_windows() -> None:
    assert timers.window("0011", narrow=True) == pytest.approx(10.24)
    assert timers.window("0011", narrow=False) == pytest.approx(5.12)


@given(st.integers(0, 255), st.booleans())
def test_all_bits_are_times(value: int, narrow: bool) -> None:
    bits = f"{value:08b}"
    assert (timers.active_time(bits) or 0) >= 0
    assert (timers.periodic_time(bits) or 1) > 0
    assert timers.cycle(bits[4:], narrow=narrow) > 0
