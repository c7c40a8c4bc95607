"""What is packed, read by the project's decoders and by cbor2."""

from __future__ import annotations

import json

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell_lwm2m.endpoint.content import Content
from atshell_lwm2m.endpoint.pack import pack, pack_paths, text_of
from atshell_lwm2m.payload import decode

DEVICE = {
    (3, 0, 0): Content("string", "Open Mobile Alliance"),
    (3, 0, 9): Content("integer", 100),
    (3, 0, 6, 0): Content("integer", 1),
    (3, 0, 6, 1): Content("integer", 5),
}


def test_tlv_as_in_the_example_of_the_specification():
    """LwM2M 1.0 section 6.4.3.1, cut short."""
    assert pack(DEVICE, (3, 0), 11542).hex() == (
        "c80014" + b"Open Mobile Alliance".hex() + "c10964" + "8606" + "410001" + "410105"
    )
    # An object link: instance 1 of object 66.
    assert pack({(65, 0, 0): Content("objlnk", "66:1")}, (65, 0), 11542).hex() == "c40000420001"


def test_senml_json():
    assert json.loads(pack(DEVICE, (3, 0), 110)) == [
        {"n": "/3/0/0", "vs": "Open Mobile Alliance"},
        {"n": "/3/0/9", "v": 100},
        {"n": "/3/0/6/0", "v": 1},
        {"n": "/3/0/6/1", "v": 5},
    ]
    # RFC 8428 section 4.3: bytes are Base64 with the URL's alphabet, and no padding.
    values = {(19, 0, 0): Content("opaque", b"\xfb\xff\xfe\x01"), (1, 0, 10): Content("objlnk", "66:1")}
    assert json.loads(pack(values, (), 110)) == [{"n": "/19/0/0", "vd": "-__-AQ"}, {"n": "/1/0/10", "vlo": "66:1"}]


def test_senml_cbor_by_another_implementation():
    values = DEVICE | {(19, 0, 0): Content("opaque", b"\x00\xff"), (1, 0, 6): Content("boolean", True)}
    assert cbor2.loads(pack(values, (), 112)) == [
        {0: "/3/0/0", 3: "Open Mobile Alliance"},
        {0: "/3/0/9", 2: 100},
        {0: "/3/0/6/0", 2: 1},
        {0: "/3/0/6/1", 2: 5},
        {0: "/19/0/0", 8: b"\x00\xff"},
        {0: "/1/0/6", 4: True},
    ]
    assert cbor2.loads(pack_paths(["/3/0/9", "/4"], 112)) == [{0: "/3/0/9"}, {0: "/4"}]


def test_lwm2m_json():
    assert json.loads(pack(DEVICE, (3, 0), 11543)) == {
        "bn": "/3/0/",
        "e": [
            {"n": "0", "sv": "Open Mobile Alliance"},
            {"n": "9", "v": 100},
            {"n": "6/0", "v": 1},
            {"n": "6/1", "v": 5},
        ],
    }


@pytest.mark.parametrize(
    ("content", "form", "raw"),
    [
        (Content("string", "é"), 0, "é".encode()),
        (Content("integer", -7), 0, b"-7"),
        (Content("float", 20.5), 0, b"20.5"),
        (Content("boolean", True), 0, b"1"),
        (Content("opaque", b"\x00\xff"), 0, b"AP8="),
        (Content("objlnk", "66:1"), 0, b"66:1"),
        (Content("opaque", b"\x00\xff"), 42, b"\x00\xff"),
        (Content("unsigned", (1 << 64) - 1), 42, b"\xff" * 8),
        (Content("integer", 24), 60, b"\x18\x18"),
    ],
)
def test_single_values(content, form, raw):
    assert pack({(3, 0, 1): content}, (3, 0, 1), form) == raw


@pytest.mark.parametrize(
    ("values", "target", "form"),
    [
        (DEVICE, (3, 0), 0),
        (DEVICE, (3, 0), 42),
        (DEVICE, (3, 0), 40),
        ({(3303, 0, 5700): Content("float", float("nan"))}, (3303, 0, 5700), 110),
        ({(3303, 0, 5700): Content("float", float("inf"))}, (3303, 0, 5700), 112),
    ],
)
def test_what_a_format_cannot_hold(values, target, form):
    with pytest.raises(ValueError, match=r"\w"):
        pack(values, target, form)


@given(
    st.dictionaries(
        st.tuples(st.just(3), st.just(0), st.integers(0, 65534)),
        st.integers(-(1 << 63), (1 << 63) - 1).map(lambda number: Content("integer", number))
        | st.text(st.characters(exclude_categories=["Cs"]), min_size=1).map(lambda text: Content("string", text)),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from([110, 112, 11542, 11543]),
)
def test_whatever_is_written_can_be_read(values, form):
    decoded = decode(pack(values, (3, 0), form), form, "/3/0")
    assert decoded.error is None
    assert [one.path for one in decoded.resources] == [text_of(path) for path in values]
    if form in (110, 112):
        texts = {text_of(path): held.value for path, held in values.items() if held.kind == "string"}
        read = {one.path: one.value for one in decoded.resources}
        assert all(read[path] == text for path, text in texts.items() if path not in ("/3/0/22", "/3/0/7"))
