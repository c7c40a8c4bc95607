from __future__ import annotations

import pytest

from atshell_lwm2m.endpoint.exchange import Reply
from atshell_lwm2m.endpoint.habits import WORDS
from atshell_lwm2m.endpoint.orders import OPERATIONS, reply_fields
from atshell_lwm2m.endpoint.registrations import Registration

CLIENT = Registration("name", "location", ("h", 1))


def test_every_word_is_known():
    assert {*OPERATIONS, "clients"} == WORDS


@pytest.mark.parametrize(
    ("words", "method", "path", "payload"),
    [
        ("read /3200/0", "GET", ("3200", "0"), b""),
        ("read /03200/0/", "GET", ("3200", "0"), b""),
        ("write /3200/0/5750 abcd", "PUT", ("3200", "0", "5750"), b"\xe4\x16\x76abcd"),
        ("write /3200/0/5750 a b", "PUT", ("3200", "0", "5750"), b"\xe3\x16\x76a b"),
        ("write /3200/0 5750=a 5501=1", "POST", ("3200", "0"), b"\xe1\x16\x76a\xe1\x15\x7d\x01"),
        ("execute /3200/0/5750", "POST", ("3200", "0", "5750"), b""),
        ("execute /3200/0/5750 abcd", "POST", ("3200", "0", "5750"), b"abcd"),
        ("discover /3200", "GET", ("3200",), b""),
        ("observe /3200/0", "GET", ("3200", "0"), b""),
    ],
)
def test_words_to_requests(words, method, path, payload):
    first, *rest = words.split(" ")
    made = OPERATIONS[first](rest, CLIENT)
    assert (made.request.method, made.request.path, made.request.payload) == (method, path, payload)
    assert made.path == "/" + "/".join(path)


def test_attributes_are_a_query():
    made = OPERATIONS["attributes"](["/3200/0/5750", "pmin=18;pmax=90", "st=2"], CLIENT)
    assert made.request.query == ("pmin=18", "pmax=90", "st=2")


@pytest.mark.parametrize(
    "words",
    [
        "read",
        "read 3200",
        "read /x",
        "read /1/2/3/4",
        "read /70000",
        "write /3200/0/5750",
        "write /3200 x",
        "write /3200/0 abcd",
        "write /3200/0/5501 x",
        "execute /3200/0",
        "cancel /3200/0",
        "attributes /3200/0",
    ],
)
def test_words_that_are_no_request(words):
    first, *rest = words.split(" ")
    with pytest.raises(ValueError, match=r"\w"):
        OPERATIONS[first](rest, CLIENT)


def test_replies():
    fields = reply_fields(Reply("2.05", b"\xe4\x16\x76abcd", 11542), "/3200/0")
    assert fields["value"] == "abcd"
    assert fields["resources"][0]["path"] == "/3200/0/5750"
    assert reply_fields(Reply("2.05", b"</3200/0>", 40), "/3200")["links"] == ["/3200/0"]
    assert reply_fields(Reply("2.05", b"23", 0), "/3200/0/5501")["value"] == 23
    assert reply_fields(Reply("4.04", b"who?"), "/3200/0") == {"ok": False, "code": "4.04", "text": "who?"}
    assert reply_fields(Reply("2.04"), "/3200/0") == {"ok": True, "code": "2.04"}
    broken = reply_fields(Reply("2.05", b"\xe4\x16", 11542), "/3200/0")
    assert (broken["ok"], broken["payload"]) == (False, "e416")
    assert reply_fields(Reply("2.05", b"?", 999), "/3200/0")["payload"] == "3f"
