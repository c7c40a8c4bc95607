from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from atshell_lwm2m.streams.halves import MAX_PIECES, MAX_WAITING, SYN, Chunk, Half

FIN_ACK = 0x11
START = 2**32 - 10
TEXT = bytes(range(100))


def take(half: Half, *pieces: tuple[int, bytes]) -> list[Chunk]:
    """Pieces by their place behind a first byte with this sequence number: they go round soon."""
    return [chunk for at, data in pieces for chunk in half.take((START + at) % 2**32, 16, data, 0)]


def begun() -> Half:
    half = Half()
    assert list(half.take(START - 1, SYN, b"", 0)) == []
    return half


def test_in_order_and_round_the_end_of_the_numbers() -> None:
    assert take(begun(), (0, TEXT[:30]), (30, TEXT[30:])) == [TEXT[:30], TEXT[30:]]


def test_out_of_order_again_and_overlapping() -> None:
    half = begun()
    assert take(half, (50, TEXT[50:]), (20, TEXT[20:60]), (0, TEXT[:25])) == [TEXT[:25], TEXT[25:60], TEXT[60:]]
    assert take(half, (0, TEXT), (99, b"c")) == []


def test_a_beginning_in_the_middle() -> None:
    assert take(Half(), (40, TEXT[40:50]), (50, TEXT[50:])) == [TEXT[40:50], TEXT[50:]]


def test_what_was_acknowledged_is_missing_in_the_capture() -> None:
    half = begun()
    assert take(half, (0, TEXT[:10]), (30, TEXT[30:40])) == [TEXT[:10]]
    assert list(half.acknowledged((START + 20) % 2**32)) == []
    assert list(half.acknowledged((START + 30) % 2**32)) == [20, TEXT[30:40]]
    assert take(half, (10, TEXT[10:30])) == []


def test_a_cut_frame() -> None:
    assert list(begun().take(START, 16, TEXT[:5], 7)) == [TEXT[:5], 7]


def test_a_new_connection_on_the_same_ports() -> None:
    half = begun()
    take(half, (0, TEXT))
    assert half.begins_anew(77, SYN)
    assert not half.begins_anew(START + 100, FIN_ACK)
    assert not begun().begins_anew(START - 1, SYN)
    assert not half.begins_anew(START - 1, SYN)  # the SYN once more, which comes after the text


def test_little_waits() -> None:
    half = begun()
    found = take(half, *((2 * number + 5, b"x") for number in range(MAX_PIECES + 1)))
    assert found[:2] == [5, b"x"]
    half = begun()
    assert take(half, (10, bytes(MAX_WAITING)), (20 + MAX_WAITING, b"x")) == [10, bytes(MAX_WAITING)]


def test_hostile_pieces_take_linear_time() -> None:
    half, begin = begun(), time.process_time()
    for number in range(20_000):
        list(half.take((START + 3 * number + 1) % 2**32, 16, b"xy", 0))
    assert time.process_time() - begin < 4


@given(st.lists(st.tuples(st.integers(0, 90), st.integers(1, 40)), max_size=20))
def test_any_order_gives_the_text(cuts: list[tuple[int, int]]) -> None:
    half = begun()
    found = take(half, *((at, TEXT[at : at + size]) for at, size in cuts), (0, TEXT))
    assert b"".join(chunk for chunk in found if isinstance(chunk, bytes)) == TEXT
    assert all(isinstance(chunk, bytes) for chunk in found)
