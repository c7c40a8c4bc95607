"""Which messages a line can be about, whatever the time."""

from __future__ import annotations

import pytest

from atshell.session.intent import Intent
from atshell_lwm2m.correlate.index import Index
from atshell_lwm2m.correlate.traffic import read_traffic
from atshell_lwm2m.message import Message, Resource

UP = {"src": "198.51.100.7:40000", "dst": "192.0.2.1:5683"}
DOWN = {"dst": "198.51.100.7:40000", "src": "192.0.2.1:5683"}
VALUE = [Resource(path="/3200/0/5750", value=12)]
MESSAGES = [
    Message(frame=1, type="CON", code="0.02", operation="Register", mid=1, **UP),
    Message(frame=2, type="ACK", code="2.01", operation="Register", mid=1, request=1, **DOWN),
    Message(frame=3, type="CON", code="0.01", operation="Read", mid=7, **DOWN),
    Message(frame=4, type="ACK", code="2.05", operation="Read", mid=7, request=3, **UP),
    Message(frame=5, type="CON", code="2.05", operation="Notify", mid=147, resources=VALUE, **UP),
    Message(frame=6, type="ACK", code="0.00", mid=147, **DOWN),
    Message(frame=7, type="CON", code="2.05", operation="Notify", mid=148, **UP),
    Message(frame=8, type="RST", code="0.00", mid=148, **DOWN),
    Message(frame=9, type="ACK", code="2.04", mid=50, **UP),
    Message(frame=10, type="ACK", code="2.04", mid=2, **DOWN),
    Message(frame=11, type="CON", code="0.02", operation="Register", mid=3, **UP),
    Message(frame=12, type="ACK", code="4.00", operation="Register", mid=3, request=11, **DOWN),
    Message(frame=13, type="CON", code="0.02", operation="Register", mid=4, **UP),
    Message(frame=14, type="CON", code="0.02", operation="Register", mid=4, retransmission_of=13, **UP),
    Message(frame=15, type="CON", code="0.02", operation="Bootstrap-Finish", mid=9, path="/bs", **DOWN),
    Message(frame=16, type="ACK", code="2.04", operation="Bootstrap-Finish", mid=9, request=15, **UP),
]


def intent(*operations: str, **words: object) -> Intent:
    return Intent(0, (2,), "at", "", "", operations, **words)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("line", "frames"),
    [
        (intent("Register"), [1, 11, 13]),
        (intent("Bootstrap-Request", "Register"), [1, 11, 13]),
        (intent("Read", sender="server", mid=7), [3]),
        (intent("Read", sender="client", mid=7), []),
        (intent("Write", sender="server", mid=7), []),
        (intent("Read", sender="server"), [3]),
        (intent("Read", part="response", sender="server", mid=7), [4]),
        (intent("Write", part="response", sender="server", mid=50), [9]),
        (intent("Notify", mid=147), [5]),
        (intent("Notify", part="outcome", mid=147, ok=True), [6]),
        (intent("Notify", part="outcome", mid=148, ok=True), []),
        (intent("Notify", part="outcome", mid=148, ok=False), [7, 8]),
        (intent("Register", part="outcome", ok=True), [2]),
        (intent("Register", part="outcome", ok=False), [12, 13]),
        (intent("Update", part="outcome", ok=True), [10]),
        (intent("De-register", part="outcome", ok=True), []),
        (intent("Bootstrap-Finish", part="outcome", sender="server", ok=True), [15]),
        (intent("?"), []),
        (intent(), []),
    ],
)
def test_candidates(line, frames):
    index = Index(read_traffic(MESSAGES, 0))
    assert sorted(operation.index + 1 for operation in index.candidates(line)) == frames


def test_by_value():
    index = Index(read_traffic(MESSAGES, 0))
    (found,) = index.with_values(intent("Notify", values=(("/3200/0/5750", "12"),)))
    assert found.index == 4
    assert index.with_values(intent("Notify", values=(("/3200/0/5750", 13),))) == []


def test_only_some_devices():
    assert Index(read_traffic(MESSAGES, 0), frozenset({"other"})).candidates(intent("Register")) == []
