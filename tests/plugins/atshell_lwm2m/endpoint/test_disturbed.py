"""Requests as aiocoap writes them, on a platform's socket with faults, and what comes back as aiocoap reads it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import aiocoap
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell.emulator.clock import ManualClock
from atshell.emulator.faults.faults import Faults, Reaction
from atshell_lwm2m.endpoint.air import ClearAir
from atshell_lwm2m.endpoint.disturbed import MAX_REMEMBERED, DisturbedWire
from atshell_lwm2m.endpoint.exchange import Address

MODULE = ("127.0.0.1", 50000)


class FaultyAir(ClearAir):
    def __init__(self, *lines: str) -> None:
        self.clock = ManualClock()
        self.faults = Faults(lines)
        self.asked: list[str] = []

    def reaction(self, operation: str) -> Reaction | None:
        self.asked.append(operation)
        return self.faults.platform(operation, self.clock.now())

    def later(self, delay: float, callback: Callable[[], None]) -> None:
        self.clock.call_later(delay, callback)


class Below:
    """The socket."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.arrive: Callable[[bytes, Address], None] = lambda data, address: None

    def start(self, receive: Callable[[bytes, Address], None]) -> None:
        self.arrive = receive

    def send(self, data: bytes, address: Address) -> None:
        assert address == MODULE
        self.sent.append(data)

    def close(self) -> None: ...

    async def closed(self) -> None: ...


class Bench:
    def __init__(self, *lines: str) -> None:
        self.air = FaultyAir(*lines)
        self.below = Below()
        self.passed: list[aiocoap.Message] = []
        self.wire = DisturbedWire(self.below, lambda address: self.air if address == MODULE else None)
        self.wire.start(lambda data, address: self.passed.append(aiocoap.Message.decode(data)))

    def ask(self, method: str, path: str, mid: int = 7, kind: aiocoap.Type = aiocoap.CON) -> list[aiocoap.Message]:
        """What is sent back at once."""
        message = aiocoap.Message(code=getattr(aiocoap, method), uri=f"coap://h{path}", _mtype=kind, _mid=mid)
        message.token = b"\x01\x02"
        self.below.arrive(message.encode(), MODULE)
        return self.answers()

    def answers(self) -> list[aiocoap.Message]:
        sent = [aiocoap.Message.decode(data) for data in self.below.sent]
        self.below.sent.clear()
        return sent


def shown(message: aiocoap.Message) -> tuple[str, str, int, bytes]:
    return message.mtype.name, message.code.dotted, message.mid, message.token


def test_an_answer_that_is_not_the_platforms() -> None:
    bench = Bench("platform 4.03 register")
    (answer,) = bench.ask("POST", "/rd?ep=x")
    assert shown(answer) == ("ACK", "4.03", 7, b"\x01\x02")
    assert bench.passed == []
    assert bench.ask("POST", "/rd/5a3f") == []
    assert [message.mid for message in bench.passed] == [7]
    (answer,) = bench.ask("POST", "/rd?ep=x", 8, aiocoap.NON)
    assert shown(answer) == ("NON", "4.03", 8, b"\x01\x02")


def test_a_reset() -> None:
    (answer,) = Bench("platform refuse").ask("POST", "/bs?ep=x")
    assert shown(answer) == ("RST", "0.00", 7, b"")


def test_silence_holds_for_retransmissions_too() -> None:
    bench = Bench("platform silent once")
    assert bench.ask("POST", "/rd") == []
    assert bench.ask("POST", "/rd") == []
    assert bench.passed == []
    bench.ask("POST", "/rd", 8)
    assert [message.mid for message in bench.passed] == [8]
    assert bench.air.asked == ["register", "register"]


def test_a_late_answer_is_a_separate_one() -> None:
    bench = Bench("platform late 5s")
    for _ in range(2):
        (answer,) = bench.ask("PUT", "/rd/5a3f")
        assert shown(answer) == ("ACK", "0.00", 7, b"")
    assert bench.passed == []
    bench.air.clock.advance(5)
    (message,) = bench.passed
    assert shown(message) == ("NON", "0.03", 7, b"\x01\x02")
    assert message.opt.uri_path == ("rd", "5a3f")


def test_a_late_refusal() -> None:
    bench = Bench("platform late 5s", "platform 5.03")
    assert shown(bench.ask("DELETE", "/rd/5a3f")[0]) == ("ACK", "0.00", 7, b"")
    bench.air.clock.advance(5)
    assert [shown(message) for message in bench.answers()] == [("NON", "5.03", 7, b"\x01\x02")]


def test_a_closed_one_answers_no_more() -> None:
    async def scenario() -> None:
        bench = Bench("platform late 5s")
        bench.ask("POST", "/rd")
        bench.wire.close()
        await bench.wire.closed()
        bench.air.clock.advance(5)
        assert bench.passed == []

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("method", "path", "operation"),
    [
        ("POST", "/bs?ep=x", "bootstrap"),
        ("GET", "/bspack?ep=x", "bootstrap"),
        ("POST", "/rd?ep=x", "register"),
        ("POST", "/rd/1", "update"),
        ("PUT", "/rd/1", "update"),
        ("DELETE", "/rd/1", "deregister"),
        ("POST", "/dp", "send"),
        ("POST", "/report", "report"),
        ("POST", "/", "report"),
    ],
)
def test_what_a_request_is_about(method: str, path: str, operation: str) -> None:
    bench = Bench()
    assert bench.ask(method, path) == []
    assert bench.air.asked == [operation]
    assert len(bench.passed) == 1


def test_others_pass() -> None:
    bench = Bench("platform silent")
    response = aiocoap.Message(code=aiocoap.CONTENT, _mtype=aiocoap.ACK, _mid=1)
    bench.below.arrive(response.encode(), MODULE)
    request = aiocoap.Message(code=aiocoap.POST, uri="coap://h/rd", _mtype=aiocoap.CON, _mid=1)
    bench.below.arrive(request.encode(), ("127.0.0.1", 1))
    assert len(bench.passed) == 2
    assert bench.air.asked == []


def test_only_so_much_is_remembered() -> None:
    bench = Bench("platform 4.04 once")
    for mid in range(MAX_REMEMBERED + 1):
        bench.ask("POST", "/rd", mid)
    bench.ask("POST", "/rd", 0)
    assert len(bench.air.asked) == MAX_REMEMBERED + 2


@given(st.binary(max_size=40))
def test_any_bytes(data: bytes) -> None:
    bench = Bench("platform late 1s 50%", "platform 4.04 50%", "platform refuse 50%")
    received: list[bytes] = []
    bench.wire.start(lambda data, address: received.append(data))
    bench.below.arrive(data, MODULE)
    bench.air.clock.advance(1)
    assert len(received) + len(bench.below.sent) >= 1
