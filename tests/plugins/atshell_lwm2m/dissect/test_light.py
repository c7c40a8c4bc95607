from __future__ import annotations

from collections.abc import Callable

from atshell_lwm2m.dissect.about import about
from atshell_lwm2m.dissect.light import Light
from atshell_lwm2m.dissect.state import Flow
from atshell_lwm2m.message import Message, to_json

Say = Callable[..., bytes]
SECOND = 1_700_000_000_000_000_000


def write(say: Say, data: bytes) -> Light:
    made = say("CON", "0.03", 7, b"t", data, uri_path=("3", "0", "14"), content_format=0)
    light = Light(3, SECOND, made, Flow("a", "b"), 3, waiting=True, about=about("Write", "/3/0/14"), valued=True)
    light.text, light.named, light.more = "head", ",named", ",more"
    return light


def test_a_line_of_pieces_with_the_response_between(say: Say) -> None:
    light = write(say, b"+02")
    light.answered(9)
    assert not light.waiting
    assert light.line() == 'head,"response":9,"operation":"Write",named,"target":"/3/0/14",more}'
    assert light.text == light.more == ""


def test_a_message_is_made_when_it_is_asked_for(say: Say) -> None:
    light = write(say, b"+02")
    message = light.message
    assert light.message is message
    assert (message.operation, message.target, message.mid) == ("Write", "/3/0/14", 7)
    assert [one.value for one in message.resources] == ["+02"]
    copy = Message()
    light.copies = [copy]
    light.answered(9)
    light.answered(10)
    assert message.response == copy.response == 9
    assert light.line() == to_json(message).decode()


def test_an_update_says_what_it_registers(say: Say) -> None:
    made = say("CON", "0.02", 7, b"t", uri_path=("rd", "1"), uri_query=("lt=60",))
    light = Light(3, SECOND, made, Flow("a", "b"), 2, about=about("Update", None))
    registration = light.message.registration
    assert registration is not None
    assert (registration.lt, registration.location) == (60, "/rd/1")
