from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine

import aiocoap
from hypothesis import given, settings
from hypothesis import strategies as st

from atshell.emulator.clock import ManualClock
from atshell_lwm2m.codec.coap import read
from atshell_lwm2m.endpoint import udp
from atshell_lwm2m.endpoint.endpoint import Endpoint
from atshell_lwm2m.endpoint.exchange import Address, Incoming, Reply, Request

PEER = ("192.0.2.2", 5683)
CON, NON, ACK = 0, 1, 2
TRANSMIT_WAIT, EXCHANGE_LIFETIME = 93.0, 247.0
"""Seconds (RFC 7252 section 4.8.2)."""


class FakeWire:
    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.receive: Callable[[bytes, Address], None] = lambda data, address: None

    def start(self, receive: Callable[[bytes, Address], None]) -> None:
        self.receive = receive

    def send(self, data: bytes, address: Address) -> None:
        self.sent.append(data)

    def close(self) -> None:
        pass

    async def closed(self) -> None:
        pass


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


class Bench:
    """An endpoint with nothing below it. Requests are kept in ``asked``."""

    def __init__(self) -> None:
        self.wire = FakeWire()
        self.asked: list[Incoming] = []
        self.outcomes: list[tuple[int, str]] = []
        self.troubles: list[dict[str, object]] = []
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: self.troubles.append(context))
        self.clock = ManualClock()
        self.endpoint = Endpoint(
            self.wire,
            self.asked.append,
            lambda peer, mid, outcome: self.outcomes.append((mid, outcome)),
            clock=self.clock,
        )

    async def feed(self, text: str) -> None:
        self.wire.receive(bytes.fromhex(text), PEER)
        await settle()

    async def pass_by(self, seconds: float) -> None:
        self.clock.advance(seconds)
        await settle()


def run(session: Callable[[Bench], Coroutine[object, object, None]]) -> None:
    async def main() -> None:
        bench = Bench()
        try:
            await session(bench)
            await settle()
        finally:
            await bench.endpoint.close()
        assert bench.troubles == []
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(main())


OBSERVE = "4201000a0102" + "60" + "53" + b"abc".hex()
"""CON GET, message ID 10, token 0102, Observe 0, Uri-Path abc (RFC 7641 section 2)."""


def test_a_notification_has_the_message_id_it_asks_for():
    async def session(bench: Bench) -> None:
        await bench.feed(OBSERVE)
        (incoming,) = bench.asked
        incoming.notify(Reply("2.05", b"a", observe=1))
        incoming.notify(Reply("2.05", b"b", observe=2, mid=147))
        incoming.notify(Reply("2.05", b"c", observe=3, confirmable=False))
        first, second, third = map(read, bench.wire.sent)
        assert (first[0], first[2], first[5]) == (ACK, 10, b"a")
        assert (second[0], second[2], second[3], second[4].observe) == (CON, 147, b"\x01\x02", 2)
        assert (third[0], third[4].observe) == (NON, 3)
        assert bench.endpoint.busy(PEER, 147)
        await bench.feed("60000093")
        assert bench.outcomes == [(147, "ack")]
        assert not bench.endpoint.busy(PEER, 147)

    run(session)


def test_a_reset_ends_an_observation():
    for confirmable in (True, False):

        async def session(bench: Bench, confirmable: bool = confirmable) -> None:
            await bench.feed(OBSERVE)
            ended: list[bool] = []
            bench.asked[0].on_end.append(lambda: ended.append(True))
            bench.asked[0].notify(Reply("2.05", observe=1))
            bench.asked[0].notify(Reply("2.05", observe=2, mid=147, confirmable=confirmable))
            await bench.feed("70000093")
            assert ended == [True]
            assert not bench.asked[0].notify(Reply("2.05", observe=3))
            assert bench.outcomes == ([(147, "reset")] if confirmable else [])

        run(session)


def test_several_requests_are_under_way_and_one_that_is_given_up_fails_alone():
    async def session(bench: Bench) -> None:
        first = bench.endpoint.send(Request("GET", PEER, ("1",)))
        second = bench.endpoint.send(Request("GET", PEER, ("2",)))
        assert len(bench.wire.sent) == 2
        assert second.mid == first.mid + 1 & 0xFFFF
        await bench.feed(f"6245{second.mid:04x}{second.token.hex()}ff62")
        assert (await second.response).payload == b"b"
        await bench.pass_by(TRANSMIT_WAIT)
        assert isinstance(first.response.exception(), ConnectionError)
        assert bench.outcomes == [(second.mid, "ack"), (first.mid, "timeout")]
        third = bench.endpoint.send(Request("GET", PEER, ("3",)))
        assert third.mid == second.mid + 1 & 0xFFFF

    run(session)


def test_two_requests_time_out_together():
    async def session(bench: Bench) -> None:
        outgoing = [bench.endpoint.send(Request("GET", PEER, (name,))) for name in "12"]
        await bench.pass_by(TRANSMIT_WAIT)
        assert [one.response.done() for one in outgoing] == [True, True]

    run(session)


def test_a_duplicate_gets_the_same_answer_and_is_not_told():
    async def session(bench: Bench) -> None:
        await bench.feed("4001000b")
        await bench.feed("4001000b")
        bench.asked[0].answer(Reply("4.04"))
        await bench.feed("4001000b")
        assert len(bench.asked) == 1
        assert bench.wire.sent == [bytes.fromhex("6084000b")] * 2

    run(session)


