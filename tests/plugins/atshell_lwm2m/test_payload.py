from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atshell_lwm2m.codec.contentformat import NAMES
from atshell_lwm2m.payload import decode


@pytest.mark.parametrize(
    ("data", "content_format", "target", "values"),
    [
        ("c10964", 11542, "/3/0", [("/3/0/9", 100)]),
        ("c10964", 1542, "/3/0", [("/3/0/9", 100)]),
        ("313030", 0, "/3/0/9", [("/3/0/9", 100)]),
        ("313030", 0, "/3/0", []),
        ("00ff", 42, "/5/0/0", [("/5/0/0", "00ff")]),
        ("1864", 60, "/3/0/9", [("/3/0/9", 100)]),
        ("3c2f332f303e2c3c2f332f302f393e", 40, "/3/0", [("/3/0", None), ("/3/0/9", None)]),
        (b"<1/0>,</3/0/>".hex(), 40, "/", [("/1/0", None), ("/3/0", None)]),
        ("c10964", 65000, "/3/0", []),
        # no Content-Format
        ("c10964", None, "/3/0/9", [("/3/0/9", 100)]),
        ("c10864", None, "/3/0/9", [("/3/0/9", "c10864")]),
        ("313030", None, "/3/0/9", [("/3/0/9", 100)]),
        ("c10964", None, "/3/0", [("/3/0/9", 100)]),
        ("080003c10964", None, "/3", [("/3/0/9", 100)]),
        ("616263", None, "/3", []),
    ],
)
def test_by_format(data: str, content_format: int | None, target: str, values: list[tuple[str, object]]) -> None:
    decoded = decode(bytes.fromhex(data), content_format, target)
    assert [(one.path, one.value) for one in decoded.resources] == values
    assert bool(decoded.expert) is (content_format is None and bool(values))
    assert decoded.error is None


@pytest.mark.parametrize(
    ("data", "content_format", "error"),
    [
        ("c109", 11542, "TLV: a TLV length of 1 where 0 bytes are left at byte 0 of the payload"),
        ("61ff", 40, "link format: not UTF-8 at byte 1 of the payload"),
        ("5b", 110, "SenML JSON: no JSON at byte 0 of the payload"),
        ("19", 60, "CBOR: the data ends inside a CBOR head at byte 0 of the payload"),
    ],
)
def test_malformed(data: str, content_format: int, error: str) -> None:
    assert decode(bytes.fromhex(data), content_format, "/3/0/9").error == error


@given(
    st.binary(max_size=40),
    st.sampled_from([None, *NAMES]),
    st.sampled_from(["", "/", "/3", "/3/0", "/3/0/9", "/3/0/6/0"]),
)
@settings(max_examples=300)
def test_any_bytes(data: bytes, content_format: int | None, target: str) -> None:
    decode(data, content_format, target)
