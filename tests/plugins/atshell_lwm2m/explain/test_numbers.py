from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell_lwm2m.codec.registry import entry_of
from atshell_lwm2m.explain.numbers import is_usual, of_number, out_of_range

LEVEL, TEMPERATURE, FREE = "/3/0/9", "/3303/0/5700", "/3/0/10"
"""An integer from 0 to 100, a float, an integer without a range."""


def mistakes(path: str, raw: bytes) -> list[str]:
    entry = entry_of(path)
    assert entry is not None
    return [told.id for told in of_number(path, entry, raw)]


@pytest.mark.parametrize(
    ("path", "raw", "first"),
    [
        (LEVEL, b"55", "number-as-text"),
        (LEVEL, b"100", "number-as-text"),
        (LEVEL, b"55\0", "number-as-text"),
        (TEMPERATURE, b"23.5", "number-as-text"),
        (TEMPERATURE, b"-3.25", "number-as-text"),
        (LEVEL, b"\x64\0\0\0", "byte-order"),
        (LEVEL, b"\x64\0", "byte-order"),
        (TEMPERATURE, struct.pack("<f", 23.5), "byte-order"),
        (TEMPERATURE, struct.pack("<d", 21.75), "byte-order"),
        (LEVEL, struct.pack(">f", 55.5), "float-for-integer"),
        (FREE, struct.pack(">f", 23.5), "float-for-integer"),
        (FREE, struct.pack(">d", 23.5), "float-for-integer"),
        (TEMPERATURE, b"\x17", "integer-for-float"),
        (TEMPERATURE, b"\0\x17", "integer-for-float"),
        (TEMPERATURE, b"\0\0\0\x17", "integer-for-float"),
        (LEVEL, b"\0\0\x05", "value-width"),
        (LEVEL, b"", "value-width"),
        (TEMPERATURE, b"\xc0\xff\xee\xc0\xff\xee", "value-width"),
        (LEVEL, b"\x65", "out-of-range"),
        (LEVEL, b"\xff", "out-of-range"),
    ],
)
def test_the_likeliest_mistake(path: str, raw: bytes, first: str) -> None:
    assert mistakes(path, raw)[:1] == [first]


@given(st.integers(0, 100), st.sampled_from("bhiq"))
def test_an_integer_in_its_range_is_none(value: int, width: str) -> None:
    assert mistakes(LEVEL, struct.pack(f">{width}", value)) == []


@given(st.integers(-(10**6), 10**8))
def test_an_integer_without_a_range_is_none(value: int) -> None:
    assert mistakes(FREE, struct.pack(">i", value)) == []


@given(st.floats(-1e6, 1e6, width=32).filter(lambda one: one == 0 or abs(one) > 1e-3))
def test_a_measurement_is_none(value: float) -> None:
    assert mistakes(TEMPERATURE, struct.pack(">f", value)) == []
    assert mistakes(TEMPERATURE, struct.pack(">d", value)) == []


@pytest.mark.parametrize("value", [0, 1_795_203_739, 2**31 - 1])
def test_a_time_is_none(value: int) -> None:
    assert mistakes("/3/0/13", struct.pack(">i", value)) == []


@given(st.binary(max_size=12))
def test_any_bytes(raw: bytes) -> None:
    for path in (LEVEL, TEMPERATURE, FREE, "/3/0/13"):
        mistakes(path, raw)


def test_a_range_is_told_with_its_ends() -> None:
    entry = entry_of(LEVEL)
    assert entry is not None
    (told,) = out_of_range("Level", entry, 101)
    assert told.text.startswith("Level is 101, outside of its range 0 to 100")
    assert list(out_of_range("Level", entry, 100)) == []
    assert not is_usual(entry, "100")
