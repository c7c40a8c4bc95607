from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from atshell_lwm2m.dtls.keys import Keys
from atshell_lwm2m.dtls.sessions import Sessions
from atshell_lwm2m.streams.connection import Connection

Wire = Callable[[], Any]
CSM, ASK, ANSWER = bytes.fromhex("00e1"), bytes.fromhex("4101aab1330130"), bytes.fromhex("3145aaff6869")


def connection(*, known: bool = True) -> Connection:
    return Connection(Keys(), Sessions(), known=known)


def hear(one: Connection, segments: Iterable[tuple[str, bytes]]) -> list[tuple[bytes, str | None, str]]:
    found = []
    for where, data in segments:
        heard = one.take(where == ">", data, 0)
        for piece, transport, ours in heard.found:
            came = where if ours else "<" if where == ">" else ">"
            found.append((piece.data, piece.error, came + transport))
    return found


def talk(wire: Any) -> list[tuple[str, bytes]]:
    text = [(">", CSM), ("<", CSM), (">", ASK + ASK[:3]), (">", ASK[3:]), ("<", ANSWER), ("<", ANSWER + ANSWER)]
    return [*wire.open(), *(wire.say(*piece) for piece in text)]


SAID = [
    *((CSM, None, ">tcp"), (CSM, None, "<tcp"), (ASK, None, ">tcp"), (ASK, None, ">tcp")),
    *((ANSWER, None, "<tcp"),) * 3,
]


def test_a_conversation(wire: Wire) -> None:
    assert hear(connection(known=False), talk(wire())) == SAID


def test_everything_twice(wire: Wire) -> None:
    assert hear(connection(), [segment for segment in talk(wire()) for _ in range(2)]) == SAID


def test_shaken(wire: Wire) -> None:
    """What stays near its place is put right, whichever way it was shaken."""
    for seed in range(20):
        segments = talk(wire())
        at = random.Random(seed).randrange(2, len(segments) - 1)
        if segments[at][0] == segments[at + 1][0]:
            segments[at : at + 2] = reversed(segments[at : at + 2])
        assert hear(connection(), segments) == SAID


def test_a_segment_that_the_capture_lost(wire: Wire) -> None:
    """The other side's next acknowledgement says that it was there."""
    both = wire()
    segments = [*both.open(), both.say(">", CSM), both.say(">", ASK[:4])]
    both.say(">", ASK[4:] + ASK)
    segments += [both.say(">", ASK), both.say("<", CSM), both.say(">", ASK)]
    found = hear(connection(), segments)
    assert found[0] == (CSM, None, ">tcp")
    assert found[2] == (ASK[:4], "10 bytes of the stream are not in the capture at byte 4", ">tcp")
    assert [one[0] for one in found[3:]] == [ASK, ASK]


def test_from_the_middle(wire: Wire) -> None:
    both = wire()
    both.say(">", b"x" * 500)
    segments = [both.say(">", ASK[4:]), both.say(">", ASK), both.say("<", ANSWER)]
    found = hear(connection(), segments)
    assert found[0][1] == "no CoAP message begins at byte 0 of this segment"
    assert [one[0] for one in found[1:]] == [ASK, ANSWER]
    assert hear(connection(known=False), segments) == []


def test_the_same_ports_again(wire: Wire) -> None:
    one, both = connection(), wire()
    assert hear(one, talk(both)) == SAID
    both._sent = {">": 77, "<": 99}
    assert hear(one, talk(both)) == SAID


def test_one_byte_a_segment(wire: Wire) -> None:
    both = wire()
    segments = [*both.open(), *(both.say(">", bytes([byte])) for byte in CSM + ASK)]
    assert [one[0] for one in hear(connection(), segments)] == [CSM, ASK]


@given(st.lists(st.tuples(st.booleans(), st.binary(max_size=40)), max_size=20), st.booleans())
def test_any_segments(pieces: list[tuple[bool, bytes]], known: bool) -> None:
    one = connection(known=known)
    for side, data in pieces:
        one.take(side, bytes(9)[len(data) :] + data if len(data) < 9 else data, 0)


@given(st.binary(max_size=60), st.sampled_from([b"\x16\x03\x01", b"\x17\x03\x03", b"GET ", b"HTTP/1.1 101", CSM]))
def test_any_stream(data: bytes, head: bytes) -> None:
    one = connection()
    one.take(True, bytes(8) + b"\x10" + head + data, 0)
    one.take(False, bytes(8) + b"\x10" + data, 5)
