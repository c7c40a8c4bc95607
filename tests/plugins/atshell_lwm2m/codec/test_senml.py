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


def test_base_fields_hold_until_they_change() -> None:
    """RFC 8428 sections 4.1 and 4.6, with LwM2M names."""
    data = (
        b'[{"bn":"/3303/0/","bt":1320067464,"bu":"Cel","bv":20,"n":"5700","v":1.2},'
        b'{"n":"5601","t":10,"v":-1},{"n":"5602"},{"bn":"/3304/0/","bu":"%RH","bv":0,"n":"5700","t":-5,"v":60}]'
    )
    assert [(one.path, one.value, one.unit, one.time) for one in decode_json(data)] == [
        ("/3303/0/5700", 21.2, "Cel", 1320067464),
        ("/3303/0/5601", 19.0, "Cel", 1320067474),
        ("/3303/0/5602", 20.0, "Cel", 1320067464),
        ("/3304/0/5700", 60.0, "%RH", 1320067459),
    ]


def test_times() -> None:
    assert decode_json(b'[{"n":"/3/0/9","v":1,"t":-5}]')[0].time == -5
    assert decode_json(b'[{"n":"/3/0/9","v":1}]')[0].time is None
    assert decode_lwm2m_json(b'{"bt":25462634,"e":[{"n":"9","v":1,"t":-5}]}', "/3/0")[0].time == 25462629


def test_base_values_in_cbor() -> None:
    data = bytes.fromhex("81 a5 21 65 2f332f302f 22 1a4eaea4c8 24 0a 00 61 39 02 05")
    assert [(one.path, one.value, one.time) for one in decode_cbor(data)] == [("/3/0/9", 15, 1320068296)]


def test_what_is_removed() -> None:
    """RFC 8790 section 3.2.2."""
    assert values(decode_json(b'[{"n":"/3/0/14","vs":null},{"n":"/3/0/15","vs":"UTC"}]')) == [
        ("/3/0/14", None),
        ("/3/0/15", "UTC"),
    ]


@pytest.mark.parametrize(
    ("record", "what"),
    [
        (b'{"bver":11,"n":"/3/0/9","v":1}', "SenML version '11' is not known"),
        (b'{"bver":"x","n":"/3/0/9","v":1}', "SenML version"),
        (b'{"n":"/3/0/9","v":1,"secret_":1}', "'secret_' is to be understood"),
        (b'{"n":"/3/0/9","v":1,"bv":"x"}', '"bv" is a number'),
        (b'{"n":"/3/0/9","v":1,"t":"x"}', '"t" is a number'),
        (b'{"n":"/3/0/9","v":1,"bt":1e300}', '"t" is a number'),
    ],
)
def test_what_may_not_be_passed_over(record: bytes, what: str) -> None:
    with pytest.raises(Malformed, match=what):
        decode_json(b"[" + record + b"]")


# What broke other decoders


@pytest.mark.parametrize("opens", [b"[", b"[{", b'[{"n":', b'{"e":[', b'[{"v":[', b'{"a":' * 3, b'"'])
def test_unterminated_and_deeply_nested_json(opens: bytes) -> None:
    for data in (opens, opens * 10_000, opens * 10_000 + b"]" * 10_000):
        with pytest.raises(Malformed):
            decode_json(data)
        with pytest.raises(Malformed):
            decode_lwm2m_json(data, "/3")


@pytest.mark.parametrize("label", ["8100", "40", "820001"])
def test_labels_that_are_neither_number_nor_text(label: str) -> None:
    """A map's key may be a list, for the paths of LwM2M CBOR; here it may not."""
    with pytest.raises(Malformed):
        decode_cbor(bytes.fromhex(f"81a1{label}00"))


def test_a_long_unit_comes_shortened() -> None:
    """A base unit is repeated with every record."""
    (found,) = decode_json(b'[{"bu":"%b","n":"/3/0/9","v":1}]' % (b"u" * 10_000))
    assert found.unit == "u" * 64
