from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atshell_lwm2m.codec.registry import ValueType
from atshell_lwm2m.codec.values import from_base64, from_bytes, from_number, from_text
from atshell_lwm2m.message import Message, Resource, to_json

KINDS: list[ValueType | None] = [
    *("string", "integer", "unsigned", "float", "boolean", "opaque", "time", "objlnk", "corelnk"),
    None,
]


@pytest.mark.parametrize(
    ("raw", "kind", "typed"),
    [
        ("61", "string", ("string", "a")),
        ("ff", "integer", ("integer", -1)),
        ("ff", "unsigned", ("unsigned", 255)),
        ("41b40000", "float", ("float", 22.5)),
        ("4036800000000000", "float", ("float", 22.5)),
        ("7fc00000", "float", ("float", "nan")),
        ("01", "boolean", ("boolean", True)),
        ("02", "boolean", ("integer", 2)),
        ("00010002", "objlnk", ("objlnk", "1:2")),
        ("00ff", "opaque", ("opaque", "00ff")),
        ("6b00a099", "time", ("time", 0x6B00A099)),
        ("010203", "integer", ("opaque", "010203")),
        ("6162", None, ("string", "ab")),
        ("05", None, ("integer", 5)),
        ("0102030405", None, ("opaque", "0102030405")),
        ("", None, ("string", "")),
    ],
)
def test_bytes(raw: str, kind: ValueType | None, typed: tuple[str, object]) -> None:
    assert from_bytes(bytes.fromhex(raw), kind) == typed


@pytest.mark.parametrize(
    ("text", "kind", "typed"),
    [
        ("300", "integer", ("integer", 300)),
        ("-5", "time", ("time", -5)),
        ("3x", "integer", ("string", "3x")),
        ("9" * 20, "integer", ("string", "9" * 20)),
        ("2.50", "float", ("float", 2.5)),
        ("1e999", "float", ("float", "inf")),
        ("1", "boolean", ("boolean", True)),
        ("AP8", "opaque", ("opaque", "00ff")),
        ("!", "opaque", ("string", "!")),
        ("3:0", "objlnk", ("objlnk", "3:0")),
        ("x\x1b[31m", "string", ("string", "x\x1b[31m")),
        ("abc", None, ("string", "abc")),
    ],
)
def test_text(text: str, kind: ValueType | None, typed: tuple[str, object]) -> None:
    assert from_text(text.encode(), kind) == typed


def test_numbers() -> None:
    assert from_number(5.0, "integer") == ("integer", 5)
    assert from_number(5, "float") == ("float", 5.0)
    assert from_number(5.5, "integer") == ("float", 5.5)
    assert from_number(math.inf, "float") == ("float", "inf")
    assert from_number(1 << 70, "integer") == ("string", str(1 << 70))
    assert from_number(1 << 70_000, None) == ("string", "(number out of range)")
    assert from_base64("_-8=") == "ffef"


@given(st.binary(max_size=40), st.sampled_from(KINDS))
@settings(max_examples=200)
def test_any_bytes_become_json(raw: bytes, kind: ValueType | None) -> None:
    for read in (from_bytes, from_text):
        type_, value = read(raw, kind)
        assert b'"value":null' not in to_json(Message(resources=[Resource("/1", None, type_, value)]))
