from __future__ import annotations

import random
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell_lwm2m.dtls.fragments import MAX_MESSAGE, Fragments, HandshakeMessage

BODY = bytes(range(200))


def fragment(start: int, end: int, body: bytes = BODY, sequence: int = 1) -> bytes:
    head = b"\x0b" + len(body).to_bytes(3, "big") + sequence.to_bytes(2, "big")
    return head + start.to_bytes(3, "big") + (end - start).to_bytes(3, "big") + body[start:end]


def test_whole_messages() -> None:
    parts = Fragments()
    found = list(parts.take(0, fragment(0, 200) + fragment(0, 200, sequence=2)))
    assert found == [HandshakeMessage(11, 1, BODY), HandshakeMessage(11, 2, BODY)]
    assert found[0].whole == fragment(0, 200)


@pytest.mark.parametrize("cuts", [(0, 50, 120, 200), (0, 1, 2, 200), tuple(range(0, 201, 10))])
@pytest.mark.parametrize("seed", range(3))
def test_in_any_order_and_twice(cuts: tuple[int, ...], seed: int) -> None:
    pieces = [fragment(start, min(end + 7, 200)) for start, end in pairwise(cuts)]
    random.Random(seed).shuffle(pieces)
    parts = Fragments()
    found = [one for piece in pieces * 2 for one in parts.take(0, piece)]
    assert HandshakeMessage(11, 1, BODY) in found


def test_another_message_with_the_same_number_begins_anew() -> None:
    parts, other = Fragments(), bytes(200)
    assert list(parts.take(0, fragment(0, 100))) == []
    assert list(parts.take(0, fragment(0, 100, other) + fragment(100, 200, other))) == [HandshakeMessage(11, 1, other)]


def test_epochs_do_not_mix() -> None:
    parts = Fragments()
    assert list(parts.take(0, fragment(0, 100))) == []
    assert list(parts.take(1, fragment(100, 200))) == []


def test_a_length_that_is_claimed_costs_nothing() -> None:
    parts, start = Fragments(), time.perf_counter()
    for number in range(20_000):
        offset = number * 7 % (MAX_MESSAGE - 1)
        head = b"\x0b" + MAX_MESSAGE.to_bytes(3, "big") + (number % 30).to_bytes(2, "big")
        assert list(parts.take(0, head + offset.to_bytes(3, "big") + b"\0\0\1x")) == []
    assert time.perf_counter() - start < 3


@given(st.binary(max_size=80), st.integers(0, 3))
def test_any_bytes(data: bytes, epoch: int) -> None:
    list(Fragments().take(epoch, data))
