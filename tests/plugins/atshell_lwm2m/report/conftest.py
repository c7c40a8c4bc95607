"""A device's messages as the dissector makes them, and one time zone for all screens."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from atshell_lwm2m.message import NO_TIME, Message, Registration, Resource

DEVICE, MOVED, SERVER = "10.8.0.7:40000", "10.9.9.9:41111", "117.161.2.7:5683"


@pytest.fixture(autouse=True)
def _utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def up(frame: int, moment: float, src: str = DEVICE, **fields: Any) -> Message:
    return Message(frame, moment, src, SERVER, "udp", endpoint="dev-1", **fields)


def down(frame: int, moment: float, dst: str = DEVICE, **fields: Any) -> Message:
    return Message(frame, moment, SERVER, dst, "udp", endpoint="dev-1", **fields)


def _story() -> list[Message]:
    """Registered, observed, notified twice; one update from a new address that was sent again; then too late."""
    given = Registration("dev-1", 300, "1.0", "U", None, ["/1/0", "/3/0"])
    at = Registration(location="/rd/5a3f")
    moved = Registration(lt=600, location="/rd/5a3f")
    battery = [Resource("/3/0/9", "Battery Level", "integer", 95, "/100")]
    register = {"operation": "Register", "mid": 1, "token": "01"}
    observe = {"operation": "Observe", "target": "/3/0/9", "token": "02", "mid": 9}
    notify = {"operation": "Notify", "target": "/3/0/9", "token": "02", "code": "2.05", "request": 3}
    update = {"operation": "Update", "token": "03", "type": "CON", "code": "0.02", "path": "/rd/5a3f"}
    return [
        up(1, 0.1, type="CON", code="0.02", path="/rd", response=2, registration=given, **register),
        down(2, 0.3, type="ACK", code="2.01", request=1, rtt=0.2, registration=at, **register),
        down(3, 1.0, type="CON", code="0.01", path="/3/0/9", observe=0, response=5, **observe),
        up(4, 1.1, type="ACK", code="0.00", mid=9, request=3, operation="Observe", target="/3/0/9"),
        up(5, 1.5, type="NON", code="2.05", observe=1, request=3, rtt=0.5, resources=battery, **observe),
        up(6, 10.0, type="CON", observe=2, mid=2, response=7, resources=battery, **notify),
        down(7, 10.1, type="ACK", code="0.00", mid=2, request=6, rtt=0.1, operation="Notify", target="/3/0/9"),
        up(8, 20.0, type="NON", observe=3, mid=3, resources=battery, **notify),
        up(9, 200.0, MOVED, mid=4, response=11, registration=moved, **update),
        up(10, 202.0, MOVED, mid=4, response=11, retransmission_of=9, registration=moved, **update),
        down(11, 202.3, MOVED, type="ACK", code="2.04", mid=4, request=9, rtt=2.3, operation="Update"),
        up(12, 250.0, MOVED, mid=5, response=13, registration=Registration(location="/rd/5a3f"), **update),
        down(13, 250.2, MOVED, type="ACK", code="2.04", mid=5, request=12, rtt=0.2, operation="Update"),
        down(14, 260.0, MOVED, type="CON", code="0.01", path="/3/0", operation="Read", target="/3/0", mid=10),
        up(15, 900.0, MOVED, mid=6, response=16, registration=Registration(location="/rd/5a3f"), **update),
        down(16, 900.1, MOVED, type="ACK", code="4.04", mid=6, request=15, rtt=0.1, operation="Update"),
    ]


@pytest.fixture
def story() -> list[Message]:
    return _story()


@pytest.fixture
def timeless() -> list[Message]:
    """The same from a capture that tells no times."""
    messages = _story()
    for message in messages:
        message.time, message.rtt = NO_TIME, None
    return messages
