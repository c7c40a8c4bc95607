from __future__ import annotations

import json
from collections.abc import Callable
from itertools import chain
from pathlib import Path

from aiocoap.optiontypes import BlockOption
from hypothesis import given, settings
from hypothesis import strategies as st

from atshell_lwm2m.capture import reader
from atshell_lwm2m.capture.fast import headed
from atshell_lwm2m.capture.frames import UNKNOWN, CapturedDatagram
from atshell_lwm2m.capture.glance import Skip
from atshell_lwm2m.dissect.dissector import Dissector
from atshell_lwm2m.dissect.fast import Lines
from atshell_lwm2m.dissect.meaning import waits
from atshell_lwm2m.dissect.share import LEFT_OUT, Share
from atshell_lwm2m.dissect.sifted import Wanted
from atshell_lwm2m.dtls.front import Dtls
from atshell_lwm2m.dtls.keys import Keys
from atshell_lwm2m.filter import compile_condition
from atshell_lwm2m.message import Message, to_json
from atshell_lwm2m.report.exchanges import exchanges

Say = Callable[..., bytes]
Listen = Callable[..., list[Message]]
Talk = list[tuple[str, bytes]]

LIFETIME = 247


def test_a_piggybacked_response(say: Say, listen: Listen) -> None:
    asked, answered = listen(
        [("<", say("CON", "0.01", 7, b"t", uri_path=("3", "0", "9"))), (">", say("ACK", "2.05", 7, b"t", b"95"))]
    )
    assert (asked.response, answered.request, answered.rtt) == (2, 1, 0.001)


def test_a_separate_response(say: Say, listen: Listen) -> None:
    asked, empty, answered, acked = listen(
        [
            ("<", say("CON", "0.01", 7, b"t", uri_path=("3", "0", "9"))),
            (">", say("ACK", "0.00", 7)),
            (">", say("CON", "2.05", 90, b"t", b"95")),
            ("<", say("ACK", "0.00", 90)),
        ]
    )
    assert (asked.response, empty.request, empty.rtt) == (3, 1, None)
    assert (answered.request, answered.response, answered.rtt) == (1, 4, 0.002)
    assert (acked.request, acked.rtt) == (3, 0.001)
    assert {one.operation for one in (asked, empty, answered, acked)} == {"Read"}
    assert {one.target for one in (asked, empty, answered, acked)} == {"/3/0/9"}


def test_empty_tokens(say: Say, listen: Listen) -> None:
    """Message IDs tell piggybacked responses apart; a separate one belongs to the last request."""
    found = listen(
        [
            ("<", say("CON", "0.01", 7, uri_path=("3", "0", "9"))),
            ("<", say("CON", "0.01", 8, uri_path=("3", "0", "13"))),
            (">", say("ACK", "2.05", 8, b"", b"5")),
            (">", say("ACK", "2.05", 7, b"", b"95")),
            ("<", say("NON", "0.01", 9, uri_path=("3", "0", "0"))),
            (">", say("NON", "2.05", 50, b"", b"x")),
        ]
    )
    assert [one.request for one in found] == [None, None, 2, 1, None, 5]
    assert [one.target for one in found] == ["/3/0/9", "/3/0/13", "/3/0/13", "/3/0/9", "/3/0/0", "/3/0/0"]


def test_retransmissions(say: Say, listen: Listen) -> None:
    ask, answer = (
        say("CON", "0.01", 7, b"t", uri_path=("3", "0", "9")),
        say("ACK", "2.05", 7, b"t", b"95", content_format=0),
    )
    found = listen([("<", ask), ("<", ask), (">", answer), ("<", ask), (">", answer)])
    assert [one.retransmission_of for one in found] == [None, 1, None, 1, None]
    assert [one.response for one in found] == [3, 3, None, 3, None]
    assert [one.request for one in found] == [None, None, 1, None, 1]
    assert [one.rtt for one in found] == [None, None, 0.002, None, 0.004]
    assert [note.id for note in found[4].expert] == ["repeated-answer"]
    assert {one.operation for one in found} == {"Read"}


def test_a_message_id_that_returns(say: Say, listen: Listen) -> None:
    """After EXCHANGE_LIFETIME, or with other bytes, it is another message."""
    ask = say("CON", "0.01", 7, b"t", uri_path=("3", "0", "9"))
    late = listen([("<", ask), ("<", ask)], step=(LIFETIME + 1) * 1_000_000_000)
    other = listen([("<", ask), ("<", say("CON", "0.01", 7, b"u", uri_path=("3", "0", "9")))])
    assert [one.retransmission_of for one in late + other] == [None] * 4


