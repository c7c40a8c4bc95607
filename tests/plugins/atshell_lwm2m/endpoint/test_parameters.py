from __future__ import annotations

import pytest

from atshell_lwm2m.endpoint import parameters
from atshell_lwm2m.endpoint.exchange import Incoming
from atshell_lwm2m.endpoint.parameters import Refused, read_parameters


def said(query: str, payload: bytes = b"", content_format: int | None = 40) -> Incoming:
    parts = tuple(query.split("&")) if query else ()
    return Incoming(("h", 1), 1, True, "POST", ("rd",), parts, payload=payload, content_format=content_format)


def test_what_a_registration_says():
    read = read_parameters(said("ep=a&lt=300&lwm2m=1.1&b=U&Q&sms=1", b'</>;rt="oma.lwm2m";ct="60 110",</3/0>,</4/0>'))
    assert (read.name, read.lifetime, read.version, read.binding, read.queue_mode) == ("a", 300, "1.1", "U", True)
    assert read.listed is not None
    assert (read.listed.objects, read.listed.formats, read.listed.root) == (["/3/0", "/4/0"], (60, 110), ())


def test_an_update_says_nothing():
    read = read_parameters(said(""))
    assert (read.name, read.lifetime, read.version, read.binding, read.queue_mode) == (None, None, None, None, False)
    assert read.listed is None


def test_queue_mode_of_1_0_is_in_the_binding():
    assert read_parameters(said("b=UQ")).queue_mode is True


def test_objects_below_an_alternate_path():
    """LwM2M 1.0 section 6.2; a path that is no path of the data model is left out, one that is said twice is one."""
    listed = read_parameters(
        said("ep=a", b'</lwm2m>;rt="oma.lwm2m";ct=11543,</lwm2m/3/0>,</lwm2m/3/0>,</3/1>,</lwm2m/x>,</lwm2m/5>;ver=1.1')
    ).listed
    assert listed is not None
    assert (listed.root, listed.objects, listed.formats) == (("lwm2m",), ["/3/0", "/5"], (11543,))


@pytest.mark.parametrize(
    ("query", "payload", "content_format", "code"),
    [
        ("ep=", b"", 40, "4.00"),
        ("ep=" + "x" * 256, b"", 40, "4.00"),
        ("ep=" + "水" * 86, b"", 40, "4.00"),
        ("ep=a&lt=", b"", 40, "4.00"),
        ("ep=a&lt=-1", b"", 40, "4.00"),
        ("ep=a&lt=1e3", b"", 40, "4.00"),
        ("ep=a&lt=99999999999", b"", 40, "4.00"),
        ("ep=a&lt=٣", b"", 40, "4.00"),
        ("ep=a&b=", b"", 40, "4.00"),
        ("ep=a&b=X", b"", 40, "4.00"),
        ("ep=a&b=UU", b"", 40, "4.00"),
        ("ep=a&lwm2m=", b"", 40, "4.00"),
        ("ep=a&lwm2m=one", b"", 40, "4.00"),
        ("ep=a&lwm2m=1.2", b"", 40, "4.12"),
        ("ep=a&lwm2m=2.0", b"", 40, "4.12"),
        ("ep=a", b"no link", 40, "4.00"),
        ("ep=a", b"\xff", 40, "4.00"),
        ("ep=a", b"</3/0>", 0, "4.15"),
        ("ep=a", b"</3/0>", 11542, "4.15"),
    ],
)
def test_what_is_refused(query, payload, content_format, code):
    with pytest.raises(Refused, match=r"\w") as refused:
        read_parameters(said(query, payload, content_format))
    assert refused.value.code == code


def test_objects_are_bounded(monkeypatch):
    monkeypatch.setattr(parameters, "MAX_OBJECTS", 3)
    listed = read_parameters(said("ep=a", b"</1/0>,</1/1>,</1/2>,</1/3>")).listed
    assert listed is not None
    assert listed.objects == ["/1/0", "/1/1", "/1/2"]
