"""Registers that change nothing. That nothing else is left out is shown by test_skipped."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from atshell_lwm2m.capture.fast import Headed, grouped
from atshell_lwm2m.capture.frames import CapturedDatagram, turned
from atshell_lwm2m.dissect.dissector import Dissector
from atshell_lwm2m.dissect.repeated import Repeated
from atshell_lwm2m.dissect.state import LIFETIME

Say = Callable[..., bytes]
Talk = list[tuple[str, bytes]]
QUERY = ("ep=dev-1", "lt=300", "lwm2m=1.0", "b=U")
LINKS = b'</lwm2m>;rt="oma.lwm2m",</lwm2m/1/0>,</lwm2m/3200/0>'


class Heard:
    """What a conversation leaves of what is said in it."""

    def __init__(self, frames_of: Callable[..., list[CapturedDatagram]]) -> None:
        self._frames_of = frames_of
        self._dissector = Dissector()
        self.repeated = Repeated(self._dissector.meaning.clients, self._dissector.flows.get)
        self.key = b""

    def headed(self, where: str, data: bytes, time: int = 0) -> Headed:
        ((headed,),) = grouped([(9, time, *self._frames_of([(where, data)])[0][2:])], 1)
        return headed

    def hear(self, *talk: tuple[str, bytes]) -> None:
        for where, data in talk:
            frame, time, _, _, self.key, head, _, _, missing = self.headed(where, data)
            flow = self._dissector.flows.get(self.key) or self._dissector.flows.make(self.key)
            self._dissector.take(flow, frame, time, data, missing)
            self.repeated.learn(self.key, flow, head, data)

    def has(self, where: str, data: bytes, time: int = 0) -> bool:
        return self.repeated.has(self.headed(where, data, time))

    def late(self) -> bytes | None:
        """In either direction it is the same."""
        late = self.repeated.late(self.key)
        assert self.repeated.late(turned(self.key)) is None
        return None if late is None else late[7]


@pytest.fixture
def heard(frames_of: Callable[..., list[CapturedDatagram]], registered: Talk) -> Heard:
    heard = Heard(frames_of)
    heard.hear(*registered)
    return heard


@pytest.fixture
def asks(say: Say) -> Callable[..., bytes]:
    def register(mid: int, token: bytes, query: tuple[str, ...] = QUERY, kind: str = "CON") -> bytes:
        return say(kind, "0.02", mid, token, LINKS, uri_path=("rd",), uri_query=query, content_format=40)

    return register


@pytest.fixture
def answers(say: Say) -> Callable[..., bytes]:
    def located(mid: int, token: bytes, location: str = "5a3f") -> bytes:
        return say("ACK", "2.01", mid, token, location_path=("rd", location))

    return located


def test_the_same_again_and_the_same_answer(heard: Heard, asks: Say, answers: Say) -> None:
    for mid in (20, 21):
        assert heard.has(">", asks(mid, b"x"))
        assert heard.has(">", asks(mid, b"x"))  # Sent twice.
        assert heard.has("<", answers(mid, b"x"))
        assert not heard.has("<", answers(mid, b"x"))
        assert heard.late() is None


def test_what_is_not_the_same(heard: Heard, asks: Say, answers: Say) -> None:
    assert not heard.has(">", asks(20, b"x", (*QUERY[:1], "lt=600", *QUERY[2:])))
    assert not heard.has("<", asks(20, b"x"))
    assert not heard.has("}", asks(20, b"x"))
    assert not heard.has("<", answers(20, b"x"))
    assert not heard.has(">", b"")
    assert heard.late() is None


@pytest.mark.parametrize(
    ("mid", "token", "location", "time"),
    [
        (21, b"x", "5a3f", 0),
        (20, b"y", "5a3f", 0),
        (20, b"xx", "5a3f", 0),
        (20, b"x", "5a40", 0),
        (20, b"x", "5a3f", LIFETIME),
    ],
)
def test_another_answer_needs_the_register(
    heard: Heard, asks: Say, answers: Say, mid: int, token: bytes, location: str, time: int
) -> None:
    assert heard.has(">", asks(20, b"x"))
    assert not heard.has("<", answers(mid, token, location), time)
    assert heard.late() == asks(20, b"x")
    assert heard.late() is None


def test_a_second_register_needs_the_first(heard: Heard, asks: Say) -> None:
    assert heard.has(">", asks(20, b"x"))
    assert not heard.has(">", asks(21, b"x"))
    assert heard.late() == asks(20, b"x")


def test_whoever_is_there_now(heard: Heard, asks: Say, answers: Say) -> None:
    """The location was given to another address, and its client has it."""
    heard.hear(("}", asks(30, b"z")), ("{", answers(30, b"z")))
    assert heard.has(">", asks(20, b"x"))
    assert not heard.has("<", answers(20, b"x"))


def test_a_client_that_has_gone(heard: Heard, say: Say, asks: Say, answers: Say) -> None:
    heard.hear((">", say("CON", "0.04", 5, b"d", uri_path=("rd", "5a3f"))), ("<", say("ACK", "2.02", 5, b"d")))
    assert heard.has(">", asks(20, b"x"))
    assert not heard.has("<", answers(20, b"x"))


def test_a_separate_answer_is_not_waited_for(heard: Heard, say: Say, asks: Say) -> None:
    assert heard.has(">", asks(20, b"x"))
    assert not heard.has("<", say("CON", "2.01", 77, b"x", location_path=("rd", "5a3f")))
    assert heard.late() == asks(20, b"x")
