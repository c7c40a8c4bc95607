from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell_lwm2m.codec.mqttsn import message_name


@pytest.mark.parametrize(
    ("data", "name"),
    [
        # MQTT-SN 1.2, sections 5.2 and 5.4
        ("05 00 01 0384", "ADVERTISE"),
        ("03 01 01", "SEARCHGW"),
        ("03 02 01", "GWINFO"),
        ("0c 04 04 01 003c 313233343536", "CONNECT"),
        ("03 05 00", "CONNACK"),
        ("0b 07 10 6c61737477696c", None),  # cut: the length is one more
        ("09 07 10 6c617374776c", "WILLTOPIC"),
        ("0b 0a 0000 0001 612f62 2f63", "REGISTER"),
        ("07 0b 0001 0001 00", "REGACK"),
        ("0c 0c 62 0001 0000 48656c6c6f", "PUBLISH"),  # QoS -1
        ("01 000e 0c 62 0001 0000 48656c6c6f", "PUBLISH"),
        ("08 0c 20 0001 0007 31", "PUBLISH"),  # QoS 1
        ("08 0c a0 0001 0007 31", "PUBLISH"),  # again
        ("08 0c 20 0001 0000 31", None),  # QoS 1 without an ID
        ("08 0c 00 0001 0007 31", None),  # QoS 0 with one
        ("08 0c 23 0001 0007 31", None),  # no kind of topic
        ("07 0d 0001 0007 00", "PUBACK"),
        ("04 10 0007", "PUBREL"),
        ("04 10 0000", None),
        ("08 12 20 0002 612f23", "SUBSCRIBE"),
        ("07 12 21 0002 0001", "SUBSCRIBE"),
        ("08 13 20 0001 0002 00", "SUBACK"),
        ("08 13 20 0001 0002 04", None),  # no return code
        ("08 16 313233343536", "PINGREQ"),
        ("02 16", "PINGREQ"),
        ("02 17", "PINGRESP"),
        ("02 18", "DISCONNECT"),
        ("04 18 0e10", "DISCONNECT"),
        ("0c 04 04 02 003c 313233343536", None),  # another protocol
        ("0c 04 44 01 003c 313233343536", None),  # a Connect has no QoS
        ("0c 04 04 01 003c 313200343536", None),  # nobody is called that
        ("04 17 00 00", None),
        ("0c 0c 62 0001", None),
        ("02 03", None),
        ("01", None),
        ("", None),
    ],
)
def test_names(data: str, name: str | None) -> None:
    assert message_name(bytes.fromhex(data)) == name


def test_random_bytes_are_none() -> None:
    source = random.Random(7)
    found = [message_name(source.randbytes(size)) for size in range(5, 64) for _ in range(1000)]
    assert sum(name is not None for name in found) <= 3
    # Though the length is right:
    found = [message_name(bytes([size]) + source.randbytes(size - 1)) for size in range(5, 64) for _ in range(1000)]
    assert sum(name is not None for name in found) < len(found) // 100


@pytest.mark.parametrize(
    "rest",
    [
        "0100 0001 0000 0000 0000 07 6578616d706c65 03 636f6d 00 0001 0001",  # DNS: who is example.com
        "8180 0001 0001 0000 0000 07 6578616d706c65 03 636f6d 00 0001 0001 c00c 0001 0001 00000e10 0004 5db8d822",
    ],
)
def test_dns_is_none(rest: str) -> None:
    """With any ID: its first byte may be the length, and its second a type."""
    tail = bytes.fromhex(rest)
    assert {message_name(number.to_bytes(2, "big") + tail) for number in range(1 << 16)} == {None}


def test_ntp_and_quic_are_none() -> None:
    source = random.Random(8)
    for first in (0x1B, 0x23, 0x24, 0xE3, 0xDB):
        assert message_name(bytes([first]) + source.randbytes(47)) is None
    for first in range(0xC0, 0x100):  # a long header; datagrams with an Initial have 1200 bytes (RFC 9000 section 14)
        assert message_name(bytes([first]) + b"\0\0\0\1\x08" + source.randbytes(1194)) is None


@given(st.binary(max_size=40))
def test_any_bytes(data: bytes) -> None:
    message_name(data)
    message_name(bytes([len(data) + 1]) + data)
