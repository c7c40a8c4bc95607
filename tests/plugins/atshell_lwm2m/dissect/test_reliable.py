"""CoAP over TCP, told as messages; the bytes of the segments are made here, head and all."""

from __future__ import annotations

import struct

from atshell_lwm2m.capture.frames import CapturedDatagram
from atshell_lwm2m.capture.segments import TCP
from atshell_lwm2m.dissect.dissector import Dissector
from atshell_lwm2m.message import Message, to_json

HOSTS = bytes([10, 0, 0, 1, 10, 0, 0, 2])
THERE = TCP + HOSTS + struct.pack(">HH", 40000, 5683)
BACK = TCP + HOSTS[4:] + HOSTS[:4] + struct.pack(">HH", 5683, 40000)
CSM = bytes.fromhex("00e1")


def message(code: int, token: bytes, options: bytes = b"", payload: bytes = b"") -> bytes:
    rest = options + (b"\xff" + payload if payload else b"")
    length, more = len(rest), b""
    if len(rest) >= 269:
        length, more = 14, (len(rest) - 269).to_bytes(2, "big")
    elif len(rest) >= 13:
        length, more = 13, bytes([len(rest) - 13])
    return bytes([length << 4 | len(token)]) + more + bytes([code]) + token + rest


def listen(*talk: tuple[str, bytes]) -> list[Message]:
    sent = {">": 100, "<": 200}
    frames: list[CapturedDatagram] = []
    for number, (where, data) in enumerate(talk, 1):
        head = struct.pack(">IIB", sent[where], sent["<" if where == ">" else ">"], 24)
        sent[where] += len(data)
        frames.append((number, number * 1_000_000, THERE if where == ">" else BACK, head + data, 0))
    return list(Dissector().messages(frames))


REGISTER = message(2, b"r", b"\xb2rd\x48ep=dev-1", b"</3/0>")
CREATED = message(0x41, b"r", b"\x82rd\x011")


def test_a_registration_and_what_follows() -> None:
    observe = message(1, b"o", b"\x60\x513\x010\x019")
    notify = message(0x45, b"o", b"\x61\x05\x62\x2d\x16", b"\xc1\x09\x64")
    older = message(0x45, b"o", b"\x61\x04\x62\x2d\x16", b"\xc1\x09\x63")
    found = listen((">", CSM + REGISTER), ("<", CREATED + observe), (">", notify), (">", notify + older))
    assert [one.operation for one in found] == [None, *["Register"] * 2, *["Observe"] * 2, "Notify", "Notify"]
    assert [one.frame for one in found] == [1, 1, 2, 2, 3, 4, 4]
    assert [one.target for one in found[3:]] == ["/3/0/9"] * 4
    assert found[2].request == 1
    assert found[1].response == 2
    # TCP keeps the order: Observe says nothing about it (RFC 8323 section 7.1).
    assert [one.expert for one in found[4:]] == [[]] * 3
    assert b'"type"' not in to_json(found[1])
    assert b'"mid"' not in to_json(found[1])


def test_ping_and_pong_belong_together() -> None:
    ping, pong = message(0xE2, b"p"), message(0xE3, b"p")
    found = listen((">", CSM), ("<", ping), (">", pong), (">", pong))
    assert [(one.request, one.response) for one in found] == [(None, None), (None, 3), (2, None), (None, None)]
    assert found[2].rtt == 0.001


def test_bert() -> None:
    """RFC 8323 section 6: with SZX 7 a message holds several blocks of 1024 bytes."""
    ask = (
        message(3, b"1", b"\xb15\x010\x010\xd1\x03\x0f", b"a" * 2048),
        message(3, b"2", b"\xb15\x010\x010\xd1\x03\x27", b"b" * 9),
    )
    found = listen((">", CSM + ask[0]), (">", ask[1]))
    assert [one.block1.num for one in found[1:] if one.block1 is not None] == [0, 2]
    assert found[2].body == (b"a" * 2048 + b"b" * 9).hex()


def test_extended_tokens_are_found_again() -> None:
    token = bytes(range(20))
    ask = bytes([0x2D, 1, 7]) + token + b"\xb13"
    answer = bytes([0x0D, 0x45, 7]) + token
    found = listen((">", CSM + ask), ("<", answer))
    assert found[2].request == 1
    assert found[1].token == token.hex()


def test_what_is_malformed_is_a_line_and_the_next_decodes() -> None:
    found = listen((">", CSM + message(1, b"", b"\xb9x") + REGISTER))
    assert [one.error for one in found] == [None, "option 11 of length 9 where 1 byte is left at byte 2", None]
    assert found[2].operation == "Register"


def test_empty_messages_are_nothing() -> None:
    (_, empty) = listen((">", CSM + b"\x00\x00"))
    assert (empty.code, empty.error, empty.expert) == ("0.00", None, [])
