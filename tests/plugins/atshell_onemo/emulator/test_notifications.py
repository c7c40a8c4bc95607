from __future__ import annotations

from atshell.emulator.clock import ManualClock
from atshell_lwm2m.endpoint.client import Observation
from atshell_lwm2m.endpoint.exchange import Incoming, Reply
from atshell_onemo.emulator.model import Value
from atshell_onemo.emulator.notifications import Notifications, Rest
from atshell_onemo.emulator.payload import PLAIN

VALUES = [Value(0, 5750, 1, b"abcd"), Value(0, 5501, 3, b"\x07")]


class FakeClient:
    def __init__(self, *targets: str) -> None:
        self.sent: list[tuple[str, Reply]] = []
        self.observations = {
            target: Observation(target, Incoming(("", 0), 1, True, "GET", tuple(target.split("/")[1:])))
            for target in targets
        }

    def notify(self, observation: Observation, reply: Reply) -> None:
        self.sent.append((observation.target, reply))

    def busy(self, mid: int) -> bool:
        return False


def make(*targets: str) -> tuple[Notifications, FakeClient, ManualClock, list[object]]:
    client, clock, happened = FakeClient(*targets), ManualClock(), []
    notifications = Notifications(client, clock, happened.append, lambda: happened.append("rest"))
    return notifications, client, clock, happened


def test_the_observations_that_a_value_belongs_to() -> None:
    notifications, *_ = make("/3200/0/5750", "/3200", "/3200/0", "/3200/1", "/3200/0/5501", "/3201")
    found = notifications.observed(3200, 0, [5750])
    assert [one.target for one in found] == ["/3200/0", "/3200", "/3200/0/5750"]


def test_each_gets_its_values_and_the_first_the_ackid() -> None:
    notifications, client, *_ = make("/3200/0", "/3200/0/5501")
    notifications.send(notifications.observed(3200, 0, [5750, 5501]), VALUES, PLAIN, 147)
    assert [(target, reply.mid, reply.confirmable) for target, reply in client.sent] == [
        ("/3200/0", 147, True),
        ("/3200/0/5501", None, False),
    ]
    assert client.sent[1][1].payload == bytes.fromhex("e1157d07")


def test_a_repeated_ackid_is_the_same_message() -> None:
    notifications, _, clock, happened = make("/3200/0")
    for _ in range(2):
        notifications.send(notifications.observed(3200, 0, [5750]), VALUES, PLAIN, 147)
        notifications.ended(147, "ack")
    assert happened == [147]
    clock.advance(247)
    notifications.send(notifications.observed(3200, 0, [5750]), VALUES, PLAIN, 147)
    notifications.ended(147, "ack")
    assert happened == [147, 147]


def test_what_is_given_up_or_reset_or_not_ours_is_not_told() -> None:
    notifications, _, _, happened = make("/3200/0")
    notifications.ended(5, "ack")
    for outcome in ("timeout", "reset"):
        notifications.send(notifications.observed(3200, 0, [5750]), VALUES, PLAIN, 147, Rest.ACKNOWLEDGED)
        notifications.ended(147, outcome)
    assert happened == []


def test_the_radio_rests_when_it_was_asked_to() -> None:
    notifications, _, _, happened = make("/3200/0")
    observations = notifications.observed(3200, 0, [5750])
    notifications.send(observations, VALUES, PLAIN, None, Rest.SENT)
    assert happened == ["rest"]
    notifications.send(observations, VALUES, PLAIN, 7, Rest.ACKNOWLEDGED)
    assert happened == ["rest"]
    notifications.ended(7, "ack")
    assert happened == ["rest", 7, "rest"]


def test_an_object_that_is_gone_is_told() -> None:
    notifications, client, *_ = make("/3200/0", "/3201")
    notifications.forget(3200)
    assert [(target, reply.code) for target, reply in client.sent] == [("/3200/0", "4.04")]
