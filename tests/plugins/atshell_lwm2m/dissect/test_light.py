from __future__ import annotations

from collections.abc import Callable
from typing import Any

from atshell_lwm2m.codec.options import read_options
from atshell_lwm2m.dissect.about import about
from atshell_lwm2m.dissect.light import Light
from atshell_lwm2m.dissect.state import Flow, Sent
from atshell_lwm2m.message import Message

Say = Callable[..., bytes]
SECOND = 1_700_000_000_000_000_000


def write(say: Say, data: bytes, **more: Any) -> Light:
    made = say("CON", "0.03", 7, b"t", data, uri_path=("3", "0", "14"), content_format=0, **more)
    sense = about("Write", "/3/0/14")
    options = read_options(made, 5)
    return Light(3, SECOND, made, Flow("a", "b"), 3, True, number="3", endpoint="dev", about=sense, options=options)


def test_a_message_is_made_when_it_is_asked_for(say: Say) -> None:
    light = write(say, b"+02")
    message = light.message
    assert light.message is message
    assert (message.operation, message.target, message.mid, message.endpoint) == ("Write", "/3/0/14", 7, "dev")
    assert [one.value for one in message.resources] == ["+02"]
    light.answered(9)
    light.answered(10)
    assert message.response == light.response == 9


def test_who_answered_it_is_told_when_it_is_asked_for(say: Say) -> None:
    light = write(say, b"+02")
    light.answered(9)
    light.answered(10)
    assert (light.waiting, light.response, light.whole) == (False, 9, None)
    assert light.message.response == 9


def test_what_is_sent_again_has_the_same_answer(say: Say) -> None:
    light = write(say, b"+02")
    again = Sent(4, SECOND, light.data, light.flow, 3, whole=Message(4), again=light)
    assert again.message.response is None
    light.answered(9)
    assert again.message.response == 9


def test_only_the_last_block_shows_values(say: Say) -> None:
    first = write(say, b"+" + b"0" * 15, block1=(0, True, 0))
    assert not first.message.resources
    last = write(say, b"2", block1=(1, False, 0))
    last.body = b"+02"
    assert last.message.body == b"+02".hex()
    assert [one.value for one in last.message.resources] == ["+02"]


def test_a_notification_shows_values_when_it_is_content(say: Say) -> None:
    origin = write(say, b"+02")
    for code, values in (("2.05", ["+02"]), ("2.03", [])):
        made = say("NON", code, 7, b"t", b"+02", observe=1, content_format=0)
        number = int(code[0]) << 5 | int(code[2:])
        sense = about("Notify", "/3/0/14")
        light = Light(9, SECOND, made, origin.flow, number, number="9", origin=origin, about=sense)
        assert [one.value for one in light.message.resources] == values
        assert (light.message.request, light.message.endpoint) == (3, None)


def test_an_update_says_what_it_registers(say: Say) -> None:
    made = say("CON", "0.02", 7, b"t", uri_path=("rd", "1"), uri_query=("lt=60",))
    light = Light(3, SECOND, made, Flow("a", "b"), 2, True, number="3", about=about("Update", None))
    registration = light.message.registration
    assert registration is not None
    assert (registration.lt, registration.location) == (60, "/rd/1")
