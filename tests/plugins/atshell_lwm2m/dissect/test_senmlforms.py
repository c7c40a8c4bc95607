"""A form gives what reading the SenML gives, whatever the numbers."""

from __future__ import annotations

import json
import struct
from typing import TypeVar

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atshell_lwm2m.codec.contentformat import SENML_CBOR, SENML_JSON
from atshell_lwm2m.dissect.layouts import Room
from atshell_lwm2m.dissect.senmlforms import MAX_FORMS, CborForms, JsonForms
from atshell_lwm2m.payload import decode

T = TypeVar("T")
NUMBERS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(10**6), 10**6).map(lambda number: number / 1000),
    st.integers(-(1 << 40), 1 << 40),
)
NAMES = st.sampled_from(["/3303/0/5700", "/3/0/9", "/3/0/13", "/5/0/3", "x", "/3303/0/5701", ":1.5,"])
TEXTS = st.sampled_from(["Cel", ":1.5,", "730031501.0313", '"', ":2.25}", ""])


def general(data: bytes, content_format: int) -> str:
    decoded = decode(data, content_format, "")
    assert decoded.error is None
    assert not decoded.expert
    return f',"resources":{msgspec.json.encode(decoded.resources).decode()}'


def pack(names: list[str], values: list[float | int | str], extra: bool) -> list[dict[str, object]]:
    records: list[dict[str, object]] = []
    for name, value in zip(names, values, strict=False):
        record: dict[str, object] = {"n": name}
        record["vs" if isinstance(value, str) else "v"] = value
        if extra:
            record |= {"u": "Cel", "t": value if isinstance(value, float) else 1.25}
        records.append(record)
    return records


def series_of(values: st.SearchStrategy[T]) -> st.SearchStrategy[list[list[T]]]:
    return st.lists(st.lists(values, min_size=3, max_size=3), min_size=1, max_size=4)


@given(st.lists(NAMES, min_size=1, max_size=3), series_of(st.one_of(NUMBERS, TEXTS)), st.booleans())
@settings(max_examples=200)
def test_json(names: list[str], series: list[list[float | int | str]], extra: bool) -> None:
    forms = JsonForms()
    for values in series * 2:
        data = json.dumps(pack(names, values, extra), separators=(",", ":")).encode()
        text = forms.json(data)
        assert text is None or text == general(data, SENML_JSON)


def cbor(names: list[str], values: list[float]) -> bytes:
    parts = [bytes([0x80 + len(names)])]
    for name, value in zip(names, values, strict=False):
        parts.append(b"\xa2\x00" + bytes([0x60 + len(name)]) + name.encode() + b"\x02\xfb" + struct.pack(">d", value))
    return b"".join(parts)


@given(st.lists(NAMES, min_size=1, max_size=3), series_of(st.floats()))
@settings(max_examples=200)
def test_cbor(names: list[str], series: list[list[float]]) -> None:
    forms = CborForms(Room())
    for values in series * 2:
        data = cbor(names, values)
        text = forms[data]
        assert text is None or text == general(data, SENML_CBOR)


def test_what_is_usual_has_a_form() -> None:
    data = b'[{"bn":"/3303/0/","n":"5700","v":21.53,"u":"Cel"},{"n":"5601","v":-0.001}]'
    assert JsonForms().json(data) == general(data, SENML_JSON)
    data = cbor(["/3303/0/5700", "/3303/0/5601"], [21.53, -4.5])
    assert CborForms(Room())[data] == general(data, SENML_CBOR)


def test_whole_numbers_where_they_are_shown_as_they_are() -> None:
    for numbers in ((21.0, -4.0), (21.5, -4.0), (-1.0, 0.25)):
        data = cbor(["/3303/0/5700", "/3303/0/5601"], list(numbers))
        assert CborForms(Room())[data] == general(data, SENML_CBOR)
        data = b'[{"n":"/3303/0/5700","v":%s},{"n":"/5/0/99","v":%s}]' % tuple(str(one).encode() for one in numbers)
        assert JsonForms().json(data) == general(data, SENML_JSON)
    # Resources of integers without limits, and a time: theirs is shown without a point.
    for path in ("/4/0/8", "/3/0/13"):
        data = b'[{"n":"%s","v":21.0}]' % path.encode()
        assert '"value":21}' in general(data, SENML_JSON)
        assert JsonForms().json(data) is None
        assert CborForms(Room())[cbor([path], [21.0])] is None


@pytest.mark.parametrize("base", ["1e-05", "1e-12", "1e-19", "5e-324"])
def test_a_base_that_only_small_numbers_show(base: str) -> None:
    forms = JsonForms()
    for value in ("21.5", "0.0003", "-1.5"):
        data = b'[{"bt":%s,"bv":%s,"n":"/3303/0/5700","v":%s,"t":%s}]' % (*2 * (base.encode(),), *2 * (value.encode(),))
        text = forms.json(data)
        assert text is None or text == general(data, SENML_JSON)


@given(st.binary(max_size=40), st.integers(0, 39))
@settings(max_examples=200)
def test_any_bytes(data: bytes, at: int) -> None:
    for made in (data, data[:at] + b"\xfb" + data[at:], b'[{"v":1.5,' + data):
        for read, content_format in ((JsonForms().json, SENML_JSON), (CborForms(Room()).__getitem__, SENML_CBOR)):
            text = read(made)
            assert text is None or text == general(made, content_format)


def test_forms_have_a_cap() -> None:
    forms = JsonForms()
    for number in range(MAX_FORMS + 3):
        assert forms.json(b'[{"n":"/3303/%d/5700","v":1.5}]' % number) is not None
    assert len(forms._known) <= MAX_FORMS
