from __future__ import annotations

import json

import pytest

from atshell_lwm2m.codec.tlv import decode
from atshell_onemo.emulator.model import Value
from atshell_onemo.emulator.payload import encode, supported
from atshell_onemo.emulator.values import BOOL, FLOAT, INTEGER, OPAQUE, STRING, to_wire

VALUES = [
    Value(0, 5750, STRING, b"abcd"),
    Value(0, 5501, INTEGER, to_wire(INTEGER, "-12", quoted=False)),
    Value(1, 5500, BOOL, b"\x01"),
    Value(1, 5700, FLOAT, to_wire(FLOAT, "1.5", quoted=False)),
    Value(1, 5705, OPAQUE, b"\x00\xff"),
]


def test_an_object_has_instances():
    body, content_format = encode(VALUES, (3200,))
    assert content_format == 11542
    assert [one.path for one in decode(body, "/3200")] == [
        "/3200/0/5750",
        "/3200/0/5501",
        "/3200/1/5500",
        "/3200/1/5700",
        "/3200/1/5705",
    ]


def test_an_instance_has_resources():
    """The bytes are those of LwM2M 1.0 section 6.4.3: type byte, two bytes of identifier, the value."""
    assert encode(VALUES[:1], (3200, 0)) == (b"\xe4\x16\x76abcd", 11542)
    assert encode(VALUES[:1], (3200, 0), 1542) == (b"\xe4\x16\x76abcd", 1542)


def test_one_value_can_stand_alone():
    assert encode(VALUES[1:2], (3200, 0, 5501), 0) == (b"-12", 0)
    assert encode(VALUES[4:], (3200, 1, 5705), 42) == (b"\x00\xff", 42)


def test_json():
    body, content_format = encode(VALUES, (3200,), 11543)
    assert content_format == 11543
    assert json.loads(body) == {
        "bn": "/3200/",
        "e": [
            {"n": "0/5750", "sv": "abcd"},
            {"n": "0/5501", "v": -12},
            {"n": "1/5500", "bv": True},
            {"n": "1/5700", "v": 1.5},
            {"n": "1/5705", "sv": "AP8="},
        ],
    }


@pytest.mark.parametrize(
    ("content_format", "depth", "answer"),
    [(None, 1, True), (11542, 2, True), (0, 3, True), (0, 2, False), (60, 3, False), (11543, 1, True)],
)
def test_what_a_read_can_ask_for(content_format, depth, answer):
    assert supported(content_format, depth) is answer
