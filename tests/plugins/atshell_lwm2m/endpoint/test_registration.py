from __future__ import annotations

import pytest

from atshell_lwm2m.endpoint import registration
from atshell_lwm2m.endpoint.exchange import Reply
from atshell_lwm2m.endpoint.registration import Observed, Registration
from atshell_lwm2m.message import Resource


@pytest.mark.parametrize(
    ("known", "number", "after", "fresh"),
    [
        (5, 6, 0, True),
        (5, 5, 0, False),
        (5, 4, 0, False),
        (5, 4, 129, True),
        ((1 << 24) - 1, 0, 0, True),
        (0, (1 << 24) - 1, 0, False),
        (0, (1 << 23) - 1, 0, True),
        (0, 1 << 23, 0, False),
    ],
)
def test_which_notification_is_newer(known, number, after, fresh):
    """RFC 7641 section 3.4."""
    assert Observed(None, known, 10.0).fresh(number, 10.0 + after) is fresh


def test_awake_and_asleep():
    client = Registration("one", "a", ("h", 1))
    client.awake = 93
    assert not client.asleep(1000)
    client.queue_mode = True
    assert client.asleep(93)
    assert not client.asleep(92)
    client.heard = 50
    assert not client.asleep(142)


def test_values_and_notifications_are_bounded(monkeypatch):
    monkeypatch.setattr(registration, "MAX_VALUES", 2)
    client = Registration("one", "a", ("h", 1))
    for number in range(100):
        client.sent(number, [Resource(f"/3303/0/{number}", value=number)])
    assert dict(client.values) == {"/3303/0/98": 98, "/3303/0/99": 99}
    assert len(client.notifications) == registration.MAX_NOTIFICATIONS


def test_a_notification_that_cannot_be_read():
    client = Registration("one", "a", ("::1", 1))
    client.notified("/3/0", Reply("2.05", b"\xe4\x16", 11542, observe=1), 0)
    assert client.notifications[0]["error"].startswith("TLV")
    assert client.describe(0)["address"] == "[::1]:1"
    assert client.values == {}
