from __future__ import annotations

import msgspec

from atshell_lwm2m.message import Message, OptionValue
from atshell_lwm2m.report.exchanges import MAX_OPEN, Pair, exchanges, record


def test_what_belongs_together(story: list[Message]) -> None:
    found = [record(pair) for pair in exchanges(story)]
    assert [(one.frames, one.operation, one.outcome, one.transmissions) for one in found] == [
        ([1, 2], "Register", "answered", 1),
        ([3, 4, 5], "Observe", "answered", 1),
        ([6, 7], "Notify", "acknowledged", 1),
        ([8], "Notify", "unconfirmed", 1),
        ([9, 10, 11], "Update", "answered", 2),
        ([12, 13], "Update", "answered", 1),
        ([14], "Read", "unanswered", 1),
        ([15, 16], "Update", "answered", 1),
    ]
    assert [one.rtt for one in found] == [0.2, 0.5, 0.1, None, 2.3, 0.2, None, 0.1]
    assert found[0].registration is not None
    assert found[0].registration.location == "/rd/5a3f"
    assert found[1].resources[0].value == 95


def test_times_that_are_not_known(story: list[Message], timeless: list[Message]) -> None:
    found, timed = [record(pair) for pair in exchanges(timeless)], [record(pair) for pair in exchanges(story)]
    assert [(one.frames, one.outcome) for one in found] == [(one.frames, one.outcome) for one in timed]
    assert not [one for one in found if b'"time"' in msgspec.json.encode(one) or one.rtt is not None]


def test_one_wanted_message_brings_its_exchange(story: list[Message]) -> None:
    found = list(exchanges(story, lambda message: message.rtt is not None and message.rtt > 2))
    assert [pair.frames for pair in found] == [[9, 10, 11]]


def test_a_record_has_no_nulls(story: list[Message]) -> None:
    for pair in exchanges(story):
        assert b"null" not in msgspec.json.encode(record(pair))


def test_a_reset_and_what_can_not_be_read() -> None:
    ping = Message(1, 1.0, "a:1", "b:5683", "udp", type="CON", code="0.00", mid=1, response=2)
    reset = Message(2, 1.1, "b:5683", "a:1", "udp", type="RST", code="0.00", mid=1, request=1, rtt=0.1)
    broken = Message(3, 1.2, "a:1", "b:5683", "udp", error="no header", payload="ff")
    orphan = Message(4, 1.3, "b:5683", "a:1", "udp", type="ACK", code="2.05", mid=99)
    assert [(pair.frames, pair.outcome) for pair in exchanges([ping, reset, broken, orphan])] == [
        ([1, 2], "reset"),
        ([4], "unconfirmed"),
    ]


def test_requests_that_want_no_response() -> None:
    """RFC 7967 section 2.1: a confirmable one is acknowledged all the same."""
    refused: list[tuple[int, str, OptionValue]] = [(258, "No-Response", 26)]
    alone = Message(1, 1.0, "a:1", "b:5683", "udp", type="NON", code="0.03", mid=1, options=refused)
    asked = Message(2, 1.1, "a:1", "b:5683", "udp", type="CON", code="0.03", mid=2, options=refused)
    acked = Message(3, 1.2, "b:5683", "a:1", "udp", type="ACK", code="0.00", mid=2, request=2)
    lost = Message(4, 1.3, "a:1", "b:5683", "udp", type="CON", code="0.03", mid=3, options=refused)
    assert [(pair.frames, pair.outcome) for pair in exchanges([alone, asked, acked, lost])] == [
        ([1], "unconfirmed"),
        ([2, 3], "acknowledged"),
        ([4], "unanswered"),
    ]


def test_exchanges_are_given_out_when_their_time_is_over() -> None:
    early = Message(1, 0.0, "a:1", "b:5683", "udp", type="CON", code="0.01", mid=1)
    late = Message(2, 300.0, "a:1", "b:5683", "udp", type="CON", code="0.01", mid=2)
    seen: list[Pair] = []
    source = iter([early, late])
    found = exchanges(source)
    seen.append(next(found))
    assert seen[0].first is early
    assert next(source, None) is None


def test_memory_has_a_cap() -> None:
    many = (Message(n, 0.0, "a:1", "b:5683", "udp", type="NON", code="0.01", mid=1) for n in range(1, MAX_OPEN + 3))
    found = exchanges(many)
    assert next(found).first.frame == 1
