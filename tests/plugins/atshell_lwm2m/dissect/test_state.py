from __future__ import annotations

import gc

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
    client = Client("ep")
    clients.attach(flow, client)
    client.observations[b"t"] = sent(flows, flow, 1)
    flows.make(key(2))
    assert (flow.requests, flow.client) == ({}, None)
    assert flow.peer.client is None
    assert found(flows, flow, range(4)) == [1]
    del flow, client
    flows.turn(1)
    flows.turn(2)
    gc.collect()
    assert not [one for one in gc.get_objects() if isinstance(one, Flow) and "0.0.0.1:40000" in (one.src, one.dst)]


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


def sent(flows: Flows, flow: Flow, frame: int, *, response: int | None = None, observing: bool = False) -> Sent:
    """A request with its frame's number as message ID and token."""
    data = b"\x42\x01" + 2 * frame.to_bytes(2, "big")
    one = Sent(frame, frame, data, flow, 1, response=response, observing=observing)
    flows.sent[flow.base + frame] = flow.requests[data[4:]] = one
    return one


def asked(flow: Flow) -> list[int]:
    return [one.frame for one in flow.requests.values()]


def found(flows: Flows, flow: Flow, mids: range) -> list[int]:
    """Of these message IDs, those that are known."""
    return [mid for mid in mids if flows.find(flow.base + mid) is not None]


def test_a_message_id_belongs_to_one_direction() -> None:
    flows = Flows()
    flow, other = flows.make(key(1)), flows.make(key(2))
    one = sent(flows, flow, 7)
    assert flows.find(flow.base + 7) is one
    assert flows.find(flow.peer.back + 7) is one
    assert flow.peer.asked is flow.requests
    for base in (flow.back, other.base, other.back):
        assert flows.find(base + 7) is None
    assert len({base + mid for base in (flow.base, flow.back, other.base, other.back) for mid in (0, 65535)}) == 8


def test_what_was_sent_is_known_until_the_second_page() -> None:
    flows = Flows()
    flow = flows.make(key(1))
    sent(flows, flow, 1)
    flows.turn(1)
    sent(flows, flow, 2)
    assert found(flows, flow, range(4)) == [1, 2]
    flows.turn(2)
    assert found(flows, flow, range(4)) == [2]
    flows.turn(3)
    assert found(flows, flow, range(4)) == []


def test_who_waits_or_observes_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    flows = Flows()
    flow = flows.make(key(1))
    answered, waits, _ = sent(flows, flow, 1, response=9), sent(flows, flow, 2), sent(flows, flow, 3, observing=True)
    flow.requests[b"\0\3"].response = 9
    for now in (1, 2):
        flows.turn(now)
        assert asked(flow) == [1, 2, 3]
    monkeypatch.setattr(state, "MAX_OPEN", 2)
    sent(flows, flow, 4, response=9).time = 2
    flows.turn(3)
    assert asked(flow) == [2, 3, 4]
    assert flow.requests.get(b"\0\1") is not answered
    for now in range(4, 9):
        flows.turn(now)
        assert asked(flow) == [2, 3]
    monkeypatch.setattr(state, "MAX_OPEN", 1)
    waits.response = 99
    flows.turn(9)
    assert asked(flow) == [3]


def test_the_oldest_of_too_many_open_requests_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of all conversations together."""
    monkeypatch.setattr(state, "MAX_OPEN", 3)
    told: list[str] = []
    flows = Flows(told.append)
    first, second = flows.make(key(1)), flows.make(key(2))
    for frame in (5, 3, 1):
        sent(flows, second, frame, response=9, observing=True)
    for frame in (2, 4, 6):
        sent(flows, first, frame)
    sent(flows, first, 7, response=8)
    flows.turn(10)
    assert (asked(first), asked(second)) == ([4, 6, 7], [5])
    flows.turn(LIFETIME + 10)
    assert (asked(first), asked(second)) == ([4, 6], [5])
    assert told == ["more than 3 open requests: the oldest are forgotten"]


def test_what_is_forgotten_too_early_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "PAGE", 10)
    told: list[str] = []
    flows = Flows(told.append)
    flow = flows.make(key(1))
    for now in (0, LIFETIME, 2 * LIFETIME):
        sent(flows, flow, 1)
        flows.turn(now)
    assert told == []
    for now in (3 * LIFETIME - 1, 3 * LIFETIME):
        sent(flows, flow, 1)
        flows.turn(now)
    assert told == ["more than 10 datagrams in 247 s: the oldest are forgotten"]


def test_nothing_is_told_where_nothing_was_sent() -> None:
    told: list[str] = []
    flows = Flows(told.append)
    flow = flows.make(key(1))
    for now in range(3):
        flows.turn(now)
    sent(flows, flow, 1)
    flows.turn(4)
    assert told == []


def test_the_page_is_turned_after_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "PAGE", 10)
    flows = Flows()
    flow = flows.make(key(1))
    sent(flows, flow, 1)
    turns: list[int] = []
    turn = flows.turn
    monkeypatch.setattr(flows, "turn", lambda now: (turns.append(now), turn(now)))
    for now in range(9):
        flows.passed(now)
    flows.passed(9, 0)
    assert turns == []
    flows.passed(10)
    flows.passed(11, 9)
    assert turns == [10]
    # Other messages of the same datagram.
    flows.left -= 4
    flows.passed(12)
    flows.passed(13, 10)
    assert turns == [10, 12, 13]
    assert found(flows, flow, range(4)) == []


def test_a_newer_message_is_not_forgotten_for_an_older_one() -> None:
    flows = Flows()
    flow = flows.make(key(1))
    sent(flows, flow, 1, response=2)
    flows.turn(1)
    newer = sent(flows, flow, 1)
    for now in (2, 3, 4):
        assert list(flow.requests.values()) == [newer]
        flows.turn(now)
    assert flows.find(flow.base + 1) is None
    assert list(flow.requests.values()) == [newer]


def test_no_message_id_is_above_the_highest() -> None:
    """Also after it began again, and when what was sent is forgotten."""
    flows = Flows()
    flow, other = flows.make(key(1)), flows.make(key(2))
    for mid in (7, 9, 8, 65535, 0, 1):
        one = Sent(mid, 0, b"\x40\x01" + mid.to_bytes(2, "big"), flow, 1)
        flows.keep(mid, one)
        assert flows.find(flow.base + mid) is one
        assert flow.highest >= mid
    flows.turn(1)
    flows.turn(2)
    assert (flow.highest, flow.peer.highest, other.highest) == (65535, -1, -1)
