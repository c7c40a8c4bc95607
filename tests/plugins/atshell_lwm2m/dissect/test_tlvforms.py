from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atshell_lwm2m.codec.contentformat import TLV
from atshell_lwm2m.codec.tlv import Kind, TlvRecord, encode_records, encode_value
from atshell_lwm2m.dissect.layouts import Room
from atshell_lwm2m.dissect.tlvforms import TlvForms
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


def _as_in_general(forms: TlvForms, data: bytes, target: str) -> None:
    text = forms[data]
    if text is not None:
        decoded = decode(data, TLV, target)
        assert (decoded.error, decoded.expert) == (None, [])
        assert text == _general(data, target)


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
    layouts = TlvForms(target, Room())
    for data in payloads * 2:
        text = layouts[data]
        assert text is None or text == _general(data, target)


@given(st.binary(max_size=24), st.sampled_from(["", "/", "/3", "/3/0", "/3303/0/5700", "/3/0/6/0"]))
@settings(max_examples=300)
def test_any_bytes(data: bytes, target: str) -> None:
    text = TlvForms(target, Room())[data]
    assert text is None or text == _general(data, target)


@pytest.mark.parametrize(
    "values",
    [(21.5, 20.25, "Cel"), (-1e-3, 1e15, "°C"), (21.1, 0.1, 'a,"b')],
)
def test_what_is_usual_has_a_layout(values: tuple[float, float, str]) -> None:
    layouts = TlvForms("/3303/0", Room())
    data = encode_records(
        TlvRecord(Kind.RESOURCE, number, encode_value(value))
        for number, value in zip((5700, 5601, 5701), values, strict=True)
    )
    assert layouts[data] == _general(data, "/3303/0")


def _long(text: bytes) -> bytes:
    values = {0: b"Acme", 9: b"\x60", 17: text}
    return encode_records(TlvRecord(Kind.RESOURCE, number, value) for number, value in values.items())


def test_a_long_text_at_the_end_is_of_any_length() -> None:
    forms = TlvForms("/3/0", Room())
    for size in range(200, 1200, 7):
        data = _long(b'a "b"' * size)
        assert forms[data] == _general(data, "/3/0")
    assert len(forms._known) <= 2
    """One for each width of the length."""


@given(st.binary(max_size=3), st.sampled_from(["a", "0", "é", "41a", "\n"]), st.integers(150, 600), st.integers(0, 12))
@settings(max_examples=200)
def test_damage_to_a_long_payload(other: bytes, text: str, size: int, at: int) -> None:
    data = _long(text.encode() * size)
    wrapped = encode_records([TlvRecord(Kind.OBJECT_INSTANCE, 0, children=(TlvRecord(Kind.RESOURCE, 17, data),))])
    for target in ("/3/0", "/3"):
        forms = TlvForms(target, Room())
        assert forms[_long(b"text " * 100)] is not None
        cut = data[: -len(other) - 1]
        for tried in (data, data[:at] + other + data[at:], data + other, cut, wrapped, wrapped + other):
            _as_in_general(forms, tried, target)


def test_a_long_text_in_an_instance_belongs_to_its_length() -> None:
    """The length of the instance, too, would have to change."""
    forms = TlvForms("/3", Room())
    found = []
    for size in (300, 301):
        text = TlvRecord(Kind.RESOURCE, 17, b"x" * size)
        found.append(encode_records([TlvRecord(Kind.OBJECT_INSTANCE, 0, children=(text,))]))
        assert forms[found[-1]] == _general(found[-1], "/3")
    # The header of the first one's instance, and the second one's text.
    assert forms[found[0][:4] + found[1][4:]] is None


def test_an_infinite_number_is_left_to_others() -> None:
    data = encode_records([TlvRecord(Kind.RESOURCE, 5700, encode_value(float("inf")))])
    assert TlvForms("/3303/0", Room())[data] is None
