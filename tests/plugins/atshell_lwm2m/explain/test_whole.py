"""Each mistake as firmware makes it. The bytes are made by hand, by cbor2 and by the standard library."""

from __future__ import annotations

import base64
import json

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell_lwm2m.codec.contentformat import LINK, LWM2M_CBOR, LWM2M_JSON, OLD_TLV, SENML_CBOR, SENML_JSON, TLV
from atshell_lwm2m.explain.cbors import text_labels
from atshell_lwm2m.explain.whole import MAX_SIZE, of_payload

TEMPERATURE = bytes.fromhex("e4164441bc0000")
PACK = json.dumps([{"n": "/3303/0/5700", "v": 23.5}]).encode()
SENSOR = "温度传感器".encode()


def mistake(data: bytes, content_format: int, target: str = "/3303/0") -> str | None:
    told = of_payload(data, content_format, target)
    return told.id if told else None


@pytest.mark.parametrize(
    ("data", "content_format", "expected"),
    [
        (TEMPERATURE.hex().encode(), TLV, "hex-as-text"),
        (TEMPERATURE.hex().upper().encode() + b"\r\n", TLV, "hex-as-text"),
        (b"0x" + TEMPERATURE.hex().encode(), OLD_TLV, "hex-as-text"),
        (PACK.hex().encode(), SENML_JSON, "hex-as-text"),
        (TEMPERATURE.hex().encode().hex().encode(), TLV, "hex-twice"),
        (base64.b64encode(TEMPERATURE), TLV, "base64-as-binary"),
        (base64.urlsafe_b64encode(cbor2.dumps([{0: "/3303/0/5700", 2: 23.5}])), SENML_CBOR, "base64-as-binary"),
        (PACK, TLV, "wrong-content-format"),
        (PACK, SENML_CBOR, "wrong-content-format"),
        (TEMPERATURE, SENML_JSON, "wrong-content-format"),
        (TEMPERATURE, SENML_CBOR, "wrong-content-format"),
        (cbor2.dumps([{0: "/3303/0/5700", 2: 23.5}]), SENML_JSON, "wrong-content-format"),
        (cbor2.dumps({3303: {0: {5700: 23.5}}}), SENML_CBOR, "wrong-content-format"),
        (b"</1/0>,</3/0>", TLV, "wrong-content-format"),
        (b'{"bn":"/3303/0/","e":[{"n":"5700","v":23.5}]}', SENML_JSON, "wrong-content-format"),
        (PACK.replace(b'"', b"'"), SENML_JSON, "json-single-quotes"),
        (PACK.replace(b"}]", b"},]"), SENML_JSON, "json-trailing-comma"),
        (PACK[1:-1], SENML_JSON, "senml-outside-list"),
        (PACK[:-3], SENML_JSON, "json-cut"),
        (PACK + b"\0", SENML_JSON, "trailing-zero"),
        (TEMPERATURE + b"\0", TLV, "trailing-zero"),
        (TEMPERATURE + b"\r\n", TLV, "payload-too-long"),
        (b"\xe4\x16\x44\x41\xbc", TLV, "payload-cut"),
        (b'{"n":"/3303/0/5700","v":23.5}', LWM2M_JSON, "senml-outside-list"),
        (b"</1/0>,</3/0>,\r\n", LINK, "link-comma"),
        (b"</1/0>;</3/0>", LINK, "link-separator"),
        (b"</1/0>\n</3/0>", LINK, "link-separator"),
        (b"</1/0>;ver=1.1,</3/", LINK, "link-cut"),
        (b"</1/0", LINK, "link-cut"),
        (b"1/0,3/0", LINK, None),
        (b"nonsense", TLV, None),
        (b"\xff\xff\xff", SENML_CBOR, None),
        (b"", TLV, None),
    ],
)
def test_each_mistake(data: bytes, content_format: int, expected: str | None) -> None:
    assert mistake(data, content_format) == expected


def test_lengths_in_digits() -> None:
    assert mistake(b"\xc8\x00\x0equectel", TLV, "/3/0") == "tlv-length-in-digits"


@pytest.mark.parametrize(
    "data",
    [
        b"\xc5\x00" + SENSOR,
        b"\xc1\x09\x32\xc5\x00" + SENSOR,
        b"\xc5\x00" + SENSOR + b"\xc4\x01abcd",
        b"\x08\x00\x07\xc5\x00" + SENSOR,
    ],
)
def test_lengths_in_characters(data: bytes) -> None:
    told = of_payload(data, TLV, "/3/0")
    assert told is not None
    assert told.id == "tlv-length-in-characters"
    assert "5 characters but 15 bytes" in told.text


def test_what_was_meant_is_shown() -> None:
    told = of_payload(TEMPERATURE.hex().encode(), TLV, "/3303/0")
    assert told is not None
    assert "its 7 bytes would be TLV (/3303/0/5700 = 23.5)" in told.text


def test_labels_of_senml_cbor() -> None:
    assert text_labels(cbor2.dumps([{0: "/3/0/9", 2: 55}])) is None
    assert text_labels(cbor2.dumps([{0: "/3/0/9", "vlo": "3:0"}])) is None
    assert text_labels(b"\xff") is None
    told = text_labels(cbor2.dumps([{"n": "/3/0/9", "v": 55}]))
    assert told is not None
    assert '("n", "v") where numbers belong (0, 2)' in told.text


@given(st.binary(max_size=60), st.sampled_from((TLV, SENML_JSON, SENML_CBOR, LWM2M_JSON, LWM2M_CBOR, LINK)))
def test_any_bytes(data: bytes, content_format: int) -> None:
    mistake(data, content_format)


def test_what_is_too_large_is_left_alone() -> None:
    assert mistake(b"00" * MAX_SIZE, TLV) is None
    assert mistake(b"\x08\x00\x00" * (MAX_SIZE // 4), TLV) is None


@pytest.mark.parametrize("width", [2, 3])
@pytest.mark.parametrize("before", [b"", TEMPERATURE])
def test_a_length_with_its_bytes_the_other_way_round(width: int, before: bytes) -> None:
    header = bytes((0xE0 | width << 3,)) + (5750).to_bytes(2, "big") + (300).to_bytes(width, "little")
    told = of_payload(before + header + b"a" * 300, TLV, "/3303/0")
    assert told is not None
    assert told.id == "tlv-length-byte-order"
    assert "it is 300" in told.text
    assert mistake(before + header + b"a" * 299, TLV) != "tlv-length-byte-order"