def test_messages_to_remember_are_bounded(monkeypatch):
    monkeypatch.setattr(udp, "MAX_SEEN", 4)

    async def session(bench: Bench) -> None:
        for mid in range(8):
            bench.wire.receive(bytes.fromhex(f"5001{mid:04x}"), PEER)
            await settle()
            bench.asked[-1].answer(Reply("4.04"))
        assert len(bench.endpoint._manager._recent_messages) == 4
        bench.wire.receive(bytes.fromhex("50010000"), PEER)
        await settle()
        assert len(bench.asked) == 9

    run(session)


def test_what_is_not_acknowledged_is_sent_again_in_the_device_s_time():
    """RFC 7252 section 4.2: after 2 to 3 s, then each time twice as long, four times."""

    async def session(bench: Bench) -> None:
        moments: list[float] = []
        sent = bench.wire.sent
        outgoing = bench.endpoint.send(Request("GET", PEER, ("1",)))
        for _ in range(1000):
            before = len(sent)
            await bench.pass_by(0.1)
            moments += [bench.clock.now()] * (len(sent) - before)
        assert sent == [sent[0]] * 5
        first = moments[0]
        assert 2.0 <= first <= 3.1
        for moment, factor in zip(moments, (1, 3, 7, 15), strict=True):
            assert abs(moment - factor * first) < 0.1 * factor + 0.1
        assert isinstance(outgoing.response.exception(), ConnectionError)
        assert bench.outcomes == [(outgoing.mid, "timeout")]

    run(session)


def test_an_answer_that_takes_longer_is_acknowledged_first():
    """A separate response (RFC 7252 section 5.2.2), a tenth of a second after the request."""

    async def session(bench: Bench) -> None:
        await bench.feed("4101000b01")
        await bench.pass_by(0.09)
        assert bench.wire.sent == []
        await bench.pass_by(0.02)
        assert bench.wire.sent == [bytes.fromhex("6000000b")]
        bench.asked[0].answer(Reply("2.05", b"a"))
        kind, _, mid, token, _, payload = read(bench.wire.sent[1])[:6]
        assert (kind, token, payload) == (CON, b"\x01", b"a")
        await bench.feed(f"6000{mid:04x}")
        await bench.pass_by(TRANSMIT_WAIT)
        assert len(bench.wire.sent) == 2

    run(session)


def test_a_message_is_remembered_for_the_lifetime_of_an_exchange():
    async def session(bench: Bench) -> None:
        await bench.feed("5001000b")
        await bench.pass_by(EXCHANGE_LIFETIME - 1)
        await bench.feed("5001000b")
        assert len(bench.asked) == 1
        await bench.pass_by(1)
        await bench.feed("5001000b")
        assert len(bench.asked) == 2

    run(session)


def test_message_ids_are_one_peer_s_own():
    async def session(bench: Bench) -> None:
        first = bench.endpoint.send(Request("GET", PEER))
        bench.endpoint._manager.message_id = first.mid
        other = bench.endpoint.send(Request("GET", ("192.0.2.3", 5683)))
        bench.endpoint._manager.message_id = first.mid
        again = bench.endpoint.send(Request("GET", PEER))
        assert (other.mid, again.mid) == (first.mid, first.mid + 1 & 0xFFFF)
        assert len(bench.wire.sent) == 3

    run(session)


def test_a_ping_is_reset():
    async def session(bench: Bench) -> None:
        await bench.feed("4000abcd")
        assert bench.wire.sent == [bytes.fromhex("7000abcd")]

    run(session)


def test_missing_parts_of_aiocoap_are_named(monkeypatch):
    import pytest

    from atshell.errors import AtshellError

    monkeypatch.delattr(udp.MessageManager, "_retransmit")
    with pytest.raises(AtshellError, match=r"has no MessageManager\._retransmit"):
        udp._check()


HEADERS = st.builds(
    lambda kind, code, mid, token: bytes((0x40 | kind << 4 | len(token), code, 0, mid)) + token,
    st.integers(0, 3),
    st.integers(0, 255),
    st.integers(0, 20),
    st.binary(max_size=9),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.one_of(st.binary(max_size=40), st.builds(bytes.__add__, HEADERS, st.binary(max_size=30))), max_size=8)
)
def test_any_datagrams_may_arrive(datagrams):
    async def session(bench: Bench) -> None:
        outgoing = bench.endpoint.send(Request("GET", PEER, observe=0))
        for data in datagrams:
            bench.wire.receive(data, PEER)
            await settle()
            for incoming in bench.asked:
                incoming.answer(Reply("2.05", incoming.payload))
        outgoing.forget()

    run(session)


def test_a_failure_that_nobody_waits_for_is_no_news() -> None:
    """aiocoap would raise TypeError where it logs it."""
    asking = udp.Asking(aiocoap.Message(code=aiocoap.GET), udp.log)
    heard: list[object] = []
    asking.on_event(lambda event: bool(heard.append(event)))
    asking.add_exception(ConnectionError())
    asking.add_exception(ConnectionError())
    assert len(heard) == 1
