from __future__ import annotations

import pytest

from atshell_lwm2m.codec.options import read_options
from atshell_lwm2m.message import Block

MESSAGE = bytes.fromhex("40010001")


def test_every_form() -> None:
    data = bytes.fromhex("1100 4101 10 520100 33 726431 11 28".replace(" ", ""))
    found = read_options(data, 0)
    assert found.options == [
        (1, "If-Match", "00"),
        (5, "If-None-Match", "01"),
        (6, "Observe", 0),
        (11, "Uri-Path", "\x01\x00"),
        (14, "Max-Age", 0x726431),
        (15, "Uri-Query", "("),
    ]
    assert found.observe == 0
    assert found.end == len(data)


def test_a_value_may_hold_the_marker() -> None:
    """The bytes before the first 0xFF are no whole list then, nor is the rest a payload."""
    data = bytes.fromhex("42ffff ff 01")
    found = read_options(data, 0)
    assert found.options == [(4, "ETag", "ffff")]
    assert found.end == 3
    assert read_options(data, 0) == found


def test_found_again_is_the_same() -> None:
    data = MESSAGE + bytes.fromhex("b372643a01 31")
    assert read_options(data, 4) is not None
    one, other = read_options(MESSAGE + b"\xb1a", 4), read_options(MESSAGE + b"\xb1a\xffpayload", 4)
    assert one is other


def test_what_the_registry_does_not_know() -> None:
    assert read_options(bytes.fromhex("e2fcd10102"), 0).options == [(64_990, "Option-64990", "0102")]


@pytest.mark.parametrize(
    ("value", "block"),
    [
        ("", Block(0, False, 16)),
        ("0e", Block(0, True, 1024)),
        ("1a", Block(1, True, 64)),
        ("0207", Block(32, False, 1024)),
    ],
)
def test_blocks(value: str, block: Block) -> None:
    raw = bytes.fromhex(value)
    assert read_options(bytes([0xD0 | len(raw), 10]) + raw, 0).block2 == block
    assert read_options(bytes([0xD0 | len(raw), 14]) + raw, 0).block1 == block


def test_location_and_repetition() -> None:
    found = read_options(bytes.fromhex("82726404 35613366 4128 0129".replace(" ", "")), 0)
    assert found.location == "/rd/5a3f"
    assert found.content_format == 0x28


@pytest.mark.parametrize("value", ["ffffff", "fffff7", "ffffffff", "ffffffffffffffff"])
def test_block_numbers_at_the_end_of_their_range(value: str) -> None:
    """Three bytes are all that a block option may have; more are read and stay a number."""
    raw = bytes.fromhex(value)
    number = int(value, 16)
    block = read_options(bytes([0xD0 | len(raw), 10]) + raw, 0).block2
    assert block == Block(number >> 4, bool(number & 8), 1024)


def test_q_blocks_are_blocks() -> None:
    assert read_options(bytes.fromhex("d1061e"), 0).block1 == Block(1, True, 1024)
    assert read_options(bytes.fromhex("d1121e"), 0).block2 == Block(1, True, 1024)
