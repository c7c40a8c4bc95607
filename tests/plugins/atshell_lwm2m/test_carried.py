"""A module that speaks LwM2M through a socket, line by line; the datagrams are made by aiocoap."""

from __future__ import annotations

import json
from pathlib import Path

import aiocoap
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell.session.carried import Carried, CarriedLine
from atshell.session.intent import Sender
from atshell_lwm2m.capture.reader import datagrams
from atshell_lwm2m.carried import messages
from atshell_lwm2m.codec.tlv import Kind, TlvRecord, encode_records, encode_value
from atshell_lwm2m.dtls.front import Dtls
from atshell_lwm2m.dtls.keys import read_keys
from atshell_lwm2m.message import Message, to_json

CAPTURES = Path(__file__).parent / "captures"
SERVER = "117.60.157.137:5683"
START = 1_700_000_000_000_000_000


def line(number: int, data: bytes, sender: Sender = "client", *, peer: str = "", **more: object) -> CarriedLine:
    carried = Carried(data, sender, peer=peer, **more)  # type: ignore[arg-type]  # as the test says
    return CarriedLine(number, START + number * 1_000_000_000, "AT+X" if sender == "client" else "+X", carried)


def coap(kind: str, code: aiocoap.Code, mid: int, token: bytes, payload: bytes = b"", **options: object) -> bytes:
    message = aiocoap.Message(mtype=aiocoap.Type[kind], code=code, mid=mid, token=token, payload=payload)
    for name, value in options.items():
        setattr(message.opt, name, value)
    encoded: bytes = message.encode()
    return encoded


def value(number: float) -> bytes:
    return encode_records([TlvRecord(Kind.RESOURCE, 5700, encode_value(number))])


REGISTER = coap("CON", aiocoap.POST, 1, b"\1", b"</3303/0>", uri_path=("rd",), uri_query=("ep=dev", "lt=60"))
REGISTERED = coap("ACK", aiocoap.CREATED, 1, b"\1", location_path=("rd", "a"))
OBSERVE = coap("CON", aiocoap.GET, 9, b"\2", uri_path=("3303", "0"), observe=0)
OBSERVED = coap("ACK", aiocoap.CONTENT, 9, b"\2", value(20.5), observe=1, content_format=11542)
NOTIFIED = coap("NON", aiocoap.CONTENT, 10, b"\2", value(21.5), observe=2, content_format=11542)


def session() -> list[CarriedLine]:
    return [
        line(2, REGISTER, peer=SERVER, channel="0"),
        line(4, REGISTERED, "server", peer=SERVER, channel="0"),
        line(5, OBSERVE, "server", channel="0"),
        line(6, OBSERVED, channel="0", peer=SERVER),
        line(9, NOTIFIED, channel="0", peer=SERVER),
    ]


def test_a_conversation_is_joined() -> None:
    found = messages(session())
    assert [(one.frame, one.operation, one.target, one.request) for one in found] == [
        (2, "Register", None, None),
        (4, "Register", None, 2),
        (5, "Observe", "/3303/0", None),
        (6, "Observe", "/3303/0", 5),
        (9, "Notify", "/3303/0", 5),
    ]
    assert [one.value for one in found[-1].resources] == [21.5]
    assert {one.endpoint for one in found} == {"dev"}
    assert {one.kind for one in found} == {"coap"}


def test_addresses_that_nobody_knows_are_not_told() -> None:
    found = messages(session())
    assert [(one.src, one.dst) for one in found] == [
        ("", SERVER), (SERVER, ""), (SERVER, ""), ("", SERVER), ("", SERVER),
    ]  # fmt: skip
    record = json.loads(to_json(found[0]))
    assert record["time"] == START // 10**9 + 2
    assert record["at"] == "AT+X"
    assert "src" not in record
    assert "transport" not in record


def test_a_socket_that_was_opened_elsewhere() -> None:
    """Nobody said where it goes: CoAP shows itself."""
    found = messages([line(2, REGISTER, channel="7"), line(3, REGISTERED, "server", channel="7")])
    assert [(one.operation, one.dst, one.src) for one in found] == [("Register", "", ""), ("Register", "", "")]


