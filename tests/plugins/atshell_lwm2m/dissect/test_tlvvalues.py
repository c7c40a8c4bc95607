"""A reader gives the resource that ``payload.decode`` gives, and nothing of which there is something to be told."""

from __future__ import annotations

import math
import struct

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from atshell_lwm2m.codec.contentformat import TLV
from atshell_lwm2m.codec.registry import entry_of
from atshell_lwm2m.codec.tlv import Kind, TlvRecord, encode_records
from atshell_lwm2m.dissect.layouts import Room
from atshell_lwm2m.dissect.tlvvalues import NotOfType, code, reader
from atshell_lwm2m.payload import decode

# A string, integers with limits and without, a time, floats without limits and with, a boolean, unsigned integers
# without and with, opaque bytes, an object link, and link format.
PATHS = (
    *("/3/0/0", "/3/0/9", "/4/0/8", "/3/0/13", "/3303/0/5700", "/3336/0/5705", "/1/0/6", "/1/0/13", "/0/0/13"),
    *("/0/0/3", "/0/0/17", "/25/0/3"),
)
NUMBERS = (
    *(0.0, -0.0, 1.5, 1e20, math.nextafter(1e20, math.inf), -1e20, 1e21, 2e-4, math.nextafter(2e-4, 0), 5e-324),
    *(math.inf, -math.inf, math.nan, 1e15, 1e16, 1e17, 2.0**53 + 2, 360.0, math.nextafter(360.0, 361), -1e-9),
)
TEXTS = (
    *(b"", b"Cel", b"a,b", b'"', b"\\", b"\0", b"abc\0", b"\x7f\x01", b"\xff", b"\xc3\xa9", b"\xed\xa0\x80", b"%s"),
    *(b"48656c6c6f", b"48656C6C6F20", b"3132333435", b"deadbeef", b"</3>;ver=1.1", b'"the value"', b"\xe2\x80\xa8"),
)
RAW = st.one_of(
    st.sampled_from(TEXTS),
    st.sampled_from([struct.pack(">d", number) for number in NUMBERS]),
    st.sampled_from([struct.pack(">f", number) for number in NUMBERS if not 1e38 < abs(number) < math.inf]),
    st.integers(-(1 << 31), (1 << 31) - 1).map(lambda number: struct.pack(">i", number)),
    st.sampled_from((100_000_000_000, 100_000_000_001, 10**12, -1)).map(lambda number: struct.pack(">q", number)),
    st.binary(max_size=9),
)


def _unpacked(path: str, raw: bytes) -> str | None:
    entry = entry_of(path)
    assert entry is not None
    try:
        read = reader(path, entry, len(raw), ("[", "]"), Room())
        (value,) = struct.unpack(f">{code(entry, len(raw))}", raw)
        assert read(value) == read(value)
        return read(value)
    except ValueError:
        return None


@given(st.sampled_from(PATHS), RAW)
@example("/3/0/9", b"\x65")
@example("/3/0/13", struct.pack(">q", 10**12))
@settings(max_examples=1500)
def test_as_without_a_reader(path: str, raw: bytes) -> None:
    text = _unpacked(path, raw)
    number = int(path.rpartition("/")[2])
    decoded = decode(encode_records([TlvRecord(Kind.RESOURCE, number, raw)]), TLV, path.rpartition("/")[0])
    if text is not None:
        assert not decoded.expert
        assert text.encode() == msgspec.json.encode(decoded.resources)


@pytest.mark.parametrize(
    ("path", "raw"),
    [
        ("/3/0/0", b'Acme, "Ltd"'),
        ("/3/0/9", b"\x64"),
        ("/4/0/8", b"\x05\xaa\x17\xa4"),
        ("/3/0/13", b"\x65\x53\xf8\xd8"),
        ("/3303/0/5700", struct.pack(">d", 21.5)),
        ("/3303/0/5700", struct.pack(">f", -0.0)),
        ("/1/0/6", b"\x01"),
    ],
)
def test_what_is_usual_is_read(path: str, raw: bytes) -> None:
    assert _unpacked(path, raw) is not None


def test_a_width_that_the_type_has_not() -> None:
    entry = entry_of("/3303/0/5700")
    assert entry is not None
    with pytest.raises(NotOfType):
        reader("/3303/0/5700", entry, 3, ("", ""), Room())
