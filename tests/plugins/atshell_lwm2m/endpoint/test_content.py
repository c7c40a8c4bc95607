from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell_lwm2m.endpoint.content import read_value
from atshell_lwm2m.endpoint.pack import raw_value


@pytest.mark.parametrize(
    ("text", "path", "raw"),
    [
        ("abcd", "/3200/0/5750", b"abcd"),
        ("77", "/3200/0/5501", b"M"),
        ("true", "/3200/0/5500", b"\x01"),
        ("20.5", "/3303/0/5700", bytes.fromhex("41a40000")),
        ("34353637", "/19/1/0", b"4567"),
        ("hello", "/19/1/0", b"hello"),
        ('"34353637"', "/19/1/0", b"34353637"),
        ('"77"', "/3200/0/5501", b"77"),
        ("0x4f4b", "/3200/0/5750", b"OK"),
        ("0x", "/3200/0/5750", b""),
        ("0xzz", "/3200/0/5750", b"0xzz"),
        ("1700000000", "/3/0/13", bytes.fromhex("6553f100")),
        ("77", "/32769/0/1", b"77"),
        ("1:2", "/10252/0/10", b"1:2"),
        ("3:65535", "/1/0/10", b"\x00\x03\xff\xff"),
    ],
)
def test_values(text, path, raw):
    assert raw_value(read_value(text, path)) == raw


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("x", "/3200/0/5501"),
        ("maybe", "/3200/0/5500"),
        ("x", "/3303/0/5700"),
        ("9" * 5000, "/3200/0/5501"),
        ("9" * 20, "/3/0/13"),
        ("1:65536", "/1/0/10"),
    ],
)
def test_values_that_are_none(text, path):
    with pytest.raises(ValueError, match="no value of type"):
        read_value(text, path)


@given(st.text(max_size=20), st.sampled_from(["/3200/0/5501", "/3303/0/5700", "/3200/0/5500", "/19/0/0", "/3/0/22"]))
def test_any_text_is_a_value_or_malformed(text, path):
    with contextlib.suppress(ValueError):
        assert isinstance(raw_value(read_value(text, path)), bytes)
