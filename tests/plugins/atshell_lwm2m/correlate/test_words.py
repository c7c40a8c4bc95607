"""Messages as one line."""

from __future__ import annotations

import pytest

from atshell_lwm2m.correlate.traffic import read_traffic
from atshell_lwm2m.correlate.words import describe
from atshell_lwm2m.message import Message, Registration, Resource

UP = {"src": "198.51.100.7:40000", "dst": "192.0.2.1:5683"}
DOWN = {"dst": "198.51.100.7:40000", "src": "192.0.2.1:5683"}
VALUE = Resource(path="/3200/0/5750", value="abcd", type="string")


@pytest.mark.parametrize(
    ("message", "text"),
    [
        (
            Message(
                type="CON",
                code="0.02",
                path="/rd",
                mid=3,
                operation="Register",
                registration=Registration(ep="869975030000461", lt=3000, objects=["/1/0", "/3200/0"]),
                **UP,
            ),
            "→ CON POST /rd  Register  869975030000461  lt 3000  /1/0 /3200/0  mid 3",
        ),
        (
            Message(
                type="ACK",
                code="2.01",
                mid=3,
                rtt=0.003,
                operation="Register",
                registration=Registration(location="/rd/7c2e"),
                **DOWN,
            ),
            "← ACK 2.01 /rd/7c2e  Register  3.0 ms",
        ),
        (
            Message(
                type="CON", code="0.01", path="/3200/0", observe=0, mid=9, operation="Observe", target="/3200/0", **DOWN
            ),
            "← CON GET /3200/0 observe  Observe  mid 9",
        ),
        (
            Message(type="CON", code="0.01", path="/3200/0", observe=1, mid=9, operation="Cancel-Observation", **DOWN),
            "← CON GET /3200/0 cancel  Cancel-Observation  mid 9",
        ),
        (
            Message(type="CON", code="2.05", mid=147, operation="Notify", target="/3200/0", resources=[VALUE], **UP),
            '→ CON 2.05  Notify /3200/0/5750 = "abcd"  mid 147',
        ),
        (Message(type="ACK", code="0.00", mid=147, operation="Notify", **DOWN), "← ACK  Notify"),
        (Message(type="RST", code="0.00", mid=147, operation="Notify", **DOWN), "← RST  refused: Notify"),
        (
            Message(type="ACK", code="2.04", operation="Write", target="/3200/0/5750", rtt=1.5, **UP),
            "→ ACK 2.04  Write /3200/0/5750  1.5 s",
        ),
        (
            Message(type="CON", code="0.02", path="/rd/1", operation="Update", mid=4, retransmission_of=41, **UP),
            "→ CON POST /rd/1  Update  mid 4  retransmission of #41",
        ),
        (Message(type="CON", code="0.01", path="", **DOWN), "← CON GET /"),
        (Message(type="CON", code="0.29", **DOWN), "← CON 0.29"),
        (Message(type="CON", code="0.01", path="/3", file="field/b.pcap", **DOWN), "← CON GET /3  b.pcap"),
        (Message(error="4 bytes are missing at 12", **UP), "→ ?  4 bytes are missing at 12"),
        (
            Message(
                type="ACK",
                code="2.05",
                operation="Read",
                resources=[Resource(path=f"/3/0/{n}", value=n) for n in range(5)],
                **UP,
            ),
            "→ ACK 2.05  Read /3/0/0 = 0, /3/0/1 = 1 … 3 more",
        ),
        (
            Message(
                type="ACK", code="2.05", operation="Discover", target="/3", resources=[Resource(path="/3/0")], **UP
            ),
            "→ ACK 2.05  Discover /3/0",
        ),
    ],
)
def test_lines(message, text):
    operation = read_traffic([message], 0).operations[0]
    assert describe(message, operation) == text


def test_long_values_are_cut():
    message = Message(code="2.05", operation="Notify", resources=[Resource(path="/1", value="x" * 5000)])
    assert len(describe(message, read_traffic([message], 0).operations[0])) < 100
