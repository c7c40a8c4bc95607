from __future__ import annotations

import math

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell_lwm2m.endpoint.cborout import encode

# RFC 8949 appendix A.
EXAMPLES = [
    (0, "00"),
    (23, "17"),
    (24, "1818"),
    (1000, "1903e8"),
    (1000000, "1a000f4240"),
    (18446744073709551615, "1bffffffffffffffff"),
    (-1, "20"),
    (-1000, "3903e7"),
    (0.0, "f90000"),
    (1.1, "fb3ff199999999999a"),
    (65504.0, "f97bff"),
    (100000.0, "fa47c35000"),
    (1.0e300, "fb7e37e43c8800759c"),
    (math.inf, "f97c00"),
    (math.nan, "f97e00"),
    (False, "f4"),
    (True, "f5"),
    (b"\x01\x02\x03\x04", "4401020304"),
    ("IETF", "6449455446"),
    ("水", "63e6b0b4"),
    ([1, [2, 3], [4, 5]], "8301820203820405"),
    ({1: 2, 3: 4}, "a201020304"),
    ({"a": 1, "b": [2, 3]}, "a26161016162820203"),
]


@pytest.mark.parametrize(("item", "raw"), EXAMPLES)
def test_the_examples_of_the_rfc(item, raw):
    assert encode(item).hex() == raw


def test_more_than_64_bits_are_refused():
    with pytest.raises(ValueError, match="64 bits"):
        encode(1 << 64)


@given(
    st.recursive(
        st.integers(-(1 << 63), (1 << 64) - 1) | st.booleans() | st.floats(allow_nan=False) | st.text() | st.binary(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.integers(-5, 9) | st.text(), inner, max_size=4),
        max_leaves=12,
    )
)
def test_another_implementation_reads_the_same(item):
    assert cbor2.loads(encode(item)) == item
