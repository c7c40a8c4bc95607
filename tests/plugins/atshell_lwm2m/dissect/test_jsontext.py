from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from atshell_lwm2m.codec.coap import read
from atshell_lwm2m.dissect.jsontext import HEADS, MAX_SHAPES, SHORT, THREE, Shapes, moment
from atshell_lwm2m.dissect.message import from_datagram, seconds
from atshell_lwm2m.message import Message, to_json


@given(
    st.one_of(
        st.integers(1, 1 << 64),
        st.integers(1_000_000_000_000_000, (1 << 32) * 1_000_000).map(lambda microseconds: microseconds * 1000),
        st.integers(1_000_000_000, 1 << 32).map(lambda whole: whole * 1_000_000_000),
        st.integers(1_000_000_000_000, (1 << 32) * 1000).map(lambda milliseconds: milliseconds * 1_000_000),
    )
)
@settings(max_examples=500)
def test_moments(time: int) -> None:
    assert to_json(Message(time=seconds(time))).decode() == f'{{"time":{moment(time)}}}'


def test_heads_of_valid_codes() -> None:
    assert HEADS[0x45] == ',"type":"CON","code":"2.05","mid":'
    assert HEADS[0x300] == ',"type":"RST","code":"0.00","mid":'
    assert HEADS[0x20] is None


def _shown(data: bytes) -> str:
    """The options' part of the line that a whole Message gives."""
    message = from_datagram(data, read(data))
    message.type = message.code = message.mid = message.payload = None
    return to_json(message).decode()[1:-1]


def _before_marker(raw: bytes) -> bytes:
    marker = raw.find(b"\xff")
    return raw if marker < 0 else raw[:marker]


@given(st.binary(max_size=20), st.binary(max_size=3))
@settings(max_examples=300)
def test_option_lists(raw: bytes, observe: bytes) -> None:
    shapes = Shapes()
    data = b"\x40\x01\0\1" + raw
    error = read(data)[-1]
    shape = shapes.learn_whole(_before_marker(raw))
    if shape is not None and error is None:
        assert shape.text.removeprefix(",") == _shown(data)
    data = b"\x40\x45\0\1" + bytes([0x60 | len(observe)]) + observe + raw
    error = read(data)[-1]
    shape = shapes.learn_behind_observe(_before_marker(raw))
    number = int.from_bytes(observe, "big")
    if shape is not None and error is None:
        text = f"{shape.text}{number}{shape.middle}{number}{shape.last}"
        assert text.removeprefix(",") == _shown(data)


def test_shapes_have_a_cap() -> None:
    shapes = Shapes()
    for number in range(MAX_SHAPES + 5):
        assert shapes.learn_whole(b"\xb4" + b"%04d" % number) is not None
    assert len(shapes.whole) <= MAX_SHAPES


@given(st.integers(1, 999), st.integers(0, 999))
def test_digits_of_a_fraction(low: int, high: int) -> None:
    assert float(f"0.{THREE[high]}{SHORT[low]}") == (high * 1000 + low) / 1_000_000
    assert not SHORT[low].endswith("0")
