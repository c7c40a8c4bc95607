"""Messages and payloads: samples, from recordings and from the standards' examples, and what reads them."""

from __future__ import annotations

import functools
import json
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from scapy.layers.inet import UDP
from scapy.packet import Packet

from atshell_lwm2m import explain, pasted, payload
from atshell_lwm2m.analyzer import messages as decoded
from atshell_lwm2m.capture.reader import datagrams
from atshell_lwm2m.codec import cbor, coaptcp, linkformat, tlv
from atshell_lwm2m.codec import coap as coap_codec
from atshell_lwm2m.codec.errors import Malformed
from atshell_lwm2m.codec.options import read_options
from atshell_lwm2m.dissect.message import from_datagram
from atshell_lwm2m.message import Message, Resource, to_json
from atshell_lwm2m.scapy import CoAP

ROOT = Path(__file__).parents[2]
RECORDINGS = ROOT / "tests" / "plugins" / "atshell_lwm2m" / "captures"
TARGETS = (
    "",
    "/3",
    "/3/0",
    "/3/0/9",
    "/5/0/3",
    "/3200/0/5750",
    "/6/0/0",
    "/3303",
    "/3/0/13",
    "/65535/65535/65535/65535",
    "rd/1",
    "/x",
)
"""Of many kinds: a number, an opaque value, a text, a float, a time; and what is no path."""
MAX_SAMPLES = 200


def target(data: bytes) -> str:
    return TARGETS[zlib.crc32(data) % len(TARGETS)]


@functools.cache
def recorded() -> list[Message]:
    return [one for path in sorted(RECORDINGS.glob("*.pcap")) for one in decoded([path])]


@functools.cache
def messages() -> list[bytes]:
    every = (data for path in sorted(RECORDINGS.glob("*.pcap")) for *_, data, _ in datagrams(path, lambda _: None))
    return list(dict.fromkeys(data for data in every if data[:1] and data[0] >> 6 == 1))[:MAX_SAMPLES]


@functools.cache
def streams() -> list[bytes]:
    """The same messages as TCP would carry them (RFC 8323 section 3.2), some in a row, behind a CSM."""
    every = messages()
    return [b"\x00\xe1" + b"".join(map(_over_tcp, every[at : at + 3])) for at in range(0, len(every), 3)]


def _over_tcp(message: bytes) -> bytes:
    token, rest = message[0] & 15, message[4 + (message[0] & 15) :]
    size = len(rest)
    if size < 13:
        head = bytes([size << 4 | token])
    elif size < 269:
        head = bytes([0xD0 | token, size - 13])
    else:
        head = bytes([0xE0 | token]) + (size - 269).to_bytes(2, "big")
    return head + message[1:2] + message[4 : 4 + token] + rest


@functools.cache
def option_lists() -> list[bytes]:
    found = [data[4 + (data[0] & 15) :].partition(b"\xff")[0] for data in messages()]
    return [one for one in dict.fromkeys(found) if one]


def _payloads(*numbers: int) -> list[bytes]:
    found = (bytes.fromhex(one.payload) for one in recorded() if one.payload and one.content_format in numbers)
    return list(dict.fromkeys(found))[:MAX_SAMPLES]


@functools.cache
def tlvs() -> list[bytes]:
    # The last two: of LwM2M 1.0 section 6.4.3.2, and a multiple resource in an instance.
    examples = (
        "080026c8000b6d79536572766963652031c8010f496e7465726e65742e31352e323334c40200430000",
        "080a8806410003410103c10964",
    )
    return [*_payloads(11542, 1542), *map(bytes.fromhex, examples)]


@functools.cache
def links() -> list[bytes]:
    return [*_payloads(40), b'</lwm2m>;rt="oma.lwm2m";ct=110,</1/0>;ver=1.1,</3/0/9>;pmin=10;gt=42.5;obs,</3200/0>']


@functools.cache
def senml_jsons() -> list[bytes]:
    return [
        *_payloads(110),
        b'[{"bn":"/3/0/","bt":1.276020076e9,"n":"0","vs":"Open"},{"n":"9","v":95,"t":-5},{"n":"13","vd":"AQID"}]',
        b'[{"bn":"/3303/0/","bu":"Cel","bv":20,"n":"5700","v":0.5},{"n":"5850","vb":true},{"n":"5750","vlo":"3:0"}]',
        b'[{"n":"/3/0/14","vs":null},{"n":"/3/0"}]',
    ]


@functools.cache
def senml_cbors() -> list[bytes]:
    examples = (
        "82a321652f332f302f006130036d4f70656e204d6f62696c65a2006139021860",
        "81a3006a2f333330332f302f35370002fb403785c28f5c28f606195dc0",
        "81a20067332f302f31330843010203",
        "9fbf0061390218 5fffff".replace(" ", ""),
    )
    return [*_payloads(112), *map(bytes.fromhex, examples)]


