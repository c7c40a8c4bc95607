from __future__ import annotations

import pytest

from atshell_lwm2m.dissect import state
from atshell_lwm2m.dissect.state import LIFETIME, MAX_FLOWS, Client, Clients, Flow, Flows, Sent, remember


def key(number: int) -> bytes:
    return number.to_bytes(4, "big") + b"\1\2\3\4" + b"\x9c\x40\x16\x33"


def test_both_directions_know_each_other() -> None:
    flows = Flows()
    flow = flows.make(key(1))
    assert (flow.src, flow.dst) == ("0.0.0.1:40000", "1.2.3.4:5683")
    assert flow.peer.peer is flow
    assert flows.get(b"\1\2\3\4\0\0\0\1\x16\x33\x9c\x40") is flow.peer


def test_the_oldest_flow_goes() -> None:
    flows = Flows()
    for number in range(MAX_FLOWS):
        flows.make(key(number))
    assert flows.get(key(0)) is None
    assert flows.get(key(MAX_FLOWS - 1)) is not None


def test_a_flow_that_goes_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages are not tracked by the garbage collector: nobody else would break their circles."""
    monkeypatch.setattr(state, "MAX_FLOWS", 2)
    flows, clients = Flows(), Clients()
    flow = flows.make(key(1))
    clients.attach(flow, Client("ep"))
    flow.sent[1] = flow.requests[b"t"] = sent(flow, 1, 0)
    flow.client.observations[b"t"] = flow.sent[1]
    flows.make(key(2))
    assert (flow.sent, flow.requests, flow.client) == ({}, {}, None)
    assert flow.peer.client is None


def test_remember() -> None:
    table = {1: "a", 2: "b"}
    remember(table, 1, "c", 2)
    remember(table, 3, "d", 2)
    assert table == {1: "c", 3: "d"}


def test_a_client_is_found_by_its_location_at_its_server() -> None:
    flows, clients = Flows(), Clients()
    flow, other = flows.make(key(1)), flows.make(key(2))
    client = Client("ep")
    clients.attach(flow, client)
    clients.located(flow, client, "/rd/1")
    assert clients.find(other, "/rd/1") is client
    assert clients.find(flow.peer, "/rd/1") is None
    clients.detach(flow)
    assert clients.find(flow, "/rd/1") is None
    assert flow.peer.client is None


def sent(flow: Flow, frame: int, time: int, *, response: int | None = None, observing: bool = False) -> Sent:
    data = b"\x42\x01" + frame.to_bytes(2, "big") + frame.to_bytes(2, "big")
    one = Sent(frame, time, data, flow, 1, response=response, observing=observing)
    flow.sent[frame] = flow.requests[data[4:]] = one
    return one


def test_what_was_answered_is_forgotten_after_its_lifetime() -> None:
    flows = Flows()
    flow = flows.make(key(1))
    flows.recent += [sent(flow, 1, 0, response=9), sent(flow, 2, 0), sent(flow, 3, 0, response=9, observing=True)]
    flows.recent.append(sent(flow, 4, LIFETIME))
    flows.sweep(LIFETIME - 1)
    assert list(flow.sent) == [1, 2, 3, 4]
    flows.sweep(LIFETIME)
    assert list(flow.sent) == [4]
    assert [one.frame for one in flow.requests.values()] == [2, 3, 4]


def test_caps_are_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "MAX_SENT", 10)
    told: list[str] = []
    flows = Flows(told.append)
    flow = flows.make(key(1))
    for number in range(100):
        flows.recent.append(sent(flow, number, number))
        flows.sweep(number)
    assert list(flow.sent) == list(range(90, 100))
    assert [one.frame for one in flow.requests.values()] == list(range(80, 100))
    assert told == [
        "more than 10 messages in 247 s: the oldest are forgotten",
        "more than 10 open requests: the oldest are forgotten",
    ]


def test_a_newer_message_is_not_forgotten_for_an_older_one() -> None:
    flows = Flows()
    flow = flows.make(key(1))
    flows.recent.append(sent(flow, 1, 0, response=2))
    newer = sent(flow, 1, 5)
    flows.sweep(LIFETIME + 1)
    assert flow.sent[1] is newer
    assert list(flow.requests.values()) == [newer]
