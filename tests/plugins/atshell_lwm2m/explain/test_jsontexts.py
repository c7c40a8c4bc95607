from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell_lwm2m.codec.contentformat import LWM2M_JSON, SENML_JSON
from atshell_lwm2m.explain.whole import of_payload

GOOD = '[{"n":"/3/0/9","v":95}]'


@pytest.mark.parametrize(
    ("payload", "mistake"),
    [
        ("[{'n':'/3/0/9','v':95}]", "json-single-quotes"),
        ('[{"n":"/3/0/9","v":95},]', "json-trailing-comma"),
        ('[{"n":"/3/0/9","v":95,}]', "json-trailing-comma"),
        ('[{n:"/3/0/9", v: 95}]', "json-bare-names"),
        ('[{"n":"/3303/0/5700","v":NaN}]', "json-no-number"),
        ('[{"n":"/3303/0/5700","v":-inf}]', "json-no-number"),
        ('[{"n":"/3311/0/5850","vb":True}]', "json-constant"),
        ("\ufeff" + GOOD, "json-bom"),
        (json.dumps(GOOD), "json-in-text"),
        (GOOD[:-3], "json-cut"),
        (GOOD[:-1], "json-cut"),
        ('[{"n":"/3303/0/5700","v":23,5}]', "json-decimal-comma"),
        ('[{"n":"/3303/0/5700","v":-23,55,"t":1}]', "json-decimal-comma"),
        ('[{"n":"/3/0/9","v":095}]', "json-leading-zero"),
        ('[{"n":"/3303/0/5700","v":-00.5}]', "json-leading-zero"),
        (GOOD.replace('"', '\\"'), "json-backslashes"),
        (GOOD.replace('"', "\u201d"), "json-curly-quotes"),
        ("[nothing", "json-cut"),
        ("{}{}", None),
        ("words", None),
    ],
)
def test_mistakes(payload: str, mistake: str | None) -> None:
    told = of_payload(payload.encode(), SENML_JSON, "")
    assert (told.id if told else None) == mistake


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16(encoding: str) -> None:
    told = of_payload(GOOD.encode(encoding), SENML_JSON, "")
    assert told is not None
    assert told.id == "json-utf-16"


def test_the_json_of_lwm2m_too() -> None:
    told = of_payload(b"{'bn':'/3/0/','e':[{'n':'9','v':95}]}", LWM2M_JSON, "")
    assert told is not None
    assert told.id == "json-single-quotes"


@given(st.binary(max_size=60))
def test_any_bytes(data: bytes) -> None:
    for start in (b"", b"[", b'"', b"\xef\xbb\xbf", b"{'"):
        of_payload(start + data, SENML_JSON, "")
