from __future__ import annotations

import pytest

from atshell_lwm2m.codec.errors import Malformed
from atshell_lwm2m.dissect.registrations import announced, from_query, has_links, location_of, objects


def test_query() -> None:
    given = from_query(["ep=a=b", "lt=300", "lwm2m=1.1", "b=UQ", "Q", "ep=second"], "/rd/1")
    assert (given.ep, given.lt, given.lwm2m, given.b, given.location) == ("a=b", 300, "1.1", "UQ", "/rd/1")
    assert given.queue
    assert not from_query(["b=UQ", "q"], None).queue
    assert from_query(["lt=soon"], None).lt is None
    assert from_query(["lt=" + "9" * 40], None).lt is None


def test_objects_without_the_root_path() -> None:
    assert objects(b'</>;rt="oma.lwm2m";ct=110,</1/0>,</5>,</firmware>') == (["/1/0", "/5"], "", None)
    assert objects(b'</lwm2m>;rt="oma.lwm2m",</lwm2m/1/0>,</lwm2m/5>') == (["/1/0", "/5"], "/lwm2m", None)
    assert objects(b"<1/0>,</3/0/>") == (["/1/0", "/3/0"], "", None)
    assert has_links(b" </1>")
    assert not has_links(b"text")


@pytest.mark.parametrize(
    ("body", "found", "offset"),
    [(b"<\xff>", [], 1), (b"<a", [], 0), (b"</1/0>,</3/0>,", ["/1/0", "/3/0"], 14), (b"</1/0>,</3", ["/1/0"], 7)],
)
def test_what_stands_in_front_of_a_fault_is_told(body: bytes, found: list[str], offset: int) -> None:
    announced, _, fault = objects(body)
    assert announced == found
    assert isinstance(fault, Malformed)
    assert fault.offset == offset


def test_what_a_register_announces() -> None:
    given = announced(["ep=dev", "lt=60"], b"</1/0>,</3>")
    assert given is not None
    assert (given.ep, given.lt, given.objects) == ("dev", 60, ["/1/0", "/3"])
    assert announced(["ep=dev"], b"text") is None
    assert announced(["ep=dev"], b"</1/0>,</") is None


def test_a_location() -> None:
    assert location_of([(8, "Location-Path", "rd"), (12, "Content-Format", 40), (8, "Location-Path", "1")]) == "/rd/1"
    assert location_of([(8, "Location-Path", "")]) == "/"
    assert location_of([(11, "Uri-Path", "rd")]) is None
