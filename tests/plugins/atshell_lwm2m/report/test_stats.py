from __future__ import annotations

import msgspec

from atshell_lwm2m.message import Message, MessageType, OptionValue
from atshell_lwm2m.report.stats import spread, statistics


def test_a_story_in_numbers(story: list[Message]) -> None:
    stats = statistics((message, bytes(20)) for message in story)
    assert (stats.messages, stats.retransmissions, stats.registrations, stats.bytes) == (16, 1, 1, 320)
    assert (stats.start, stats.end) == (0.1, 900.1)
    assert {one.operation: (one.count, one.failed, one.unanswered) for one in stats.operations} == {
        "Update": (3, 1, 0),
        "Notify": (2, 0, 0),
        "Register": (1, 0, 0),
        "Observe": (1, 0, 0),
        "Read": (1, 0, 1),
    }
    assert stats.codes["2.04"] == 2
    (device,) = stats.devices
    assert (device.device, device.messages, device.bytes_up, device.bytes_down) == ("dev-1", 16, 180, 140)
    assert stats.rtt is not None
    assert (stats.rtt.count, stats.rtt.p50, stats.rtt.max) == (6, 0.2, 2.3)
    assert b"null" not in msgspec.json.encode(stats)


def test_percentiles_by_the_nearest_rank() -> None:
    found = spread([0.001 * n for n in range(1, 101)])
    assert found is not None
    assert (found.p50, found.p90, found.p99, found.max) == (0.05, 0.09, 0.099, 0.1)
    assert spread([]) is None


def test_nameless_traffic_is_the_device_s_at_its_host() -> None:
    before = Message(1, 0.0, "10.8.0.7:1", "b:5683", "udp", type="CON", code="0.01", mid=1, path="/x")
    named = Message(2, 1.0, "10.8.0.7:2", "b:5683", "udp", type="CON", code="0.02", mid=2, endpoint="dev-1")
    other = Message(3, 2.0, "10.8.0.8:2", "b:5683", "udp", error="broken", payload="ff")
    stats = statistics((one, None) for one in (before, named, other))
    assert {one.device: (one.messages, one.bytes_up) for one in stats.devices} == {"dev-1": (2, 8), "10.8.0.8": (1, 1)}
    assert stats.errors == 1


def test_several_messages_of_one_datagram() -> None:
    two = [Message(1, 0.0, "a:1", "b:5684", "dtls"), Message(1, 0.0, "a:1", "b:5684", "dtls")]
    stats = statistics((one, bytes(100)) for one in two)
    assert (stats.bytes, stats.encrypted) == (100, 2)


def test_bytes_are_told_apart_by_transport() -> None:
    over = [("udp", bytes(20)), ("dtls", bytes(60)), ("tcp", None), ("udp", bytes(30))]
    stats = statistics(
        (Message(n, 0.0, "a:1", "b:5683", transport, code="0.01"), data) for n, (transport, data) in enumerate(over, 1)
    )
    # Over TCP: a byte of lengths, and the code (RFC 8323 section 3.2).
    assert (stats.transports, stats.bytes) == ({"udp": 50, "dtls": 60, "tcp": 2}, 112)


def test_who_wants_no_response_is_not_unanswered() -> None:
    def asked(frame: int, kind: MessageType, refused: int | None) -> Message:
        options: list[tuple[int, str, OptionValue]] = [] if refused is None else [(258, "No-Response", refused)]
        return Message(frame, 0.0, "a:1", "b:5683", "udp", type=kind, code="0.03", options=options)

    # RFC 7967 section 2.1: 2 stands for 2.xx, 8 for 4.xx, 16 for 5.xx.
    told = [asked(1, "NON", 26), asked(2, "NON", 2), asked(3, "CON", 26), asked(4, "NON", 24), asked(5, "NON", None)]
    (operation,) = statistics((one, None) for one in told).operations
    assert (operation.count, operation.unanswered) == (5, 2)


def test_nothing() -> None:
    assert statistics([]).messages == 0
