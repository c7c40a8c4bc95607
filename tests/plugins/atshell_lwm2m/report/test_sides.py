from __future__ import annotations

import pytest

from atshell_lwm2m.message import Message
from atshell_lwm2m.report.sides import Sides, port


@pytest.mark.parametrize(
    ("message", "out"),
    [
        (Message(src="a:1", dst="b:2", code="0.02", operation="Register"), True),
        (Message(src="b:2", dst="a:1", code="2.01", operation="Register"), False),
        (Message(src="a:1", dst="b:2", code="0.01", operation="Read"), False),
        (Message(src="a:1", dst="b:2", code="2.05", operation="Notify"), True),
        (Message(src="a:1", dst="b:5683"), True),
        (Message(src="a:5684", dst="b:2"), False),
        (Message(src="a:1", dst="b:2", code="0.01"), True),
        (Message(src="a:1", dst="b:2", code="2.05"), False),
        (Message(src="a:40001", dst="b:15684"), True),
        (Message(src="b:15683", dst="a:40001", code="7.01"), False),
    ],
)
def test_who_is_the_client(message: Message, out: bool) -> None:
    assert Sides().outgoing(message) is out


def test_one_clear_message_settles_a_pair() -> None:
    sides = Sides()
    assert sides.outgoing(Message(src="a:1", dst="b:2", code="0.02", operation="Register"))
    assert not sides.outgoing(Message(src="b:2", dst="a:1", code="0.01"))
    assert port("[::1]:5683") == "5683"


def test_what_both_sides_send_settles_nothing() -> None:
    """A server's settings come first in this TCP connection, from a port that is higher than the client's."""
    sides = Sides()
    assert sides.outgoing(Message(src="b:15683", dst="a:1024", code="7.01"))
    assert sides.outgoing(Message(src="a:1024", dst="b:15683", code="0.01"))
    assert not sides.outgoing(Message(src="b:15683", dst="a:1024", code="7.02"))