def test_a_ping_and_its_reset(say: Say, listen: Listen) -> None:
    ping, pong = listen([(">", say("CON", "0.00", 5)), ("<", say("RST", "0.00", 5))])
    assert (ping.response, pong.request, pong.operation) == (2, 1, None)


def test_a_foreign_token_is_noted(say: Say, listen: Listen) -> None:
    _, answered = listen(
        [("<", say("CON", "0.01", 7, b"t", uri_path=("3",))), (">", say("ACK", "2.05", 7, b"x", content_format=0))]
    )
    assert answered.request == 1
    assert [note.id for note in answered.expert] == ["token-mismatch"]


def test_what_is_malformed_is_a_line_and_the_next_decodes(say: Say, listen: Listen) -> None:
    found = listen(
        [
            (">", b""),
            (">", b"\xff\xff\xff\xff"),
            (">", b"\x49\x01\x00\x01"),
            (">", bytes.fromhex("40010002b1")),
            (">", say("CON", "0.01", 3, uri_path=("3",))),
        ]
    )
    assert [bool(one.error) for one in found] == [True, True, True, True, False]
    assert [one.mid for one in found] == [None, None, 1, 2, 3]
    assert found[1].payload == "ffffffff"


def test_order_is_the_captures(say: Say, listen: Listen) -> None:
    """A request waits for its answer, and everything behind it waits with it."""
    talk = [("<", say("CON", "0.01", mid, b"t%d" % mid, uri_path=("3",))) for mid in range(50)]
    assert [one.frame for one in listen(talk)] == list(range(1, 51))


def test_ports(say: Say, listen: Listen) -> None:
    elsewhere = ("10.0.0.1", 9999)
    noise, ask = b"hello world", say("CON", "0.01", 7, b"t", uri_path=("3",))
    found = listen([(">", noise), ("<", ask), (">", noise), (">", say("ACK", "2.05", 7, b"t"))], elsewhere)
    assert [(one.frame, bool(one.error)) for one in found] == [(2, False), (3, True), (4, False)]
    frames = [(1, 0, bytes(8) + b"\x27\x0f\x00\x01", noise, 0)]
    assert len(list(Dissector([9999]).messages(frames))) == 1
    assert list(Dissector().messages(frames)) == []


def test_dtls(listen: Listen) -> None:
    (message,) = listen([(">", bytes.fromhex("17fefd000100000000000100020102"))])
    assert (message.transport, message.error, message.type) == ("dtls", None, None)
    assert [(note.severity, note.id) for note in message.expert] == [("note", "encrypted"), ("note", "no-handshake")]


def test_what_is_not_in_the_frame() -> None:
    frames = [(1, 0, bytes(8) + b"\x16\x33\x00\x01", bytes.fromhex("40011234b3666f6f"), 100)]
    (message,) = Dissector().messages(frames)
    assert message.error == "100 of the datagram's 108 bytes are not in this frame at byte 8"
    assert (message.mid, message.path) == (0x1234, "/foo")


def test_requests_that_want_no_answer(say: Say, listen: Listen) -> None:
    """No-Response 26 of RFC 7967: on a non-confirmable request nothing comes back."""
    ask = [
        say(kind, "0.03", mid, b"t%d" % mid, b"1", uri_path=("3", "0"), no_response=26)
        for mid, kind in enumerate(("NON", "CON"))
    ]
    assert [waits(one) for one in listen([("<", data) for data in ask])] == [False, True]


def test_codes_that_ask_for_more(say: Say, listen: Listen) -> None:
    talk = [("<", say("CON", "0.01", mid, b"t%d" % mid, uri_path=("3",))) for mid in range(3)]
    talk += [
        (">", say("ACK", "4.29", 0, b"t0", max_age=7)),
        (">", say("ACK", "4.29", 1, b"t1")),
        (">", say("ACK", "5.08", 2, b"t2")),
    ]
    assert [[note.text for note in one.expert] for one in listen(talk)[3:]] == [
        ["too many requests: the next one not before 7 s are over"],
        ["too many requests: the next one not before 60 s are over"],
        ["the hop limit was reached: proxies go in a circle, or it is too low"],
    ]


datagrams = st.one_of(
    st.binary(max_size=40),
    st.builds(
        lambda head, code, mid, rest: bytes([0x40 | head, code, 0, mid]) + rest,
        st.integers(0, 0x3F),
        st.sampled_from([0, 1, 2, 3, 4, 5, 0x41, 0x44, 0x45, 0x84]),
        st.integers(0, 3),
        st.one_of(st.binary(max_size=20), st.sampled_from([b"\xb2rd", b"\xb13\x010", b"\x60\xff\xc1\x09\x64"])),
    ),
)


