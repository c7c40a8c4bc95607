"""The oracles: bytes that aiocoap makes, the captures of other implementations, and the standards' own examples."""

from __future__ import annotations

from pathlib import Path

import aiocoap
import pytest
from aiocoap.numbers.codes import Code
from aiocoap.numbers.types import Type
from hypothesis import given, settings
from hypothesis import strategies as st
from scapy.layers.inet import IP, UDP
from scapy.packet import Raw
from scapy.utils import rdpcap

from atshell_lwm2m.codec.errors import Malformed
from atshell_lwm2m.codec.tlv import parse_records
from atshell_lwm2m.scapy import CoAP, LwM2MTLV

CAPTURES = Path(__file__).parent / "captures"
HEADER = 4


def rebuilt(packet: CoAP | LwM2MTLV) -> bytes:
    """From its fields, not from the bytes that it was read from."""
    layer = packet
    while layer and not isinstance(layer, Raw):
        layer.clear_cache()
        layer = layer.payload
    return bytes(packet)


def theirs() -> aiocoap.Message:
    message = aiocoap.Message(code=Code.POST, payload=b"</1/0>")
    message.mtype, message.mid, message.token = Type.CON, 0x1234, b"\x01\x02"
    message.opt.uri_path, message.opt.uri_query = ("rd",), ("ep=" + "x" * 300, "lt=300")
    message.opt.content_format = 40
    return message


def test_a_message_is_built_as_another_implementation_builds_it() -> None:
    message = CoAP(
        type="CON",
        code="POST",
        mid=0x1234,
        token=b"\x01\x02",
        options=[("Uri-Query", "ep=" + "x" * 300), ("Uri-Path", "rd"), (12, 40), ("Uri-Query", "lt=300")],
    )
    assert bytes(message / Raw(b"</1/0>")) == theirs().encode()


def test_a_message_of_another_implementation_is_read() -> None:
    message = CoAP(theirs().encode())
    assert (message.type, message.code, message.mid, message.token) == (0, 2, 0x1234, b"\x01\x02")
    assert message.options == [
        ("Uri-Path", "rd"),
        ("Content-Format", 40),
        ("Uri-Query", "ep=" + "x" * 300),
        ("Uri-Query", "lt=300"),
    ]
    assert message.payload.load == b"</1/0>"


def test_codes_have_names() -> None:
    assert [CoAP(code=one).code for one in ("0.02", "POST", "content", 2)] == [2, 2, 69, 2]
    assert "0.02 POST" in CoAP(code=2).show(dump=True)
    with pytest.raises(ValueError, match="no CoAP code"):
        CoAP(code="9.99")


def test_an_option_that_nobody_knows() -> None:
    with pytest.raises(ValueError, match="no CoAP option"):
        CoAP(options=[("Uri-Pth", "rd")])
    assert CoAP(bytes(CoAP(options=[(65000, b"x")]))).options == [(65000, b"x")]


def test_a_line_a_packet() -> None:
    request = CoAP(type="NON", code="POST", options=[("Uri-Path", "rd"), ("Uri-Path", "5a3f"), ("Uri-Query", "lt=9")])
    assert (IP() / UDP() / request).summary().endswith("CoAP NON 0.02 POST /rd/5a3f")
    assert CoAP(type="ACK", code="2.04").summary() == "CoAP ACK 2.04 Changed"


def test_a_number_that_an_option_can_not_have() -> None:
    with pytest.raises(ValueError, match="no sign"):
        CoAP(options=[("Observe", -1)])


@pytest.mark.parametrize("size", [0, 8, 12, 13, 14, 268, 269, 300])
def test_extended_tokens(size: int) -> None:
    """RFC 8974 section 2.1: one byte more from 13 on, two from 269 on."""
    token = bytes(range(256)) * 2
    built = bytes(CoAP(token=token[:size]) / Raw(b"x"))
    assert len(built) == 4 + (2 if size > 268 else 1 if size > 12 else 0) + size + 2
    assert CoAP(built).token == token[:size]


