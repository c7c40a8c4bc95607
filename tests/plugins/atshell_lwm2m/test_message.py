from __future__ import annotations

import json

import pytest

from atshell_lwm2m.message import Block, Message, Registration, Resource, Seconds, to_json


def test_absent_means_unknown() -> None:
    assert to_json(Message()) == b"{}"
    assert to_json(Message(frame=3, code="0.01")) == b'{"frame":3,"code":"0.01"}'


def test_nested_records() -> None:
    message = Message(
        options=[(11, "Uri-Path", "rd"), (12, "Content-Format", 40)],
        block1=Block(0, True, 512),
        registration=Registration(ep="x", lt=300),
        resources=[Resource("/3/0/9", value=0), Resource("/3/0/20", value=False)],
    )
    assert json.loads(to_json(message)) == {
        "options": [[11, "Uri-Path", "rd"], [12, "Content-Format", 40]],
        "block1": {"num": 0, "more": True, "size": 512},
        "registration": {"ep": "x", "lt": 300},
        "resources": [{"path": "/3/0/9", "value": 0}, {"path": "/3/0/20", "value": False}],
    }


def test_a_time_finer_than_a_float() -> None:
    time = Seconds.of(1_700_000_000_000_000_001)
    assert time + 1 == pytest.approx(1700000001)
    assert to_json(Message(time=time)) == b'{"time":1700000000.000000001}'


def test_hostile_text_is_escaped() -> None:
    assert to_json(Message(path="/\x1b[31m\n\x7f")) == b'{"path":"/\\u001b[31m\\n\x7f"}'
