from __future__ import annotations

import json

import pytest

from atshell_lwm2m.endpoint.composite import is_assignment
from atshell_lwm2m.endpoint.orders import make
from atshell_lwm2m.endpoint.registration import Registration


def client(version: str = "1.1", *formats: int) -> Registration:
    made = Registration("one", "location", ("h", 1))
    made.version, made.formats = version, formats
    return made


def test_several_paths_are_read_from_the_root():
    made = make(["read", "/3/0/9", "/3303/0"], client("1.1", 110))
    assert (made.request.method, made.request.path, made.request.accept) == ("FETCH", (), 110)
    assert json.loads(made.request.payload) == [{"n": "/3/0/9"}, {"n": "/3303/0"}]
    # RFC 8428 section 6: the label of a name is 0.
    cbor = make(["read", "/3/0/9", "/4"], client()).request
    assert (cbor.content_format, cbor.payload) == (112, b"\x82\xa1\x00\x66/3/0/9\xa1\x00\x62/4")


def test_several_resources_are_written():
    made = make(["write", "/3/0/14=+08", '/3/0/15="a b"', "/1/0/1=300"], client("1.1", 110))
    assert (made.request.method, made.request.path, made.path) == ("iPATCH", (), "/3/0/14 /3/0/15 /1/0/1")
    assert json.loads(made.request.payload) == [
        {"n": "/3/0/14", "vs": "+08"},
        {"n": "/3/0/15", "vs": "a b"},
        {"n": "/1/0/1", "v": 300},
    ]


@pytest.mark.parametrize(
    ("words", "version", "why"),
    [
        (["read", "/3/0", "/4"], "1.0", "one path at a time"),
        (["write", "/3/0/14=x", "/3/0/15=y"], "1.0", "one path at a time"),
        (["read", "/3/0", "/4", "#tlv"], "1.1", "SenML"),
        (["write", "/3/0/14=x", "/3/0"], "1.1", "say which resources"),
        (["write", "/3/0=x"], "1.1", "say which resources"),
        (["write", "/1/0/1=x"], "1.1", "no value"),
        (["write", *(f"/32769/0/{number}=1" for number in range(100))], "1.1", "up to"),
    ],
)
def test_words_that_are_none(words, version, why):
    with pytest.raises(ValueError, match=why):
        make(words, client(version))


def test_assignments():
    assert is_assignment("/3/0/14=")
    assert not is_assignment("/3/0/14")
    assert not is_assignment("14=x")
