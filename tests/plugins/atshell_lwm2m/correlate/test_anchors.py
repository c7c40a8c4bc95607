"""What proves that a session and a capture belong together, and whose traffic is the session's."""

from __future__ import annotations

from atshell.session.intent import Intent
from atshell_lwm2m.correlate.anchors import NO_MATCH, match
from atshell_lwm2m.correlate.devices import name_devices
from atshell_lwm2m.correlate.traffic import Traffic, read_traffic
from atshell_lwm2m.message import Message

SERVER = "192.0.2.1:5683"


def traffic_of(messages: list[Message]) -> Traffic:
    traffic = read_traffic(messages, 0)
    name_devices(traffic, messages)
    return traffic


def read(time: float, mid: int, client: str = "a:1", target: str = "/3200/0/5750") -> Message:
    words = {"src": SERVER, "dst": client, "operation": "Read", "target": target}
    return Message(frame=int(time), time=time, type="CON", code="0.01", mid=mid, **words)


def told(time: float, mid: int, target: str = "/3200/0/5750") -> Intent:
    return Intent(time, (2,), "urc", "", "", ("Read",), sender="server", mid=mid, target=target)


def login(time: float) -> Message:
    return Message(time=time, code="0.02", operation="Register", src="a:1", dst=SERVER)


def logs_in(time: float) -> Intent:
    return Intent(time, (2,), "at", "", "", ("Register",))


def test_two_message_ids_are_enough():
    found = match([told(0, 7), told(60, 8)], traffic_of([read(5000, 7), read(5060, 8)]))
    assert found.fit.offset == 5000
    assert len(found.fit.anchors) == 2
    assert len(found.devices) == 1


def test_one_is_not_unless_the_clocks_agree():
    assert match([told(0, 7)], traffic_of([read(5000, 7)])) == NO_MATCH
    assert match([told(0, 7)], traffic_of([read(2, 7)])).devices


def test_ids_at_other_distances_prove_nothing():
    assert match([told(0, 7), told(60, 8)], traffic_of([read(5000, 7), read(9000, 8)])) == NO_MATCH


def test_ids_with_other_targets_prove_nothing():
    assert (
        match([told(0, 7), told(60, 8)], traffic_of([read(5000, 7, target="/3"), read(5060, 8, target="/3")]))
        == NO_MATCH
    )


def test_logins_prove_nothing_at_another_time():
    lines = [logs_in(0), logs_in(600), logs_in(1200)]
    assert match(lines, traffic_of([login(5000), login(5600), login(6200)])) == NO_MATCH
    assert match(lines, traffic_of([login(1), login(601), login(1201)])).devices


def test_few_of_many_are_chance():
    """Two IDs meet, but forty others of the same minutes do not."""
    lines = [told(10.0 * number, 1000 + number) for number in range(42)]
    messages = [read(5000 + 10.0 * number, 2000 + number) for number in range(40)]
    messages += [read(5000, 1000), read(5010, 1001)]
    messages.sort(key=lambda message: message.time)
    assert match(lines, traffic_of(messages)) == NO_MATCH


def test_the_device_with_the_ids():
    messages = [read(5000, 7), read(5000.5, 70, "b:1"), read(5060, 8), read(5061, 80, "b:1")]
    found = match([told(0, 7), told(60, 8)], traffic_of(messages))
    assert found.devices == {"address a:1"}


def test_a_device_under_two_addresses():
    messages = [read(5000, 7), read(5060, 8), read(5120, 9, "a:2"), read(5180, 10, "a:2")]
    found = match([told(0, 7), told(60, 8), told(120, 9), told(180, 10)], traffic_of(messages))
    assert found.devices == {"address a:1", "address a:2"}


def test_nothing():
    assert match([], traffic_of([])) == NO_MATCH
    assert match([told(0, 7)], traffic_of([])) == NO_MATCH
    assert match([], traffic_of([read(0, 7)])) == NO_MATCH
