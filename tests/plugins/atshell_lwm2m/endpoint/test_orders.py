from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell.emulator.device import split_words
from atshell_lwm2m.endpoint.habits import WORDS
from atshell_lwm2m.endpoint.order import EXAMPLES
from atshell_lwm2m.endpoint.orders import OPERATIONS, make
from atshell_lwm2m.endpoint.registration import Registration


def client(version: str = "1.0", *formats: int) -> Registration:
    made = Registration("name", "location", ("h", 1))
    made.version, made.formats, made.objects = version, formats, ["/3/0", "/3303/0", "/3303/1"]
    return made


def test_every_word_is_known():
    assert {*OPERATIONS, "clients", "awake", "forget"} == WORDS
    assert set(EXAMPLES) == set(OPERATIONS)


@pytest.mark.parametrize(
    ("line", "method", "path", "payload"),
    [
        ("read /3200/0", "GET", "/3200/0", b""),
        ("read /03200/0/", "GET", "/3200/0", b""),
        ("read /3/0/11/0", "GET", "/3/0/11/0", b""),
        ("write /3200/0/5750 abcd", "PUT", "/3200/0/5750", b"\xe4\x16\x76abcd"),
        ("write /3200/0/5750 a b", "PUT", "/3200/0/5750", b"\xe3\x16\x76a b"),
        ("write /3200/0 5750=a 5501=1", "POST", "/3200/0", b"\xe1\x16\x76a\xe1\x15\x7d\x01"),
        ('write /3/0 14="+08 h" 15=x', "POST", "/3/0", b"\xc5\x0e+08 h\xc1\x0fx"),
        ("replace /3200/0 5750=a", "PUT", "/3200/0", b"\xe1\x16\x76a"),
        # LwM2M 1.0 section 6.4.3.2: a resource with instances.
        ("write /3/0/11 0=0 1=7", "PUT", "/3/0/11", b"\x86\x0b\x41\x00\x00\x41\x01\x07"),
        ("write /3/0 11/0=0 13=1", "POST", "/3/0", b"\x83\x0b\x41\x00\x00\xc1\x0d\x01"),
        ("write /3/0/11/1 7", "PUT", "/3/0/11/1", b"\x41\x01\x07"),
        ("write /3200/0/5750 abcd #text", "PUT", "/3200/0/5750", b"abcd"),
        ("write /3200/0/5750 abcd #opaque", "PUT", "/3200/0/5750", b"abcd"),
        ("write /3/0/14 +08 #110", "PUT", "/3/0/14", b'[{"n":"/3/0/14","vs":"+08"}]'),
        ("write /3/0/14 +08 #lwm2m-json", "PUT", "/3/0/14", b'{"bn":"/3/0/","e":[{"n":"14","sv":"+08"}]}'),
        ("execute /3200/0/5750", "POST", "/3200/0/5750", b""),
        ("execute /3200/0/5750 abcd", "POST", "/3200/0/5750", b"abcd"),
        ("execute /3/0/4 0='a',1", "POST", "/3/0/4", b"0='a',1"),
        # Section 6.4.3.1: an instance that has its number in the payload, and one that gets it from the client.
        ("create /3303/2 5750=a", "POST", "/3303", b"\x04\x02\xe1\x16\x76a"),
        ("create /3303 5750=a", "POST", "/3303", b"\xe1\x16\x76a"),
        ("create /3303/2", "POST", "/3303", b"\x00\x02"),
        ("create /3303", "POST", "/3303", b""),
        ("delete /3303/1", "DELETE", "/3303/1", b""),
        ("discover /3200", "GET", "/3200", b""),
        ("observe /3200/0", "GET", "/3200/0", b""),
    ],
)
def test_words_to_requests(line, method, path, payload):
    made = make(split_words(line), client())
    assert (made.request.method, "/" + "/".join(made.request.path), made.request.payload) == (method, path, payload)
    assert made.request.observe == (0 if line.startswith("observe") else None)


def test_a_client_has_its_objects_elsewhere():
    one = client()
    one.root = ("lwm2m",)
    made = make(["read", "/3/0"], one)
    assert (made.path, made.request.path) == ("/3/0", ("lwm2m", "3", "0"))


def test_a_1_1_client_is_met_in_its_format():
    one = client("1.1", 110, 112)
    made = make(["read", "/3/0"], one)
    assert made.request.accept == 112
    # RFC 8428 section 6: n is 0, v is 2.
    made = make(["write", "/3303/0/5700", "20.5"], one)
    assert (made.request.content_format, made.request.payload) == (112, b"\x81\xa2\x00\x6c/3303/0/5700\x02\xf9\x4d\x20")
    made = make(["create", "/3303", "5700=20.5"], one)
    assert b"/3303/2/5700" in made.request.payload
    assert make(["read", "/3/0"], client("1.0", 110)).request.accept is None
    assert make(["read", "/3/0", "#senml-json"], client()).request.accept == 110


def test_several_paths_are_one_composite_operation():
    one = client("1.1", 110)
    made = make(["observe", "/3/0/9", "/3303/0"], one)
    assert (made.request.method, made.request.path, made.request.observe) == ("FETCH", (), 0)
    assert made.request.payload == b'[{"n":"/3/0/9"},{"n":"/3303/0"}]'
    assert (made.path, made.target) == ("/3/0/9 /3303/0", "")


def test_attributes_are_a_query():
    made = make(["attributes", "/3200/0/5750", "pmin=18;pmax=90", "st=2"], client())
    assert made.request.query == ("pmin=18", "pmax=90", "st=2")


@pytest.mark.parametrize(
    "line",
    [
        "read",
        "read 3200",
        "read /x",
        "read /",
        "read /1/2/3/4/5",
        "read /70000",
        "read /3/0 /4/0",
        "read /3/0 x",
        "write /3200/0/5750",
        "write /3200 x",
        "write /3200/0 abcd",
        "write /3200/0 5750/1/2=abcd",
        "write /3200/0/5501 x",
        "write /3200/0 5501=1 #text",
        "write /3/0/14=+08",
        "replace /3/0/14 x",
        "replace /3/0",
        "execute /3200/0",
        "create /3303/0/5700 1",
        "create /3303 x",
        "delete /3303",
        "cancel /3200/0",
        "attributes /3200/0",
        "attributes /3200/0 " + "x" * 300,
    ],
)
def test_words_that_are_no_request(line):
    with pytest.raises(ValueError, match=r"\w"):
        make(split_words(line), client())


@given(st.sampled_from(sorted(OPERATIONS)), st.lists(st.text(max_size=20) | st.sampled_from(["/3/0", "/3/0/1=2"])))
def test_any_words_make_a_request_or_are_malformed(word, words):
    for version in ("1.0", "1.1"):
        with contextlib.suppress(ValueError):
            assert make([word, *words], client(version)).path.startswith("/")
