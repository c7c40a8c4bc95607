from __future__ import annotations

import json

import cbor2
import pytest

from atshell_lwm2m import payload
from atshell_lwm2m.codec.contentformat import LWM2M_JSON, SENML_CBOR, SENML_JSON
from atshell_lwm2m.message import Expert


def told(records: object, content_format: int) -> list[Expert]:
    data = cbor2.dumps(records) if content_format == SENML_CBOR else json.dumps(records).encode()
    return payload.decode(data, content_format, "/3/0").expert


@pytest.mark.parametrize(
    ("records", "content_format", "mistakes"),
    [
        ([{"bn": "/3/0", "n": "9", "v": 85}], SENML_JSON, ["senml-name"]),
        ([{"v": 85}], SENML_JSON, ["senml-name"]),
        ([{-2: "/3", 0: "0/9", 2: 85}], SENML_CBOR, ["senml-name"]),
        ([{"-2": "/3/0/", "0": "9", "2": 85}], SENML_JSON, ["senml-number-labels"]),
        ([{"n": "/3/0/0", "sv": "A"}], SENML_JSON, ["json-other-labels"]),
        ({"bn": "/3/0/", "e": [{"n": "0", "vs": "A"}]}, LWM2M_JSON, ["json-other-labels"]),
        (
            {"bn": "/3311/0/", "e": [{"n": "5850", "vb": True}, {"n": "5851", "v": 1}]},
            LWM2M_JSON,
            ["json-other-labels"],
        ),
        # What is asked for has no value, whatever it is.
        ([{"n": "/3/0"}, {"n": "/1/0/1"}], SENML_JSON, []),
        ([{0: "/3/0"}], SENML_CBOR, []),
        ([{"n": "/3/0/9", "v": None}], SENML_JSON, []),
        ([{"bn": "/3/0/", "n": "9", "v": 85}], SENML_JSON, []),
        ({"bn": "/3/0", "e": [{"n": "9", "v": 85}]}, LWM2M_JSON, []),
        ({"e": []}, LWM2M_JSON, []),
    ],
)
def test_each_mistake(records: object, content_format: int, mistakes: list[str]) -> None:
    assert [note.id for note in told(records, content_format)] == mistakes


def test_what_to_write_is_said() -> None:
    (note,) = told({"bn": "/3311/0/", "e": [{"n": "5850", "vb": True}, {"n": "0", "vs": "A"}]}, LWM2M_JSON)
    assert '("vb", "vs")' in note.text
    assert 'write "bv", "sv"' in note.text
    (note,) = told([{"bn": "/3/0", "n": "9", "v": 85}], SENML_JSON)
    assert "/3/09" in note.text
