"""Work and output grow no faster than the input, whatever is repeated in it."""

from __future__ import annotations

from itertools import islice

import pytest
from fuzz_formats import FORMATS
from fuzz_growth import Shape, grown, shapes
from fuzz_run import Format

BY_NAME = {one.name: one for one in FORMATS}
SEED = 7
PUMPED = 4
"""Shapes by chance for each format; ``nightly.py --grow`` tries more."""

SECTION = "0a0d0d0a1c0000004d3c2b1a01000000ffffffffffffffff1c000000"
PCAP = "d4c3b2a102000400000000000000000000000400010000 00".replace(" ", "")
SESSION = b'{"format": "atshell-transcript", "version": 1}\n'
RECORD = b'{"n":"9","v":1},'

# What costs the square where a reader goes back, copies what is left, or tells everything with each part.
SHAPES: dict[str, list[Shape]] = {
    "senml-json": [
        Shape(b" ", b'[{"n":"/3/0/9","vs":"5', b'9"}]'),
        Shape(RECORD, b'[{"bn":"/3/0/","bu":"' + b"u" * 20_000 + b'"},', b'{"n":"9"}]'),
        Shape(b"9", b'[{"n":"/3/0/9","v":', b"}]"),
        Shape(b"["),
        Shape(b", ", b"[{}", b"]"),
        Shape(b" ", b"[{},", b"x"),
    ],
    "lwm2m-json": [Shape(b" ", b'{"bn":"/3/0/9","e":[{"n":"","sv":"5', b'9"}]}'), Shape(b'{"e":')],
    "senml-cbor": [
        Shape(b"\x81"),
        Shape(b"\xa1\x81\x00\x00", b"\x9f", b"\xff"),
        Shape(b"\xa0", b"\x9a\xff\xff\xff\xff"),
    ],
    "lwm2m-cbor": [Shape(b"\x00", b"\xa1\x99\xff\xff"), Shape(b"\x81\x03", b"\x9f", b"\xff"), Shape(b"\xa1\x03")],
    "cbor": [Shape(b"\x5f"), Shape(b"\x40", b"\x5f", b"\xff"), Shape(b"\xd8\x40"), Shape(b"\x9f")],
    "text": [Shape(b" ", b"5", b"9"), Shape(b'"', b"5", b"9"), Shape(b"9"), Shape(b"1:")],
    "lwm2m-tlv": [
        Shape(b"\x00\x00"),
        Shape(b"\x08\x00\xff"),
        Shape(b"\xc0\x00", b"", b"\xc8"),
        Shape(b"\xc1\x00\xff", b"", b"\xc8"),
        Shape(b"\xe4\xb8\xad", b"\xd0\x00\x4e\x20"),
    ],
    "explained": [Shape(b"0", b"", b"g"), Shape(b"3030"), Shape(b"AAAA", b"", b"=")],
    "link": [
        Shape(b"<>,"),
        Shape(b";a", b"<>"),
        Shape(b" ", b"<>;a", b"x"),
        Shape(b"\\", b'<>;a="'),
        Shape(b"<", b"<>,"),
        Shape(b"1", b"</"),
    ],
    "options": [Shape(b"\x00"), Shape(b"\x10"), Shape(b"\x01a", b"\xb1a"), Shape(b"\x01a", b"\xd1\x02a")],
    "coap": [Shape(b"\x00", b"\x40\x01\x00\x01"), Shape(b"\xff", b"\x40\x01\x00\x01")],
    "coap-tcp": [Shape(b"\x00\x01"), Shape(b"\xf0\x00\x00\x00\x00")],
    "pasted-hex": [Shape(b" "), Shape(b"0x"), Shape(b"3c2f31")],
    "pcap": [Shape(b"\x00", bytes.fromhex(PCAP))],
    "pcapng": [Shape(bytes.fromhex("060000000b000000"), bytes.fromhex(SECTION))],
    "hex-dump": [
        Shape(b"0000 00\n"),
        Shape(b" 00", b"0000"),
        Shape(b" ", b"0000 00 11\n"),
        Shape(b"0000 00\n0001 11\n"),
        Shape(b"\n0000 00", b"0000 00"),
    ],
    "at-stream": [Shape(b"> "), Shape(b"\r"), Shape(b"x")],
    "at-line": [Shape(b";+A", b"AT"), Shape(b'"', b"AT+X="), Shape(b"\\", b'AT+X="')],
    "at-arguments": [Shape(b'"'), Shape(b","), Shape(b"AT+X=1\n"), Shape(b"(")],
    "intents": [Shape(b",", b"+MIPLREAD: "), Shape(b";+MIPLOPEN=0", b"AT")],
    "typing": [Shape(b";ERROR ", b"AT+CRTDC"), Shape(b'"'), Shape(b"//"), Shape(b";+CSQ", b"AT"), Shape(b" ", b"AT")],
    "notation": [Shape(b"[", b"AT+X="), Shape(b"[,<a>]", b"AT+X=<b>"), Shape(b"[<a>][,", b"AT+X=")],
    "transcript": [Shape(b"\n", SESSION), Shape(b"[", SESSION), Shape(b"9", SESSION + b'{"t":')],
    "objects": [Shape(b"<a>", b"<LWM2M>"), Shape(b"[", b"a="), Shape(b"a."), Shape(b"[[objects]]\n")],
}


@pytest.mark.parametrize(
    ("name", "shape"), [(name, shape) for name, every in SHAPES.items() for shape in every], ids=str
)
def test_named_shapes(name: str, shape: Shape) -> None:
    grown(BY_NAME[name], shape)


@pytest.mark.parametrize("one", FORMATS, ids=lambda one: one.name)
def test_shapes_by_chance(one: Format) -> None:
    for shape in islice(shapes(one.samples(), one.words, SEED), PUMPED):
        grown(one, shape)