def test_a_request_and_its_answer() -> None:
    request = CoAP(code="GET", mid=7, token=b"a")
    assert CoAP(type="ACK", code="2.05", mid=7, token=b"a").answers(request)
    assert CoAP(type="CON", code="2.05", mid=9, token=b"a").answers(request)
    assert not CoAP(type="ACK", code="2.05", mid=8, token=b"a").answers(request)
    assert not CoAP(type="CON", code="2.05", mid=7, token=b"b").answers(request)


def test_udp_leads_here() -> None:
    packet = IP(bytes(IP(dst="192.0.2.2") / UDP(dport=5683) / CoAP(code="GET", options=[("Uri-Path", "a")])))
    assert packet[CoAP].options == [("Uri-Path", "a")]


@pytest.mark.parametrize(
    "name", ["anjay_nosec_lwm2m10.pcap", "wakaama_bootstrap_v10_tlv.pcap", "libcoap_udp_plain.pcap"]
)
def test_what_others_have_sent_is_built_again(name: str) -> None:
    found = [CoAP(bytes(packet[UDP].payload)) for packet in rdpcap(str(CAPTURES / name)) if UDP in packet]
    assert found
    for message in found:
        assert rebuilt(message.copy()) == bytes(message)


@settings(max_examples=300)
@given(st.binary(max_size=80) | st.binary(max_size=60).map(lambda tail: b"\x41\x02\x00\x01a\xb2rd" + tail))
def test_any_bytes_are_read_and_built_again(data: bytes) -> None:
    carried = UDP(bytes(UDP(dport=5683)) + data)
    assert bytes(carried)[8:] == data
    if len(data) >= HEADER:  # of less than a header scapy makes no layer
        assert rebuilt(CoAP(data)) == data


# The example of LwM2M 1.0 section 6.4.3.2: /66 with an instance that has a multiple resource of object links.
EXAMPLE = bytes.fromhex("080026c8000b6d79536572766963652031c8010f496e7465726e65742e31352e323334c40200430000")


def test_records_of_every_kind() -> None:
    built = LwM2MTLV(id=5700, value=23.5) / LwM2MTLV(id=1, value="ab") / LwM2MTLV(
        kind="object instance",
        id=0,
        records=[
            LwM2MTLV(id=9, value=100),
            LwM2MTLV(kind="multiple resource", id=7, records=[LwM2MTLV(kind="resource instance", id=1, value=3800)]),
        ],
    )  # fmt: skip
    assert bytes(built).hex() == "e4164441bc0000c2016162080009c10964840742010ed8"


def test_a_record_is_read() -> None:
    instance = LwM2MTLV(EXAMPLE)
    assert (instance.kind, instance.id, instance.length) == (0, 0, 38)
    assert [(one.id, one.value) for one in instance.records] == [
        (0, b"myService 1"),
        (1, b"Internet.15.234"),
        (2, bytes.fromhex("00430000")),
    ]
    assert rebuilt(instance) == EXAMPLE


def test_a_length_that_lies() -> None:
    assert bytes(LwM2MTLV(id=1, short_length=7, value=b"ab")) == bytes.fromhex("c7016162")
    assert bytes(LwM2MTLV(id=1, length_width=1, short_length=0, length=200, value=b"ab")) == bytes.fromhex("c801c86162")


def test_values_of_a_message_are_records() -> None:
    message = CoAP(code="2.05", options=[("Content-Format", 11542)]) / LwM2MTLV(id=5700, value=1) / LwM2MTLV(id=5701)
    read = CoAP(bytes(message))
    assert [read[LwM2MTLV].id, read[LwM2MTLV].payload.id] == [5700, 5701]


@settings(max_examples=300)
@given(st.binary(max_size=80))
def test_any_record_is_read_and_built_again(data: bytes) -> None:
    record = LwM2MTLV(data)
    if whole(data):
        assert rebuilt(record) == data


def whole(data: bytes) -> bool:
    """Whether records are complete, on all levels."""
    try:
        return bool(parse_records(data))
    except Malformed:
        return False


def test_records_that_never_end() -> None:
    data = bytes(CoAP(code="2.05", options=[("Content-Format", 11542)])) + b"\xff" + b"\xc1\x01\x01" * 20_000
    assert len(bytes(CoAP(data))) == len(data)
    assert len(bytes(LwM2MTLV(b"\x08\x00\xff" * 20_000))) == 60_000
