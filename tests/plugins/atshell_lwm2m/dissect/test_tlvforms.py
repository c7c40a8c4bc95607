from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atshell_lwm2m.codec.contentformat import TLV
from atshell_lwm2m.codec.tlv import Kind, TlvRecord, encode_records, encode_value
from atshell_lwm2m.dissect.tlvforms import Layouts
from atshell_lwm2m.payload import decode

# Resources of every type: object 3 (string, integer, time, boolean by 6/1…), 3303 (float), 19 (opaque), 1 (boolean).
RESOURCES = {"/3/0": (0, 9, 13), "/3303/0": (5700, 5601, 5701), "/1/0": (0, 1, 6, 7), "/19/0": (0, 1, 2), "/31/0": (1,)}
VALUES = st.one_of(
    st.integers(-(1 << 63), (1 << 63) - 1),
    st.floats(),
    st.text(max_size=5),
    st.binary(max_size=9),
    st.booleans(),
    st.sampled_from(["a,b", '"', "null", "%s", ""]),
)


def _general(data: bytes, target: str) -> str:
    decoded = decode(data, TLV, target)
    assert decoded.error is None
    assert not decoded.expert
    return f',"resources":{msgspec.json.encode(decoded.resources).decode()}'


@st.composite
def _payloads(draw: st.DrawFn) -> tuple[str, list[bytes]]:
    """Payloads of one target: mostly the same resources, with other values."""
    target = draw(st.sampled_from(sorted(RESOURCES)))
    numbers = draw(st.lists(st.sampled_from(RESOURCES[target]), min_size=1, max_size=4))
    wrap = draw(st.booleans())
    found = []
    for _ in range(draw(st.integers(1, 6))):
        records = [TlvRecord(Kind.RESOURCE, number, encode_value(draw(VALUES))) for number in numbers]
        if wrap:
            records = [TlvRecord(Kind.OBJECT_INSTANCE, 0, children=tuple(records))]
        found.append(encode_records(records))
    return target, found


@given(_payloads())
@settings(max_examples=300)
def test_the_same_as_without_a_layout(given_: tuple[str, list[bytes]]) -> None:
    target, payloads = given_
    layouts = Layouts(target)
    for data in payloads * 2:
        text = layouts.json(data)
        assert text is None or text == _general(data, target)


@given(st.binary(max_size=24), st.sampled_from(["", "/", "/3", "/3/0", "/3303/0/5700", "/3/0/6/0"]))
@settings(max_examples=300)
def test_any_bytes(data: bytes, target: str) -> None:
    text = Layouts(target).json(data)
    assert text is None or text == _general(data, target)


@pytest.mark.parametrize(
    "values",
    [(21.5, 20.25, "Cel"), (-1e-3, 1e15, "°C"), (21.1, 0.1, 'a,"b')],
)
def test_what_is_usual_has_a_layout(values: tuple[float, float, str]) -> None:
    layouts = Layouts("/3303/0")
    data = encode_records(
        TlvRecord(Kind.RESOURCE, number, encode_value(value))
        for number, value in zip((5700, 5601, 5701), values, strict=True)
    )
    assert layouts.json(data) == _general(data, "/3303/0")


def test_an_infinite_number_is_left_to_others() -> None:
    data = encode_records([TlvRecord(Kind.RESOURCE, 5700, encode_value(float("inf")))])
    assert Layouts("/3303/0").json(data) is None
