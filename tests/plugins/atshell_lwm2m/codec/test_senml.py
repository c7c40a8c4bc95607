from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atshell_lwm2m.codec.errors import Malformed
from atshell_lwm2m.codec.senml import decode_cbor, decode_json, decode_lwm2m_json
from atshell_lwm2m.message import Resource


def values(found: list[Resource]) -> list[tuple[str, object]]:
    return [(one.path, one.value) for one in found]


def test_senml_json() -> None:
    """LwM2M 1.1 core section 7.4.4, shortened."""
    data = (
        b'[{"bn":"/3/0/","n":"0","vs":"Open Mobile Alliance"},{"n":"6/0","v":1},{"n":"9","v":100},'
        b'{"n":"13","v":1367491215},'
        b'{"n":"20","vb":true},{"n":"22/0","vlo":"3:0"},{"n":"99","vd":"AP8"}]'
    )
    found = decode_json(data)
    assert values(found) == [
        ("/3/0/0", "Open Mobile Alliance"),
        ("/3/0/6/0", 1),
        ("/3/0/9", 100),
        ("/3/0/13", 1367491215),
        ("/3/0/20", True),
        ("/3/0/22/0", "3:0"),
        ("/3/0/99", "00ff"),
    ]
    assert [one.type for one in found][3:] == ["time", "boolean", "objlnk", "opaque"]


def test_paths_that_are_asked_for() -> None:
    assert values(decode_json(b'[{"n":"/3/0/0"},{"n":"/3/0/9"}]')) == [("/3/0/0", None), ("/3/0/9", None)]
    assert values(decode_json(b'[{"bn":"/3/0"}]')) == [("/3/0", None)]


def test_senml_cbor() -> None:
    data = bytes.fromhex("82 a3 21 65 2f332f302f 00 61 30 03 63 4f4d41 a2 00 61 39 02 18 64")
    assert values(decode_cbor(data)) == [("/3/0/0", "OMA"), ("/3/0/9", 100)]


def test_lwm2m_json() -> None:
    data = b'{"bn":"/3/0/","e":[{"n":"0","sv":"x"},{"n":"9","v":5},{"n":"20","bv":true}]}'
    assert values(decode_lwm2m_json(data, "/3/0")) == [("/3/0/0", "x"), ("/3/0/9", 5), ("/3/0/20", True)]
    assert values(decode_lwm2m_json(b'{"e":[{"n":"0","sv":"x"}]}', "/3/0")) == [("/3/0/0", "x")]
    assert values(decode_lwm2m_json(b'{"bn":"/3/0/9","e":[{"v":5}]}', "/3/0/9")) == [("/3/0/9", 5)]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[",
        b"5",
        b"{}",
        b"[5]",
        b'[{"n":5,"v":1}]',
        b'[{"n":"/x","v":1}]',
        b'[{"n":"/3/0/0","v":[1]}]',
        b"[" * 9999,
    ],
)
def test_malformed(data: bytes) -> None:
    for read in (decode_json, lambda raw: decode_lwm2m_json(raw, "/3")):
        with pytest.raises(Malformed):
            read(data)


def test_json_tells_the_place() -> None:
    with pytest.raises(Malformed) as caught:
        decode_json(b'[{"n":"/3/0/0" "v":1}]')
    assert caught.value.offset == 15


@given(st.binary(max_size=60))
@settings(max_examples=150)
def test_any_bytes(data: bytes) -> None:
    for read in (decode_json, decode_cbor, lambda raw: decode_lwm2m_json(raw, "/3/0")):
        with suppress(Malformed):
            read(data)


@pytest.mark.parametrize("data", [b'[{"vs":"\xff\xfe"}]', b'{"\x80":1}', b'["\xed\xa0\x80"]'])
def test_text_that_is_not_utf_8(data: bytes) -> None:
    with pytest.raises(Malformed):
        decode_json(data)
    with pytest.raises(Malformed):
        decode_lwm2m_json(data, "/3/0")