@given(st.lists(st.tuples(st.booleans(), datagrams), max_size=12))
@settings(max_examples=200)
def test_any_conversation(talk: list[tuple[bool, bytes]]) -> None:
    there, back = b"\1\1\1\1\2\2\2\2\x16\x33\x9c\x40", b"\2\2\2\2\1\1\1\1\x9c\x40\x16\x33"
    frames = [(n, n, there if out else back, data, 0) for n, (out, data) in enumerate(talk, 1)]
    assert [one.frame for one in Dissector().messages(frames)] == list(range(1, len(talk) + 1))


MQTT_SN = ("10.0.0.9", 1883)
CONNECT, CONNACK, PINGREQ = bytes.fromhex("0c0404 01 003c 313233343536"), b"\3\5\0", b"\2\x16"
LONG = bytes.fromhex("41 0c 62 0001 0000") + bytes(0x41 - 7)
"""Begins as CoAP does."""


def test_mqtt_sn_is_named_once_a_conversation(listen: Listen) -> None:
    talk = [(">", LONG), (">", b"noise"), (">", CONNECT), ("<", CONNACK), (">", LONG), (">", PINGREQ), ("}", PINGREQ)]
    named, moved = listen(talk, MQTT_SN)
    assert (named.frame, named.error, named.code, named.payload) == (3, None, None, CONNECT.hex())
    assert (named.src, named.dst, moved.frame) == ("10.8.0.7:40000", "10.0.0.9:1883", 7)
    assert [(one.severity, one.id, one.text) for one in named.expert] == [
        ("note", "mqtt-sn", "MQTT-SN, not LwM2M: CONNECT")
    ]
    assert listen(talk, ("10.0.0.9", 1885)) == []


def test_mqtt_sn_on_a_port_of_coap_is_no_error(listen: Listen) -> None:
    found = listen([(">", CONNECT), ("<", CONNACK), (">", b"noise")])
    assert [(one.expert[0].id if one.expert else None, one.error is None) for one in found] == [
        ("mqtt-sn", True),
        ("mqtt-sn", True),
        (None, False),
    ]


def test_what_is_named_is_named_in_every_way(say: Say, frames_of: Callable[..., list[CapturedDatagram]]) -> None:
    """The fast way, that of a filter, and that of several processes."""
    ask = say("CON", "0.01", 7, b"t", uri_path=("3",))
    talk = [(">", CONNECT), ("<", CONNACK), (">", LONG), ("<", ask), ("}", PINGREQ), ("{", CONNACK), (">", LONG)]
    frames = frames_of(talk, MQTT_SN)
    wanted = [to_json(one).decode() for one in Dissector().messages(frames)]
    assert [json.loads(line)["frame"] for line in wanted] == [1, 4, 5, 7]
    batch = [[headed(*frame) for frame in frames]]
    assert "".join(Lines(Dissector()).batches(batch)).split("\n")[:-1] == wanted
    shares = [list(chain.from_iterable(Share(Dissector(), number, 2).places(batch))) for number in (0, 1)]
    assert [f"{one}{other}".strip(f"{LEFT_OUT}\n") for one, other in zip(*shares, strict=True)] == wanted
    for text, frame in (('expert.id == "mqtt-sn"', [1, 5]), ("port == 1883 and not code", [1, 5])):
        sifted = Wanted(Dissector(), compile_condition(text), Skip()).messages(batch)
        assert [one.frame for one in sifted] == frame


def test_dtls_elsewhere_is_told() -> None:
    told: list[str] = []
    path = Path(__file__).parent.parent / "captures" / "openssl_dtls12_psk_ccm8.pcap"
    elsewhere = [
        (frame, time, key[:8] + key[8:].replace(b"\x16\x34", b"\x9c\x40"), data, missing)
        for frame, time, key, data, missing in reader.datagrams(path, lambda _: None)
    ]
    assert list(Dissector(warn=told.append).messages(elsewhere)) == []
    (what,) = told
    assert what.endswith(
        "and 127.0.0.1:40000 is not shown: no key is given (--psk or --keylog); --port 40000 shows its records"
    )
    told.clear()
    assert len(list(Dissector([40000], warn=told.append).messages(elsewhere))) == len(elsewhere)
    keyed = Dtls(Keys([(b"urn:imei:867787050001234", bytes(range(16)))]))
    assert any(one.operation for one in Dissector(dtls=keyed, warn=told.append).messages(elsewhere))
    assert told == []


