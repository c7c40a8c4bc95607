from __future__ import annotations

import json
import struct

import cbor2
from hypothesis import given
from hypothesis import strategies as st

from atshell_lwm2m import payload
from atshell_lwm2m.codec.contentformat import SENML_CBOR, SENML_JSON, TEXT, TLV
from atshell_lwm2m.explain.payloads import MAX_NOTES
from atshell_lwm2m.message import Expert

LEVELS, TEMPERATURES, NAMES = st.integers(0, 100), st.floats(-60, 200, width=32), st.text("abcdefghij -", max_size=20)


@given(LEVELS, NAMES)
def test_good_tlv_gives_no_note(level: int, name: str) -> None:
    data = bytes((0xC1, 9, level)) + bytes((0xC8, 0, len(name))) + name.encode()
    decoded = payload.decode(data, TLV, "/3/0")
    assert decoded.error is None
    assert decoded.expert == []


@given(TEMPERATURES.filter(lambda one: one == 0 or abs(one) > 1e-3))
def test_good_values_give_no_note(value: float) -> None:
    records = [{"n": "/3303/0/5700", "v": value}]
    labelled = [{0: "/3303/0/5700", 2: value}]
    assert payload.decode(json.dumps(records).encode(), SENML_JSON, "/3303/0").expert == []
    assert payload.decode(cbor2.dumps(labelled), SENML_CBOR, "/3303/0").expert == []
    assert payload.decode(b"\xe4\x16\x44" + struct.pack(">f", value), TLV, "/3303/0").expert == []
    assert payload.decode(f"{value:f}".encode(), TEXT, "/3303/0/5700").expert == []


def test_a_mistake_stands_beside_the_values() -> None:
    decoded = payload.decode(b"\xc2\x0955", TLV, "/3/0")
    assert [one.id for one in decoded.expert] == ["number-as-text"]
    assert [one.path for one in decoded.resources] == ["/3/0/9"]


def test_a_mistake_stands_beside_the_error() -> None:
    decoded = payload.decode(b"e4164441bc0000", TLV, "/3303/0")
    assert [one.id for one in decoded.expert] == ["hex-as-text"]
    assert decoded.error is not None
    assert decoded.resources == []


def test_many_mistakes_are_not_all_told() -> None:
    decoded = payload.decode(b"\xc2\x0955" * 50, TLV, "/3/0")
    assert len(decoded.resources) == 50
    assert len(decoded.expert) == MAX_NOTES + 1
    assert decoded.expert[-1] == Expert("note", "omitted", f"{50 - MAX_NOTES} more notes omitted")
