from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell_lwm2m.explain.values import of_bytes, of_resource, of_text
from atshell_lwm2m.message import Resource

MAKER, LEVEL, ENABLED, DATA, TEMPERATURE = "/3/0/0", "/3/0/9", "/3/0/4", "/19/0/0", "/3303/0/5700"
SWITCH = "/3342/0/5500"
"""A boolean."""


@pytest.mark.parametrize(
    ("path", "raw", "mistake"),
    [
        (MAKER, b"quectel", None),
        (MAKER, b"869975030000461", None),
        (MAKER, b"20241120", None),
        (MAKER, b"4A5B6C7D", None),
        (MAKER, b"deadbeef", None),
        (MAKER, b"48656c6c6f", "hex-in-string"),
        (MAKER, b"quectel\0", "trailing-zero"),
        (DATA, b"\x00\x01\x02", None),
        (DATA, b"12345678", None),
        (DATA, b"hello", None),
        (DATA, b"48656C6C6F", "hex-in-opaque"),
        (SWITCH, b"\1", None),
        (SWITCH, b"1", "no-boolean"),
        (SWITCH, b"true", "no-boolean"),
        (SWITCH, b"\2", "no-boolean"),
        (SWITCH, b"\0\1", "value-width"),
        (LEVEL, b"55", "number-as-text"),
        ("/65000/0/1", b"55", None),
        ("/nonsense", b"55", None),
    ],
)
def test_bytes(path: str, raw: bytes, mistake: str | None) -> None:
    told = of_bytes(path, raw)
    assert (told.id if told else None) == mistake


@pytest.mark.parametrize(
    ("path", "text", "mistake"),
    [
        (TEMPERATURE, "23.5", None),
        (TEMPERATURE, "-7", None),
        (TEMPERATURE, "23,5", "number-with-extras"),
        (TEMPERATURE, '"23.5"', "number-with-extras"),
        (TEMPERATURE, "23.5 °C", "number-with-extras"),
        (TEMPERATURE, "23.5\r\n", "number-with-extras"),
        (TEMPERATURE, "0x17", "number-with-extras"),
        (TEMPERATURE, "warm", "text-for-number"),
        (LEVEL, "155", "out-of-range"),
        (LEVEL, "5.5", "float-for-integer"),
        (SWITCH, "on", "no-boolean"),
        (SWITCH, "1", None),
        (DATA, "aGVsbG8=", None),
        (DATA, "hello, world", "text-in-opaque"),
        (MAKER, "48656c6c6f", "hex-in-string"),
        ("/65000/0/1", "x", None),
    ],
)
def test_text(path: str, text: str, mistake: str | None) -> None:
    told = of_text(path, text.encode())
    assert (told.id if told else None) == mistake


@pytest.mark.parametrize(
    ("path", "kind", "value", "mistake"),
    [
        (LEVEL, "integer", 55, None),
        (LEVEL, "integer", 155, "out-of-range"),
        (LEVEL, "float", 55.5, "float-for-integer"),
        (LEVEL, "string", "55", "number-as-text"),
        (LEVEL, "string", "55%", "number-with-extras"),
        (LEVEL, "boolean", True, "boolean-for-number"),
        (LEVEL, "opaque", "0102", "bytes-for-value"),
        (TEMPERATURE, "float", 23.0, None),
        (TEMPERATURE, "string", "nan", "text-for-number"),
        (SWITCH, "boolean", False, None),
        (SWITCH, "integer", 1, "no-boolean"),
        (SWITCH, "string", "on", "no-boolean"),
        (MAKER, "integer", 7, "number-for-text"),
        (MAKER, "string", "quectel", None),
        (DATA, "opaque", "00", None),
        (DATA, "string", "no base64!", "text-in-opaque"),
        (MAKER, None, None, None),
        ("/65000/0/1", "string", "x", None),
    ],
)
def test_resources(path: str, kind: str | None, value: str | float | None, mistake: str | None) -> None:
    told = of_resource(Resource(path, None, kind, value))
    assert (told.id if told else None) == mistake


def test_long_texts_are_cut() -> None:
    told = of_resource(Resource(LEVEL, None, "string", "x" * 1000))
    assert told is not None
    assert len(told.text) < 200


@given(st.sampled_from((MAKER, LEVEL, ENABLED, DATA, TEMPERATURE, SWITCH, "/x/0/1")), st.binary(max_size=40))
def test_any_bytes(path: str, raw: bytes) -> None:
    of_bytes(path, raw)
    of_text(path, raw)


def test_keys_are_not_told() -> None:
    """A pre-shared key that was sent as text, or as hexadecimal."""
    told = [
        of_text("/0/0/5", b"my very secret key!"),
        of_resource(Resource("/0/0/5", None, "string", "my very secret key!")),
        of_bytes("/0/0/5", b"00112233445566778899aabbccddeeff"),
    ]
    texts = [one.text for one in told if one is not None]
    assert len(texts) == 3
    assert not any("secret key" in text or "5566" in text for text in texts)
