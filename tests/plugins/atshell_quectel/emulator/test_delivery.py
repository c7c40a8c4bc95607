"""A request on the wire, with answers written by hand (RFC 7252 sections 3 and 4.2)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell.emulator.clock import ManualClock
from atshell_lwm2m.endpoint.exchange import Reply
from atshell_quectel.emulator.delivery import RESET, Delivery, Post

WAITS = (2.0, 4.0, 8.0)


class Wire:
    def __init__(self) -> None:
        self.clock = ManualClock()
        self.sent: list[tuple[float, bytes]] = []
        self.ended: list[Reply | None] = []
        self.delivery = Delivery(self.clock, lambda data: self.sent.append((self.clock.now(), data)))

    def begin(self) -> bytes:
        """What was sent."""
        self.delivery.begin(Post(("rd",)), WAITS, self.ended.append)
        return self.sent[-1][1]

    @property
    def codes(self) -> list[str | None]:
        return [reply and reply.code for reply in self.ended]


def test_it_is_sent_again_and_given_up() -> None:
    wire = Wire()
    request = wire.begin()
    assert request[:2] + request[8:] == b"\x44\x02\xb2rd"
    wire.clock.advance(13.9)
    assert wire.sent == [(0, request), (2, request), (6, request)]
    assert wire.ended == []
    wire.clock.advance(1000)
    assert (len(wire.sent), wire.ended) == (3, [None])


@pytest.mark.parametrize(("code", "said"), [(0x41, "2.01"), (0x84, "4.04"), (0xA3, "5.03")])
def test_an_answer_ends_it(code: int, said: str) -> None:
    wire = Wire()
    request = wire.begin()
    wire.clock.advance(3)
    assert wire.delivery.received(bytes([0x64, code]) + request[2:8] + b"\x82rd\x02ab")
    assert wire.ended == [Reply(said, location=("rd", "ab"))]
    wire.clock.advance(1000)
    assert len(wire.sent) == 2


def test_a_separate_response_is_acknowledged_each_time() -> None:
    wire = Wire()
    request = wire.begin()
    assert wire.delivery.received(b"\x60\x00" + request[2:4])
    wire.clock.advance(5)
    assert len(wire.sent) == 1  # nothing is sent again once it is acknowledged
    response = b"\x44\x44\x12\x34" + request[4:8]
    for _ in range(2):
        assert wire.delivery.received(response)
    assert [data for _, data in wire.sent[1:]] == [b"\x60\x00\x12\x34"] * 2
    assert wire.codes == ["2.04"]


def test_acknowledged_and_never_answered() -> None:
    wire = Wire()
    request = wire.begin()
    wire.delivery.received(b"\x60\x00" + request[2:4])
    wire.clock.advance(14)
    assert (len(wire.sent), wire.ended) == (1, [None])


def test_a_reset_ends_it() -> None:
    wire = Wire()
    request = wire.begin()
    assert wire.delivery.received(b"\x70\x00" + request[2:4])
    assert wire.codes == [RESET]


def test_what_is_about_something_else() -> None:
    wire = Wire()
    request = wire.begin()
    other = bytes([request[2] ^ 1, request[3]])
    strangers = [
        b"",
        b"\x40",
        b"\x60\x00" + other,
        b"\x70\x00" + other,
        b"\x44\x01\x00\x01" + request[4:8],  # a request with the same token
        b"\x64\x41" + request[2:4] + b"\0\0\0\0",
        b"\x60\x41" + request[2:4],
    ]
    for data in strangers:
        assert not wire.delivery.received(data), data.hex()
    # A response that cannot be read is the module's to ignore; the request goes on.
    assert wire.delivery.received(b"\x64\x41" + request[2:8] + b"\xff")
    assert wire.ended == []


def test_a_new_request_takes_the_place_of_the_old() -> None:
    wire = Wire()
    first = wire.begin()
    second = wire.begin()
    assert (int.from_bytes(first[2:4]) + 1) % 65536 == int.from_bytes(second[2:4])
    assert first[4:8] != second[4:8]
    assert not wire.delivery.received(b"\x64\x41" + first[2:8])
    wire.clock.advance(100)
    assert wire.ended == [None]


def test_cancelled_is_silent() -> None:
    wire = Wire()
    request = wire.begin()
    wire.delivery.cancel()
    wire.clock.advance(100)
    assert wire.delivery.received(b"\x64\x41" + request[2:8])
    assert (len(wire.sent), wire.ended) == (1, [])


@given(st.binary(max_size=40), st.booleans())
def test_any_bytes_may_come(data: bytes, ours: bool) -> None:
    wire = Wire()
    request = wire.begin()
    wire.delivery.received(data[:2] + request[2:8] + data[2:] if ours else data)
    wire.clock.advance(100)
    assert len(wire.ended) == 1
