from __future__ import annotations

import struct

import pytest

from atshell_lwm2m.message import Resource
from atshell_lwm2m.report.readings import others

UNKNOWN = "/65000/0/1"


@pytest.mark.parametrize(
    ("path", "kind", "value", "told"),
    [
        (UNKNOWN, "integer", int.from_bytes(struct.pack(">f", 24.5), "big"), " (as float 24.5)"),
        (UNKNOWN, "integer", int.from_bytes(struct.pack(">d", -3.25), "big", signed=True), " (as float -3.25)"),
        (UNKNOWN, "integer", 95, ""),
        (UNKNOWN, "integer", 1_000_000, ""),
        ("/3/0/9", "integer", 1103364096, ""),  # known: an integer
        (UNKNOWN, "opaque", b'{"Temp":22.3}\r\n'.hex(), ' "{"Temp":22.3}"'),
        (UNKNOWN, "opaque", "00ff00ff", ""),
        (UNKNOWN, "opaque", b"abc".hex(), ""),
        (UNKNOWN, "opaque", (b"x" * 90).hex(), f' "{"x" * 47}…"'),
        (UNKNOWN, "string", "abcd", ""),
        (UNKNOWN, "boolean", True, ""),
        (UNKNOWN, None, None, ""),
    ],
)
def test_readings(path: str, kind: str | None, value: str | float | None, told: str) -> None:
    assert others(Resource(path, None, kind, value)) == told


def test_with_its_bytes() -> None:
    assert others(Resource(UNKNOWN, None, "integer", -56), b"\xc8") == " (unsigned 200)"
    assert others(Resource(UNKNOWN, None, "integer", -56), b"\xff\xc8") == " (unsigned 65480)"
