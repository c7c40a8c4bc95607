from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atshell_lwm2m.codec.errors import Malformed
from atshell_lwm2m.codec.tlv import Kind, TlvRecord, decode, encode_records, encode_value, last_length, parse_records
from atshell_lwm2m.message import Resource

values = st.binary(max_size=300)
identifiers = st.integers(0, 65535)
instances = st.builds(lambda i, v: TlvRecord(Kind.RESOURCE_INSTANCE, i, v), identifiers, values)
resources = st.one_of(
    st.builds(lambda i, v: TlvRecord(Kind.RESOURCE, i, v), identifiers, values),
    st.builds(
        lambda i, c: TlvRecord(Kind.MULTIPLE_RESOURCE, i, children=tuple(c)),
        identifiers,
        st.lists(instances, max_size=4),
    ),
)
objects = st.builds(
    lambda i, c: TlvRecord(Kind.OBJECT_INSTANCE, i, children=tuple(c)), identifiers, st.lists(resources, max_size=4)
)


def test_the_device_object_of_the_specification() -> None:
    """LwM2M 1.0 section 6.4.3.1, the first rows of the single object instance example."""
    data = bytes.fromhex("c800144f70656e204d6f62696c6520416c6c69616e6365860641000141010588070842000ed842011388c10964")
    assert [(one.path, one.name, one.type, one.value, one.unit) for one in decode(data, "/3/0")] == [
        ("/3/0/0", "Manufacturer", "string", "Open Mobile Alliance", None),
        ("/3/0/6/0", "Available Power Sources", "integer", 1, None),
        ("/3/0/6/1", "Available Power Sources", "integer", 5, None),
        ("/3/0/7/0", "Power Source Voltage", "integer", 3800, None),
        ("/3/0/7/1", "Power Source Voltage", "integer", 5000, None),
        ("/3/0/9", "Battery Level", "integer", 100, "/100"),
    ]


@pytest.mark.parametrize(
    ("data", "target", "path"),
    [
        ("c10964", "/3/0", "/3/0/9"),
        ("c10964", "/3/0/9", "/3/0/9"),
        ("c10964", "/3", "/3/0/9"),
        ("0802 03 c10964", "/3", "/3/2/9"),
        ("410005", "/3/0/6", "/3/0/6/0"),
        ("410005", "/3/0/6/0", "/3/0/6/0"),
        ("c10964", "", "/9"),
    ],
)
def test_where_a_value_belongs(data: str, target: str, path: str) -> None:
    assert [one.path for one in decode(bytes.fromhex(data), target)] == [path]


@pytest.mark.parametrize(
    ("data", "offset"),
    [
        ("c1", 0),
        ("c109", 0),
        ("c10964c1", 3),
        ("e116", 0),
        ("c8", 0),
        ("c80005", 0),
        ("0803c309", 0),
        ("080303410005", 3),
    ],
)
def test_what_is_malformed_is_told_with_its_place(data: str, offset: int) -> None:
    for read in (parse_records, lambda raw: decode(raw, "/3")):
        with pytest.raises(Malformed) as caught:
            read(bytes.fromhex(data))
        assert caught.value.offset == offset


@given(st.lists(st.one_of(objects, resources, instances), max_size=5))
@settings(max_examples=80)
def test_round_trip(records: list[TlvRecord]) -> None:
    assert parse_records(encode_records(records)) == records


@given(st.binary(max_size=200))
@settings(max_examples=200)
def test_any_bytes(data: bytes) -> None:
    """Both readers agree, on what is malformed too."""
    try:
        records = parse_records(data)
    except Malformed:
        with pytest.raises(Malformed):
            decode(data, "/3")
        return
    found = decode(data, "/3")
    assert all(isinstance(one, Resource) for one in found)
    assert len(found) == sum(map(leaves, records))


def leaves(record: TlvRecord) -> int:
    return sum(map(leaves, record.children)) if record.kind in (0, 2) else 1


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        ("é", "c3a9"),
        (b"\x00\xff", "00ff"),
        (True, "01"),
        (False, "00"),
        (127, "7f"),
        (128, "0080"),
        (-129, "ff7f"),
        (32768, "00008000"),
        (1 << 31, "0000000080000000"),
        (-(1 << 63), "8000000000000000"),
        (22.5, "41b40000"),
        (0.1, "3fb999999999999a"),
        (1e300, "7e37e43c8800759c"),
    ],
)
def test_values_are_as_short_as_they_can_be(value: str | int | float | bytes, encoded: str) -> None:
    assert encode_value(value).hex() == encoded


def test_an_integer_that_is_too_large() -> None:
    with pytest.raises(Malformed):
        encode_value(1 << 63)


def test_many_records_take_linear_time() -> None:
    assert len(decode(b"\xc0\x09" * 30_000, "/3/0")) == 30_000


# What broke other decoders


@pytest.mark.parametrize(
    "data",
    [
        b"\xc8\x00\xff" + b"x" * 10,
        b"\xd0\x00\xff\xff" + b"x" * 10,
        b"\xd8\x00\xff\xff\xff" + b"x" * 10,  # a length of 24 bits
        b"\xf8\xff\xff\xff\xff\xff",
        b"\x18\x00\x00\x00\x05\xd8\x00\xff\xff\xff",
    ],
)
def test_lengths_past_the_end(data: bytes) -> None:
    with pytest.raises(Malformed, match="bytes are left"):
        decode(data, "/3")


def test_a_length_of_24_bits() -> None:
    size = 1 << 16
    data = b"\xd8\x00" + size.to_bytes(3, "big") + b"x" * size
    (found,) = decode(data, "/3/0")
    assert found.value == "x" * size


@pytest.mark.parametrize("path", ["/3/0/9", "/3/0/13", "/3303/0/5700", "/3311/0/5850", "/3303/0/6050"])
def test_numbers_of_no_bytes(path: str) -> None:
    """No value, and no zero either."""
    resource = int(path.rpartition("/")[2])
    data = encode_records([TlvRecord(Kind.RESOURCE, resource)])
    (found,) = decode(data, path)
    assert found.value == ""


@pytest.mark.parametrize(("size", "width"), [(7, 0), (8, 1), (255, 1), (256, 2), (65_536, 3)])
def test_how_many_bytes_the_last_length_has(size: int, width: int) -> None:
    last = TlvRecord(Kind.RESOURCE, 300, b"x" * size)
    before = TlvRecord(Kind.MULTIPLE_RESOURCE, 1, children=(TlvRecord(Kind.RESOURCE_INSTANCE, 0, b"y" * 300),))
    assert last_length(encode_records([before, last])) == width
    assert last_length(encode_records([TlvRecord(Kind.OBJECT_INSTANCE, 0, children=(last,))])) == 0
    assert last_length(b"") == 0


def test_ten_thousand_nested_instances() -> None:
    """The tree is never deeper than three, whatever the lengths say."""
    inner = b""
    for _ in range(100):
        inner = b"\x10\x00" + len(inner).to_bytes(2, "big") + inner
    with pytest.raises(Malformed, match="may not stand here"):
        decode(inner, "/3")
    flat = b"\x08\x00\x03\xc1\x09\x64" * 10_000
    assert len(decode(flat, "/3")) == 10_000