@functools.cache
def lwm2m_jsons() -> list[bytes]:
    return [
        *_payloads(11543, 1543),
        b'{"bn":"/3/0/","e":[{"n":"0","sv":"Open"},{"n":"9","v":100},{"n":"16","sv":"U"},{"n":"13","v":1367491215}]}',
        b'{"bt":25462634,"e":[{"n":"1","v":22.4,"t":-5},{"n":"2","bv":true},{"n":"3","ov":"66:1"}]}',
    ]


@functools.cache
def lwm2m_cbors() -> list[bytes]:
    examples = ("a103a100a209185f00644f70656e", "a183030009185f", "828203008303000b", "a1190ce5a100a1191644f94d00")
    return [bytes.fromhex(one) for one in examples]


@functools.cache
def cbors() -> list[bytes]:
    examples = (
        "185f",
        "fb3ff199999999999a",
        "6449455446",
        "43010203",
        "f5",
        "9f018202039f0405ffff",
        "bf61610161629f0203ffff",
    )
    return [*senml_cbors(), *lwm2m_cbors(), *(bytes.fromhex(one) for one in examples)]


@functools.cache
def texts() -> list[bytes]:
    return [
        *_payloads(0),
        b"95",
        b"-20.5e3",
        b"3:1",
        b"1",
        b"AQID",
        b"2026-11-20T08:00:00Z",
        "温度".encode(),
        *tlvs()[:5],
    ]


def every() -> list[bytes]:
    return [
        *messages()[:40],
        *tlvs()[:20],
        *links(),
        *senml_jsons(),
        *senml_cbors(),
        *lwm2m_jsons(),
        *lwm2m_cbors(),
        *texts(),
    ]


def hexadecimals() -> list[bytes]:
    found = [one.hex().encode() for one in every()]
    return [*found, b"0x16 0x41", b"c8:00:14", b"44-00\t12 34", b"\\x16\\x41"]


# What reads them


def _size(resources: list[Resource]) -> int:
    return len(to_json(Message(resources=resources)))


def coap(data: bytes) -> int:
    return len(to_json(from_datagram(data, coap_codec.read(data))))


def coap_tcp(data: bytes) -> int:
    """A stream is cut where ``measure`` says, and each piece read; a frame of a WebSocket is read as it is."""
    size = len(to_json(from_datagram(data, coaptcp.read_in_frame(data))))
    at = 0
    while (found := coaptcp.measure(data, at)) is not None and found.whole <= len(data) - at:
        piece = data[at : at + found.whole]
        size += len(to_json(from_datagram(piece, coaptcp.read(piece))))
        at += found.whole
    coaptcp.looks_like_begin(data)
    coaptcp.looks_like_message(data)
    return size


def options(data: bytes) -> int:
    found = read_options(data, 0)
    assert 0 <= found.end <= len(data)
    return len(json.dumps(found.options))


def tlv_(data: bytes) -> int:
    """A tree that can be written again is the one that was read, though in its shortest form."""
    records = tlv.parse_records(data)
    assert tlv.parse_records(tlv.encode_records(records)) == records
    return _size(tlv.decode(data, target(data)))


def link(data: bytes) -> int:
    found = linkformat.parse(payload.text(data))
    assert linkformat.parse(linkformat.format(found)) == found
    return 1 + _size([Resource(one.target) for one in found])


def by_format(number: int | None) -> Callable[[bytes], int]:
    """As a message has it: errors are values, with an explanation where there is one."""

    def read(data: bytes) -> int:
        found = payload.decode(data, number, target(data))
        return len(to_json(Message(resources=found.resources, expert=found.expert, error=found.error)))

    return read


def cbor_(data: bytes) -> int:
    return len(repr(cbor.decode(data)))


def pasted_(data: bytes) -> int:
    kind = (*pasted.KINDS, None, None, None)[zlib.crc32(data) % (len(pasted.KINDS) + 3)]
    return len(to_json(pasted.decode(data, kind, target(data))))


def pasted_hex(data: bytes) -> int:
    return len(to_json(pasted.decode_hex(data.decode("utf-8", "surrogateescape"), None, None)))


def explained(data: bytes) -> int:
    """What a payload would be, whatever it was declared to be."""
    number = (0, 40, 42, 60, 110, 112, 320, 322, 1542, 11542, 11543, 11544)[zlib.crc32(data) % 12]
    found = list(_notes(data, number))
    return 1 + len(json.dumps(found))


def _notes(data: bytes, number: int) -> Iterator[str]:
    note = explain.of_payload(data, number, target(data))
    if note is not None:
        yield note.text
    try:
        found = tlv.decode(data, target(data))
    except Malformed:
        return
    yield from (note.text for note in explain.of_values(found, data, 11542, target(data)))


def scapy_coap(data: bytes) -> int:
    """What scapy finds in a datagram is, put together again, that datagram."""
    carried = UDP(bytes(UDP(sport=40000, dport=5683)) + data)
    return _same(carried, data)


def scapy_tlv(data: bytes) -> int:
    head = bytes(CoAP(code="2.05", options=[("Content-Format", 11542)])) + b"\xff"
    return _same(CoAP(head + data), head + data)


def _same(packet: Packet, data: bytes) -> int:
    assert bytes(packet)[-len(data) :] == data or not data
    return 1 + len(packet.summary())
