from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atshell_lwm2m.codec.cbor import decode
from atshell_lwm2m.codec.errors import Malformed


@pytest.mark.parametrize(
    ("data", "value"),
    [
        # RFC 8949 appendix A
        ("1903e8", 1000),
        ("1bffffffffffffffff", 18446744073709551615),
        ("3903e7", -1000),
        ("f93c00", 1.0),
        ("fa47c35000", 100000.0),
        ("fb3ff199999999999a", 1.1),
        ("f4", False),
        ("f6", None),
        ("4401020304", b"\x01\x02\x03\x04"),
        ("6449455446", "IETF"),
        ("8301820203820405", [1, [2, 3], [4, 5]]),
        ("a26161016162820203", {"a": 1, "b": [2, 3]}),
        ("5f42010243030405ff", b"\x01\x02\x03\x04\x05"),
        ("9f018202039f0405ffff", [1, [2, 3], [4, 5]]),
        ("bf61610161629f0203ffff", {"a": 1, "b": [2, 3]}),
        ("c11a514b67b0", 1363896240),
        ("c249010000000000000000", 18446744073709551616),
        ("c349010000000000000000", -18446744073709551617),
        ("c48221196ab3", 273.15),
        ("c5822003", 1.5),
        # What is none of these is what it is of.
        ("c482f900 0003", [0.0, 3]),
        ("c26161", "a"),
        ("c4821b7fffffffffffffff03", float("inf")),
        ("c5823b7fffffffffffffff03", 0.0),
        ("c5821b7fffffffffffffff22", float("-inf")),
        ("a1830300 09 185f", {(3, 0, 9): 95}),
    ],
)
def test_examples(data: str, value: object) -> None:
    assert decode(bytes.fromhex(data)) == value


@pytest.mark.parametrize(
    "data", ["", "19", "61", "0000", "fc", "1c", "9f01", "5f01ff", "81" * 40, "61ff", "9affffffff", "a1f601"]
)
def test_malformed(data: str) -> None:
    with pytest.raises(Malformed):
        decode(bytes.fromhex(data))


@given(st.binary(max_size=60))
@settings(max_examples=200)
def test_any_bytes(data: bytes) -> None:
    with suppress(Malformed):
        decode(data)


# What broke other decoders


@pytest.mark.parametrize(
    "head", [b"\x9a\xff\xff\xff\xff", b"\x9b" + b"\xff" * 8, b"\xba\xff\xff\xff\xff", b"\xbb" + b"\xff" * 8]
)
def test_four_billion_items_that_are_not_there(head: bytes) -> None:
    for rest in (b"", b"\x00" * 1000):
        with pytest.raises(Malformed, match="ends where a CBOR item should begin"):
            decode(head + rest)


@pytest.mark.parametrize("data", [b"\x5a\xff\xff\xff\xffx", b"\x7b" + b"\xff" * 8 + b"x"])
def test_strings_that_are_not_there(data: bytes) -> None:
    with pytest.raises(Malformed, match="bytes where 1 byte is left"):
        decode(data)


@pytest.mark.parametrize("opens", [b"\x81", b"\x9f", b"\xa1\x00", b"\xbf\x00", b"\xc1", b"\x5f", b"\x7f\x7f"])
def test_unterminated_and_deeply_nested(opens: bytes) -> None:
    with pytest.raises(Malformed):
        decode(opens * 10_000)