def test_a_clock_that_was_set_back(say: Say, frames_of: Callable[..., list[CapturedDatagram]]) -> None:
    """There is no round trip then, and all else is as it was."""
    ask, observe = say("CON", "0.01", 7, b"t", uri_path=("3",)), say("CON", "0.01", 8, b"o", uri_path=("3",), observe=0)
    notify = say("CON", "2.05", 90, b"o", b"2", observe=2)
    talk = [("<", ask), (">", say("ACK", "2.05", 7, b"t", b"1")), ("<", observe), (">", say("ACK", "0.00", 8))]
    talk += [(">", say("CON", "2.05", 89, b"o", b"1", observe=1)), (">", notify), ("<", say("ACK", "0.00", 90))]
    frames = frames_of(talk)
    late = [(frame, 10_000_000_000 - time, *rest) for frame, time, *rest in frames]
    assert [one.frame for one in Dissector().messages(frames) if one.rtt is not None] == [2, 5, 7]
    found = list(Dissector().messages(late))
    assert [one.rtt for one in found] == [None] * 7
    assert [[note.id for note in one.expert] for one in found if one.expert] == [["clock-set-back"]] * 3
    assert [(one.request, one.response) for one in found] == [
        (one.request, one.response) for one in Dissector().messages(frames)
    ]
    lines = "".join(Lines(Dissector()).batches([[headed(*frame) for frame in late]])).split("\n")[:-1]
    assert lines == [to_json(one).decode() for one in found]
    assert [pair.frames for pair in exchanges(found)] == [[1, 2], [3, 4, 5], [6, 7]]


def test_signaling_is_for_streams(say: Say, frames_of: Callable[..., list[CapturedDatagram]]) -> None:
    """RFC 8323 section 5: what reliable transports say of the connection itself."""
    frames = frames_of([(">", say("CON", "7.01", 1, b"")), (">", say("NON", "7.02", 2, b"t"))])
    found = list(Dissector().messages(frames))
    assert [[(note.severity, note.id) for note in one.expert] for one in found] == [[("warning", "signaling")]] * 2
    lines = "".join(Lines(Dissector()).batches([[headed(*frame) for frame in frames]])).split("\n")[:-1]
    assert lines == [to_json(one).decode() for one in found]


def test_times_that_are_not_known(say: Say, frames_of: Callable[..., list[CapturedDatagram]]) -> None:
    """Neither round trips nor a clock that was set back."""
    talk = [
        ("<", say("CON", "0.01", 1, b"a", uri_path=("3", "0", "9"))),
        (">", say("ACK", "2.05", 1, b"a", b"85", content_format=0)),
        (">", say("CON", "0.00", 2, b"")),
        ("<", say("RST", "0.00", 2, b"")),
    ]
    second = 1_000_000_000
    for moments in ([UNKNOWN] * 4, [UNKNOWN, 5 * second, 0, UNKNOWN]):
        frames = [(frame, moment, *rest) for moment, (frame, _, *rest) in zip(moments, frames_of(talk), strict=True)]
        found = list(Dissector().messages(frames))
        assert [one.request for one in found] == [None, 1, None, 3]
        assert [(one.rtt, one.expert) for one in found] == [(None, [])] * 4
        assert [b'"time"' in to_json(one) for one in found] == [moment != UNKNOWN for moment in moments]
        lines = "".join(Lines(Dissector()).batches([[headed(*frame) for frame in frames]])).split("\n")[:-1]
        assert lines == [to_json(one).decode() for one in found]


def test_a_block_size_that_is_reserved(say: Say, frames_of: Callable[..., list[CapturedDatagram]]) -> None:
    """RFC 7959 section 2.2: 7 must not be sent."""
    block = BlockOption.BlockwiseTuple
    talk = [
        ("<", say("CON", "0.01", 7, b"t", uri_path=("3", "0"), block2=block(0, False, 7))),
        (">", say("ACK", "2.05", 7, b"t", b"1", block2=block(0, True, 7))),
        (
            "<",
            say("CON", "0.03", 8, b"u", b"1", uri_path=("5", "0", "0"), block1=block(0, True, 7)),
        ),
        (">", say("ACK", "2.31", 8, b"u", block1=block(0, True, 7))),
        ("<", say("CON", "0.01", 9, b"v", uri_path=("3", "0"), block2=block(0, False, 6))),
    ]
    frames = frames_of(talk)
    found = list(Dissector().messages(frames))
    told = [("warning", "reserved-block-size")]
    assert [[(note.severity, note.id) for note in one.expert] for one in found] == [told, told, told, told, []]
    lines = "".join(Lines(Dissector()).batches([[headed(*frame) for frame in frames]])).split("\n")[:-1]
    assert lines == [to_json(one).decode() for one in found]
