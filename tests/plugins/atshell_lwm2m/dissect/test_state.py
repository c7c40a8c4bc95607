from __future__ import annotations

from atshell_lwm2m.dissect.state import MAX_FLOWS, Client, Clients, Flows, remember


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
