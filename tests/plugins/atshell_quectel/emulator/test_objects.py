from __future__ import annotations

import struct

import pytest

from atshell_quectel.emulator.objects import Objects, described

IDENTITY = {0: "Quectel", 1: "BC32", 2: "869975030000461", 3: "BC32RAR01A04"}
NOTHING = ("", "", "", "")
TERMINAL = {
    0: ("a|b|1|2",),
    1: ("00-01",),
    2: ("8192KB", "NULL", "RDA", "RTOS"),
    3: ("V7", "Name"),
    4: ("off", "NB-IoT", "NULL", "NULL"),
    5: ("31.8,117.2,OTDOA",),
}


def text(objects: Objects, *target: int) -> str | None:
    reply = objects.read(target, None)
    return reply.payload.decode() if reply.ok and reply.content_format == 0 else None


def test_a_module_that_was_told_nothing_speaks_for_itself() -> None:
    objects = described(IDENTITY, NOTHING, {3: ("NULL", "NULL")}, 86400)
    assert objects.paths == ["/1/0", "/3/0", "/42769/0"]
    assert objects.links((3,)) == ["/3", "/3/0", "/3/0/0", "/3/0/1", "/3/0/2", "/3/0/3", "/3/0/16"]
    assert objects.links((42769, 0)) == ["/42769/0"]
    assert [text(objects, 3, 0, number) for number in (0, 1, 2, 3)] == list(IDENTITY.values())
    assert text(objects, 1, 0, 1) == "86700"


def test_what_it_was_told_of_the_terminal() -> None:
    objects = described(IDENTITY, ("M100000089", "secret key", "1", "863703030822519"), TERMINAL, 420)
    assert [text(objects, 3, 0, number) for number in (2, 17, 19)] == ["863703030822519", "Linux", "V7"]
    terminal = {number: value for number in range(100) if (value := text(objects, 42769, 0, number)) is not None}
    assert terminal == {
        0: "M100000089",
        1: "Linux",
        2: "863703030822519",
        10: "a|b|1|2",
        20: "00-01",
        30: "8192KB",
        32: "RDA",
        33: "RTOS",
        40: "V7",
        41: "Name",
        50: "off",
        51: "NB-IoT",
        60: "31.8,117.2,OTDOA",
    }
    for path in objects.paths:
        target = tuple(int(part) for part in path.split("/") if part)
        assert b"secret" not in objects.read(target, None).payload


def test_the_forms_of_an_answer() -> None:
    objects = described(IDENTITY, NOTHING, {}, 86400)
    assert objects.read((3, 0, 1), 11542).payload == b"\xc4\x01BC32"  # LwM2M 1.0 section 6.4.3
    server = objects.read((1, 0), None)
    assert server.content_format == 11542
    assert server.payload == b"\xc1\x00\x01\xc4\x01" + struct.pack(">I", 86700) + b"\xc1\x06\x00\xc1\x07U"
    assert objects.read((1,), None).payload == b"\x08\x00\x0f" + server.payload
    assert objects.read((1, 0, 6), None).payload == b"0"


@pytest.mark.parametrize(
    ("target", "accept", "code"),
    [
        ((5,), None, "4.04"),
        ((3, 1), None, "4.04"),
        ((3, 0, 9), None, "4.04"),
        ((3, 0, 1, 0), None, "4.04"),
        ((3, 0), 0, "4.06"),
        ((3, 0, 1), 60, "4.06"),
    ],
)
def test_what_is_not_there(target: tuple[int, ...], accept: int | None, code: str) -> None:
    objects = described(IDENTITY, NOTHING, {}, 86400)
    assert objects.read(target, accept).code == code


def test_text_that_is_no_utf_8_goes_out_as_it_came_in() -> None:
    objects = described(IDENTITY, NOTHING, {3: ("V\udcff", "NULL")}, 86400)
    assert objects.read((3, 0, 19), None).payload == b"V\xff"
