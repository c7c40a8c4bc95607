"""What may be skipped; that only that is left out is shown by test_fast."""

from __future__ import annotations

import struct

import pytest

from atshell_lwm2m.capture.glance import KNOWN, MOST, NEEDED, SKIPPED, WHAT, glance


def what(kind: int, token: int, code: str) -> int:
    number = int(code[0]) << 5 | int(code[2:])
    return WHAT[(0x40 | kind << 4 | token) << 8 | number]


@pytest.mark.parametrize("code", ["0.00", "0.01", "0.03", "0.05", "2.03", "2.04", "2.05", "2.31"])
def test_what_moves_nobody(code: str) -> None:
    assert {what(kind, token, code) for kind in range(4) for token in range(16)} == {SKIPPED}


@pytest.mark.parametrize("code", ["0.04", "2.01", "2.02", "4.00", "4.04", "5.03"])
def test_what_may_move_somebody(code: str) -> None:
    assert {what(kind, token, code) for kind in range(4) for token in range(16)} == {NEEDED}


def test_a_post_may_be_known_if_its_token_is_a_plain_one() -> None:
    for kind in (0, 1):
        assert [what(kind, token, "0.02") for token in range(16)] == [KNOWN] * 9 + [NEEDED] * 7
    assert {what(kind, token, "0.02") for kind in (2, 3) for token in range(16)} == {NEEDED}


def test_what_is_no_coap() -> None:
    """Not of version 1."""
    assert set(WHAT[:0x4000] + WHAT[0x8000:]) == {NEEDED}
    assert len(WHAT) == 0x10000


@pytest.mark.parametrize("order", "<>")
def test_either_byte_order(order: str) -> None:
    seen = glance(order, "8xI2x", 14)

    def as_read(number: int) -> int:
        (value,) = struct.unpack(order + "H", struct.pack(">H", number))
        assert isinstance(value, int)
        return value

    assert seen.link == as_read(0x0800)
    assert seen.fragment == as_read(0x3FFF)
    for head in range(0x10000):
        assert seen.what[as_read(head)] == WHAT[head]
    assert [seen.fits[as_read(length)] for length in (12, 20, MOST - 1)] == [46, 54, MOST + 33]
    assert all(seen.fits[as_read(length)] > 1 << 20 for length in (0, 7, 8, 11, MOST, 0xFFFF))
