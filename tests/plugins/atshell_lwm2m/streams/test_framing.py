from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell_lwm2m.streams.framing import MAX_MESSAGE, Framing

ASK, ANSWER = bytes.fromhex("4101aab1330130"), bytes.fromhex("d10045aa") + b"\xff" + b"0123456789ab"
CSM = bytes.fromhex("00e1")
TALK = [CSM, ASK, ANSWER, ASK]


def cut(framing: Framing, *pieces: bytes) -> list[bytes]:
    return [one.data for piece in pieces for one in framing.feed(piece)]


def test_whole_byte_by_byte_and_several_at_once() -> None:
    text = b"".join(TALK)
    assert cut(Framing(), text) == TALK
    assert cut(Framing(), *(text[at : at + 1] for at in range(len(text)))) == TALK
    assert cut(Framing(), text + ASK[:3]) == TALK


@given(st.lists(st.integers(1, 20)))
def test_any_cuts(sizes: list[int]) -> None:
    text, framing, found = b"".join(TALK), Framing(), list[bytes]()
    for size in sizes:
        found += cut(framing, text[:size])
        text = text[size:]
    assert found + cut(framing, text) == TALK


@pytest.mark.parametrize("lost", range(1, 12))
def test_a_gap_inside_a_message(lost: int) -> None:
    """The length says where the next one begins."""
    framing = Framing()
    assert cut(framing, CSM + ANSWER[:5]) == [CSM]
    (hole,) = framing.gap(lost)
    assert (hole.data, hole.error) == (ANSWER[:5], f"{lost} bytes of the stream are not in the capture at byte 5")
    assert not hole.whole
    assert cut(framing, ANSWER[5 + lost :] + ASK) == [ASK]


def test_a_gap_of_unknown_messages() -> None:
    framing = Framing()
    assert cut(framing, CSM) == [CSM]
    assert [one.error for one in framing.gap(9)] == ["9 bytes of the stream are not in the capture at byte 0"]
    (bad,) = framing.feed(b"the rest of something")
    assert bad.error == "no CoAP message begins at byte 0 of this segment"
    assert cut(framing, ASK + ANSWER) == [ASK, ANSWER]


def test_a_stream_from_its_middle() -> None:
    framing = Framing(lost=True)
    assert [one.error is None for one in framing.feed(ANSWER[7:])] == [False]
    assert cut(framing, ASK) == [ASK]


def test_a_message_that_is_too_long_is_left_out() -> None:
    framing = Framing()
    size = MAX_MESSAGE
    head = b"\xf0" + (size - 65_805).to_bytes(4, "big") + b"\x45"
    (found,) = framing.feed(head + b"\xff" + bytes(99))
    assert found.error == f"a message of {size + 6} bytes is longer than {MAX_MESSAGE} at byte 0"
    assert list(framing.gap(size - 200)) == []
    assert cut(framing, bytes(100) + ASK) == [ASK]


def test_a_long_message_in_small_segments_takes_linear_time() -> None:
    framing, begin = Framing(), time.process_time()
    data = b"\xf0" + (300_000 - 65_805).to_bytes(4, "big") + b"\x45" + b"\xff" + bytes(299_999)
    found = [one for at in range(0, len(data), 3) for one in framing.feed(data[at : at + 3])]
    assert [len(one.data) for one in found] == [len(data)]
    assert time.process_time() - begin < 3


@given(st.lists(st.one_of(st.binary(max_size=30), st.integers(1, 50)), max_size=20))
def test_any_bytes(pieces: list[bytes | int]) -> None:
    framing = Framing()
    for piece in pieces:
        list(framing.feed(piece) if isinstance(piece, bytes) else framing.gap(piece))
