from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell_onemo.emulator.values import (
    BOOL,
    FLOAT,
    HEX,
    INTEGER,
    OPAQUE,
    STRING,
    BadValue,
    from_plain,
    from_wire,
    to_plain,
    to_wire,
)


@pytest.mark.parametrize(
    ("kind", "text", "quoted", "wire", "plain"),
    [
        (STRING, "abcd", True, b"abcd", b"abcd"),
        (STRING, "\u6e29", True, b"\xe6\xb8\xa9", b"\xe6\xb8\xa9"),
        (OPAQUE, "E309C82FE6", True, b"\xe3\x09\xc8\x2f\xe6", b"\xe3\x09\xc8\x2f\xe6"),
        (HEX, "6162", False, b"ab", b"ab"),
        (INTEGER, "-12", True, b"\xf4", b"-12"),
        (INTEGER, "300", False, b"\x01\x2c", b"300"),
        (FLOAT, "50.5", False, b"\x42\x4a\x00\x00", b"50.5"),
        (BOOL, "0", True, b"\x00", b"0"),
        (BOOL, "true", False, b"\x01", b"1"),
    ],
)
def test_values_to_the_wire(kind, text, quoted, wire, plain):
    assert to_wire(kind, text, quoted) == wire
    assert to_plain(kind, wire) == plain


@pytest.mark.parametrize(
    ("kind", "text", "quoted"),
    [
        (STRING, "abcd", False),
        (OPAQUE, "abc", True),
        (HEX, "zz", True),
        (INTEGER, "1.5", False),
        (FLOAT, "x", False),
        (BOOL, "2", False),
        (INTEGER, "9999999999999999999", False),
        (FLOAT, "nan", False),
        (INTEGER, "", True),
    ],
)
def test_values_that_are_none(kind, text, quoted):
    with pytest.raises(BadValue):
        to_wire(kind, text, quoted)


@pytest.mark.parametrize(
    ("kind", "raw", "text"),
    [
        (INTEGER, b"\x07\x44", "1860"),
        (INTEGER, b"\x01\x02\x03", None),
        (FLOAT, bytes.fromhex("41c26666"), "24.3"),
        (FLOAT, bytes.fromhex("403f000000000000"), "31"),
        (FLOAT, bytes.fromhex("7f800000"), None),
        (FLOAT, b"\x01", None),
        (BOOL, b"\x01", "1"),
        (BOOL, b"\x02", None),
        (STRING, b"a\r\nOK", None),
        (OPAQUE, b"\xab\x01", "AB01"),
    ],
)
def test_values_from_the_wire(kind, raw, text):
    assert from_wire(kind, raw) == text


def test_plain_text_is_read_by_type():
    assert from_plain(INTEGER, b"12") == "12"
    assert from_plain(FLOAT, b"1.50") == "1.5"
    assert from_plain(BOOL, b"maybe") is None
    assert from_plain(HEX, b"ab") == "6162"


@given(st.integers(-(1 << 63), (1 << 63) - 1))
def test_integers_come_back(number):
    assert from_wire(INTEGER, to_wire(INTEGER, str(number), quoted=False)) == str(number)


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_short_floats_come_back(number):
    text = from_wire(FLOAT, to_wire(FLOAT, f"{number:.9e}", quoted=False))
    assert text is not None
    assert float(text) == pytest.approx(number, rel=1e-6)


@given(st.integers(1, 6), st.binary(max_size=20))
def test_any_bytes_are_shown_on_one_line(kind, raw):
    for reader in (from_wire, from_plain):
        text = reader(kind, raw)
        assert text is None or not any(char < " " for char in text)
