"""Messages as the correlator sees them."""

from __future__ import annotations

import pytest

from atshell_lwm2m.correlate.traffic import read_traffic
from atshell_lwm2m.message import Message, Registration, Resource

UP = {"src": "198.51.100.7:40000", "dst": "192.0.2.1:5683"}
DOWN = {"dst": "198.51.100.7:40000", "src": "192.0.2.1:5683"}


@pytest.mark.parametrize(
    ("message", "part", "sender", "upward"),
    [
        (Message(type="CON", code="0.02", operation="Register", **UP), "request", "client", True),
        (Message(type="ACK", code="2.01", operation="Register", **DOWN), "response", "client", False),
        (Message(type="CON", code="0.01", operation="Read", **DOWN), "request", "server", False),
        (Message(type="ACK", code="2.05", operation="Read", **UP), "response", "server", True),
        (Message(type="CON", code="2.05", operation="Notify", **UP), "request", "client", True),
        (Message(type="ACK", code="2.05", operation="Observe", **UP), "response", "server", True),
        # What a decoder takes for the response to an Observe, since it has not seen that.
        (Message(type="CON", code="2.05", operation="Observe", **UP), "request", "client", True),
        (Message(type="ACK", code="0.00", **DOWN), "ack", "client", False),
        (Message(type="RST", code="0.00", **DOWN), "reset", "client", False),
        (Message(type="CON", code="0.00", **UP), "", "server", True),
        (Message(type="CON", code="0.01", **DOWN), "request", "server", False),
        (Message(error="cut off"), "", "client", False),
    ],
)
def test_parts(message, part, sender, upward):
    operation = read_traffic([message], 0).operations[0]
    assert (operation.part, operation.sender, operation.upward) == (part, sender, upward)


def test_servers_are_known_by_what_they_do():
    """A platform on another port: its acknowledgement still comes from the server."""
    up, down = {"src": "a:1", "dst": "b:2"}, {"src": "b:2", "dst": "a:1"}
    traffic = read_traffic(
        [
            Message(frame=1, type="CON", code="0.02", operation="Register", mid=1, **up),
            Message(frame=2, type="ACK", code="0.00", mid=1, **down),
        ],
        0,
    )
    assert [operation.client for operation in traffic.operations] == ["a:1", "a:1"]
    assert traffic.operations[1].name == "Register"


def test_an_empty_message_answers_by_its_id():
    traffic = read_traffic(
        [
            Message(frame=1, type="CON", code="2.05", operation="Notify", mid=147, target="/3200/0", **UP),
            Message(frame=2, type="ACK", code="0.00", mid=147, time=0.2, **DOWN),
            Message(frame=3, type="ACK", code="0.00", mid=147, time=3000, **DOWN),
        ],
        0,
    )
    assert traffic.answers == {0: [1]}
    assert (traffic.operations[1].name, traffic.operations[1].target) == ("Notify", "/3200/0")


def test_a_separate_response():
    """RFC 7252 section 5.2.2: an empty acknowledgement first, the response with an ID of its own later."""
    traffic = read_traffic(
        [
            Message(frame=1, type="CON", code="0.01", operation="Read", mid=7, **DOWN),
            Message(frame=2, type="ACK", code="0.00", mid=7, **UP),
            Message(frame=3, type="CON", code="2.05", operation="Read", mid=900, request=1, **UP),
            Message(frame=4, type="ACK", code="0.00", mid=900, **DOWN),
        ],
        0,
    )
    assert traffic.answers == {0: [1, 2], 2: [3]}
    assert [operation.upward for operation in traffic.operations] == [False, True, True, False]


def test_retransmissions():
    traffic = read_traffic(
        [
            Message(frame=1, type="CON", code="0.02", operation="Update", mid=7, **UP),
            Message(frame=2, type="CON", code="0.02", operation="Update", mid=7, retransmission_of=1, **UP),
            Message(frame=3, type="CON", code="0.02", operation="Update", mid=7, retransmission_of=2, **UP),
            Message(frame=4, type="ACK", code="2.04", operation="Update", mid=7, request=3, **DOWN),
            Message(frame=5, type="CON", code="0.02", operation="Update", mid=8, retransmission_of=99, **UP),
        ],
        0,
    )
    assert traffic.transmissions(1) == [0, 1, 2]
    assert traffic.answers == {0: [3]}
    assert traffic.transmissions(4) == [4]


def test_frames_are_of_one_file():
    traffic = read_traffic(
        [
            Message(file="a", frame=1, code="0.02", operation="Update", **UP),
            Message(file="b", frame=1, code="0.02", operation="Update", **UP),
            Message(file="b", frame=2, code="2.04", operation="Update", request=1, **DOWN),
        ],
        0,
    )
    assert traffic.answers == {1: [2]}


def test_values():
    messages = [
        Message(code="0.02", operation="Register", registration=Registration(ep="me", lt=300, location="/rd/1")),
        Message(code="0.03", operation="Write-Attributes", query=["pmin=18", "cancel", "pmax=90"]),
        Message(code="2.05", operation="Notify", resources=[Resource(path="/3/0/1", value=5), Resource(path="/3/0/2")]),
    ]
    operations = read_traffic(messages, 0).operations
    assert [operation.values for operation in operations] == [
        {"/1/0/1": 300},
        {"pmin": "18", "pmax": "90"},
        {"/3/0/1": 5},
    ]
    assert operations[0].endpoint == "me"


def test_the_endpoint_of_a_bootstrap_request():
    message = Message(code="0.02", operation="Bootstrap-Request", query=["b=U", "ep=869975030000461"])
    assert read_traffic([message], 0).operations[0].endpoint == "869975030000461"


def test_times_count_from_the_sessions_start():
    assert read_traffic([Message(time=1000.5)], 1000).operations[0].time == 0.5
