from __future__ import annotations

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell_lwm2m.codec.contentformat import LWM2M_CBOR, SENML_CBOR
from atshell_lwm2m.explain.cbors import text_keys, text_labels
from atshell_lwm2m.explain.whole import of_payload


def test_text_labels() -> None:
    told = text_labels(cbor2.dumps([{"bn": "/3/0/", "n": "9", "v": 55}]))
    assert told is not None
    assert told.id == "senml-text-labels"
    assert '"bn", "n", "v"' in told.text
    assert "-2, 0, 2" in told.text


def test_numbers_that_are_texts() -> None:
    told = text_labels(cbor2.dumps([{"-2": "/3/0/", "0": "9", "2": 55}]))
    assert told is not None
    assert '"-2", "0", "2"' in told.text
    assert "(-2, 0, 2)" in told.text


@pytest.mark.parametrize("value", [[{0: "/3/0/9", 2: 55}], [{0: "/3/0/9", "vlo": "3:0"}], {}, 1, [[]]])
def test_what_is_right(value: object) -> None:
    assert text_labels(cbor2.dumps(value)) is None


def test_text_keys() -> None:
    told = of_payload(cbor2.dumps({"3": {"0": {"9": 95, "13": 1700000000}}}), LWM2M_CBOR, "")
    assert told is not None
    assert told.id == "cbor-text-keys"


@pytest.mark.parametrize("value", [{3: {0: {9: 95}}}, {"a": 1}, [], 7])
def test_other_keys(value: object) -> None:
    assert list(text_keys(cbor2.dumps(value))) == []


def test_a_record_in_no_list() -> None:
    told = of_payload(cbor2.dumps({0: "/3/0/9", 2: 95}), SENML_CBOR, "")
    assert told is not None
    assert told.id == "senml-outside-list"


@given(st.binary(max_size=60))
def test_any_bytes(data: bytes) -> None:
    text_labels(data)
    list(text_keys(data))
