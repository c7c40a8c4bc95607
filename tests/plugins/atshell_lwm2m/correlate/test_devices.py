"""Which messages are of the same device."""

from __future__ import annotations

from atshell_lwm2m.correlate.devices import name_devices
from atshell_lwm2m.correlate.traffic import read_traffic
from atshell_lwm2m.message import Message, Registration

SERVER = "192.0.2.1:5683"


def devices(*messages: Message) -> list[str]:
    traffic = read_traffic(messages, 0)
    name_devices(traffic, messages)
    return [operation.device for operation in traffic.operations]


def read(client: str, endpoint: str | None = None) -> Message:
    return Message(code="0.01", operation="Read", src=SERVER, dst=client, endpoint=endpoint)


def update(client: str, path: str, endpoint: str | None = None) -> Message:
    return Message(code="0.02", operation="Update", src=client, dst=SERVER, path=path, endpoint=endpoint)


def test_by_endpoint():
    one, again, other = devices(read("a:1", "me"), read("a:2", "me"), read("a:3", "you"))
    assert one == again != other


def test_by_address():
    one, again, other = devices(read("a:1"), read("a:1"), read("a:2"))
    assert one == again != other


def test_an_address_with_one_owner_is_the_owners():
    assert len(set(devices(read("a:1", "me"), read("a:1")))) == 1


def test_an_address_with_two_owners_ties_nothing():
    assert len(set(devices(read("a:1", "me"), read("a:1", "you"), read("a:1")))) == 3


def test_a_registration_stays_when_the_address_changes():
    assert len(set(devices(update("a:1", "/rd/5"), read("a:1"), update("a:2", "/rd/5"), read("a:2")))) == 1
    assert len(set(devices(update("a:1", "/rd/5"), update("a:2", "/rd/6")))) == 2


def test_a_registration_tells_the_endpoint():
    answer = Message(
        code="2.01",
        operation="Register",
        src=SERVER,
        dst="a:1",
        endpoint="me",
        registration=Registration(location="/rd/5"),
    )
    assert len(set(devices(answer, update("a:2", "/rd/5")))) == 1


def test_one_location_of_two_endpoints_joins_none():
    assert len(set(devices(update("a:1", "/rd/5", "me"), update("a:2", "/rd/5", "you")))) == 2