@pytest.mark.parametrize("peer", ["coap.example.com:5683", "[2001:db8::7]:5683", "1.2.3.4:40000"])
def test_any_peer(peer: str) -> None:
    first, second = messages([line(2, REGISTER, peer=peer, channel="0"), line(3, REGISTERED, "server", channel="0")])
    assert (first.dst, second.operation, second.src) == (peer, "Register", peer)


def test_other_sockets_carry_what_they_carry() -> None:
    (found,) = messages([line(3, b"hello", peer="1.2.3.4:80", channel="0")])
    assert (found.kind, found.dst, [one.value for one in found.resources]) == ("text", "1.2.3.4:80", ["hello"])


def one(data: bytes, **more: object) -> Message | None:
    found = messages([line(3, data, **more)])  # type: ignore[arg-type]  # as the test says
    return found[0] if found else None


def test_typed_values() -> None:
    found = one(b"24.5", kind="text", path="/3303/0/5700", operation="Notify", declared="float")
    assert found is not None
    assert (found.operation, found.target) == ("Notify", "/3303/0/5700")
    assert [(one.type, one.value) for one in found.resources] == [("float", 24.5)]
    bare = one(b"\xaa\xbb", kind="opaque", path="/19/0/0", operation="Notify", declared="opaque")
    assert bare is not None
    assert [(one.type, one.value) for one in bare.resources] == [("opaque", "aabb")]


def test_a_report_of_ctwing_is_named() -> None:
    for declared in ("", "opaque"):
        found = one(bytes.fromhex("02000100010a"), kind="opaque", path="/19/0/0", declared=declared)
        assert found is not None
        assert [note.id for note in found.expert] == ["ctwing"]


def test_arguments_of_execute_are_no_value() -> None:
    found = one(b"0=1", kind="text", path="/3/0/4", operation="Execute", declared="string")
    assert found is not None
    assert (found.resources, found.payload) == ([], b"0=1".hex())


def test_a_value_of_the_wrong_type_is_told() -> None:
    found = one(b"24.5", kind="text", path="/3303/0/5700", operation="Notify", declared="string")
    assert found is not None
    assert [note.id for note in found.expert] == ["declared-type"]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"Hello world", "text"),
        (b'[{"n":"/3/0/9","v":1}]', "senml-json"),
        (bytes.fromhex("0803c10964"), None),
        (bytes.fromhex("080008c60041636d65210a"), "tlv"),
        (bytes.fromhex("89860412345678901234"), None),
        (b"\x12\x34\x56\x78", None),
        (b"1234567", None),
    ],
)
def test_what_may_be_no_payload(data: bytes, kind: str | None) -> None:
    found = one(data, certain=False)
    assert (found.kind if found else None) == kind


@given(st.lists(st.tuples(st.binary(max_size=40), st.sampled_from(["client", "server"]), st.booleans()), max_size=6))
def test_any_bytes(entries: list[tuple[bytes, Sender, bool]]) -> None:
    lines = [
        line(number, data, sender, channel="0" if socket else "", peer=SERVER if socket else "")
        for number, (data, sender, socket) in enumerate(entries, 2)
    ]
    for message in messages(lines):
        json.loads(to_json(message))


def test_dtls_through_a_socket() -> None:
    """Recorded from OpenSSL, put into lines: a key opens it as it does in a capture."""
    secure = (5684).to_bytes(2, "big")
    recorded = datagrams(CAPTURES / "openssl_dtls12_psk_ccm8.pcap", pytest.fail)
    lines = [
        line(frame, data, "client" if key[-2:] == secure else "server", peer="1.2.3.4:5684", channel="0")
        for frame, _, key, data, _ in recorded
    ]
    keys = read_keys(("urn:imei:867787050001234:0x000102030405060708090a0b0c0d0e0f",), ())
    opened = [one for one in messages(lines, dtls=Dtls(keys)) if one.type is not None]
    assert opened[-1].operation == "De-register"
    assert {one.src or one.dst for one in opened} == {"1.2.3.4:5684"}
    assert [one for one in messages(lines) if one.type is not None] == []
