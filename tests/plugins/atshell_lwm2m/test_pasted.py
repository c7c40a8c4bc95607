from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atshell.errors import AtshellError
from atshell_lwm2m.message import to_json
from atshell_lwm2m.pasted import KINDS, decode, decode_hex


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("44011234aabbccddb3666f6f", "coap"),
        ("6445 1234 aabbccdd c1 00 ff 35", "coap"),
        ("c500616e6a6179", "tlv"),
        ("0800 03 c10964".replace(" ", ""), "tlv"),
        (b'[{"n":"/3/0/9","v":1}]'.hex(), "senml-json"),
        (b'{"bn":"/3/0/","e":[{"n":"9","v":1}]}'.hex(), "lwm2m-json"),
        ("81a200662f332f302f390218 64".replace(" ", ""), "senml-cbor"),
        ("a103a100a1091864", "lwm2m-cbor"),
        (b"</1/0>,</3/0>".hex(), "link"),
        (b"hello".hex(), "text"),
        ("1864", "cbor"),
        ("ff00fe", "opaque"),
        ("", "text"),
    ],
)
def test_kinds_are_found_out(text: str, kind: str) -> None:
    message = decode_hex(text, None, None)
    assert (message.kind, message.error) == (kind, None)


def test_a_path_gives_names_and_types() -> None:
    (one,) = decode_hex("0x31 0x30:30", "text", "/3/0/9").resources
    assert (one.path, one.name, one.type, one.value, one.unit) == ("/3/0/9", "Battery Level", "integer", 100, "/100")
    (raw,) = decode_hex("64", "opaque", "/3/0/9").resources
    assert raw.value == 100


def test_coap_with_its_operation_and_values() -> None:
    message = decode_hex("40031234 b133 0130 0139 10 ff 3530", None, None)
    assert (message.operation, message.target) == ("Write", "/3/0/9")
    assert [(one.path, one.value) for one in message.resources] == [("/3/0/9", 50)]


@pytest.mark.parametrize(
    ("data", "path", "mistake"),
    [
        (b"e4164441a80000", "/3303/0", "hex-as-text"),
        (bytes.fromhex("c80002e6b8a9e5baa6"), "/3/0", "tlv-length-in-characters"),
        (b"[{'n':'/3/0/9','v':85}]", None, "json-single-quotes"),
        (b'{"bn":"/3/0/","e":[{"n":"9","v":85,}]}', None, "json-trailing-comma"),
        (b"hello", "/3/0", None),
        (b"20231114", None, None),
        ("温度".encode(), "/3/0", None),
        (b"[the end]", None, None),
        (b"e4164441a80000", "/19/0/0", None),
    ],
)
def test_the_mistake_is_named_without_a_kind(data: bytes, path: str | None, mistake: str | None) -> None:
    assert [note.id for note in decode(data, None, path).expert] == ([mistake] if mistake else [])


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("zz", "'z' is no hexadecimal digit at byte 0"),
        ("12 3g", "'g' is no hexadecimal digit at byte 1"),
        ("123", "an odd number of hexadecimal digits at byte 1"),
    ],
)
def test_what_is_not_hexadecimal(text: str, error: str) -> None:
    assert decode_hex(text, None, None).error == error


def test_what_is_malformed() -> None:
    assert decode_hex("c109", "tlv", "/3/0").error == "a TLV length of 1 where 0 bytes are left at byte 0"
    assert decode_hex("80", "coap", None).error is not None


def test_signaling_is_for_streams() -> None:
    assert [note.id for note in decode_hex("40e11234", "coap", None).expert] == ["signaling"]
    assert decode_hex("00e1", "coap-tcp", None).expert == []


def test_an_unknown_kind() -> None:
    with pytest.raises(AtshellError, match="is no kind of payload"):
        decode(b"", "xml", None)


def has_null(value: object) -> bool:
    """What is not known is absent, never null."""
    if isinstance(value, dict):
        return any(map(has_null, value.values()))
    return any(map(has_null, value)) if isinstance(value, list) else value is None


@given(st.binary(max_size=40), st.sampled_from([None, *KINDS]), st.sampled_from([None, "/3", "/3/0", "/3/0/9"]))
@settings(max_examples=300)
def test_any_bytes(data: bytes, kind: str | None, path: str | None) -> None:
    message = decode(data, kind, path)
    assert message.kind == (kind or message.kind)
    assert not has_null(json.loads(to_json(message)))
