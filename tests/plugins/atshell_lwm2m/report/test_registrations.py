from __future__ import annotations

from typing import Any

import msgspec
import pytest

from atshell_lwm2m.message import Message, Registration
from atshell_lwm2m.report import registrations
from atshell_lwm2m.report.registrations import Life, lives

DEVICE, SERVER = "10.8.0.7:40000", "117.161.2.7:5683"


def asked(frame: int, moment: float, operation: str, **fields: Any) -> Message:
    return Message(
        frame, moment, DEVICE, SERVER, "udp", type="CON", code="0.02", operation=operation, endpoint="dev-1", **fields
    )


def answered(frame: int, moment: float, operation: str, code: str = "2.04", **fields: Any) -> Message:
    return Message(
        frame, moment, SERVER, DEVICE, "udp", type="ACK", code=code, operation=operation, endpoint="dev-1",
        request=frame - 1, rtt=0.1, **fields,
    )  # fmt: skip


def registered(frame: int, moment: float, location: str = "/rd/1", lt: int | None = 60) -> list[Message]:
    given = Registration("dev-1", lt, "1.0", "U", None, ["/1/0", "/3/0"])
    return [
        asked(frame, moment, "Register", path="/rd", response=frame + 1, registration=given),
        answered(frame + 1, moment + 0.1, "Register", "2.01", registration=Registration(location=location)),
    ]


def updated(frame: int, moment: float, code: str = "2.04", given: Registration | None = None) -> list[Message]:
    return [
        asked(frame, moment, "Update", path="/rd/1", response=frame + 1, registration=given or Registration()),
        answered(frame + 1, moment + 0.1, "Update", code),
    ]


def told(life: Life) -> list[tuple[str, str | None]]:
    return [(event.what, event.text) for event in life.events]


def test_a_life(story: list[Message]) -> None:
    (life,) = lives(story)
    assert told(life) == [
        ("registered", "/rd/5a3f"),
        ("address", "10.8.0.7:40000 → 10.9.9.9:41111"),
        ("lifetime", "300 s → 600 s"),
        ("update", None),
        ("update", None),
        ("expired", None),
        ("unknown", "4.04"),
    ]
    assert (life.end, life.ended, life.updates, life.retransmissions) == ("expired", 850.2, 2, 1)
    assert (life.client, life.lifetime, life.renewed) == ("10.9.9.9:41111", 600, 250.2)
    assert b"null" not in msgspec.json.encode(life)


def test_ends() -> None:
    again = lives([*registered(1, 0), *registered(3, 30, "/rd/2")])
    assert [life.end for life in again] == ["replaced", "open"]
    late = lives([*registered(1, 0), *registered(3, 90)])
    assert [(life.end, life.ended) for life in late] == [("expired", 60.1), ("open", None)]
    gone = [asked(3, 5, "De-register", path="/rd/1", response=4), answered(4, 5.1, "De-register", "2.02")]
    assert [life.end for life in lives([*registered(1, 0), *gone])] == ["deregistered"]
    quiet = lives([*registered(1, 0, lt=None), Message(9, 86_000.0), Message(10, 86_500.5)])
    assert [(life.end, life.ended) for life in quiet] == [("expired", 86_400.1)]


def test_refused_and_unanswered() -> None:
    refused = [asked(1, 0, "Register", response=2), answered(2, 0.1, "Register", "4.03")]
    (life,) = lives(refused)
    assert (life.end, told(life)) == ("refused", [("refused", "4.03")])
    (life,) = lives([asked(1, 0, "Register")])
    assert (life.end, told(life)) == ("unanswered", [("unanswered", None)])


def test_a_server_that_takes_it_back() -> None:
    (life,) = lives([*registered(1, 0), *updated(3, 90, "4.04"), *updated(5, 95), *updated(7, 96)])
    assert told(life)[1:] == [("expired", None), ("unknown", "4.04"), ("update", None), ("update", None)]
    assert (life.end, life.ended) == ("open", None)


def test_what_an_update_changes() -> None:
    given = Registration(lt=60, b="UQ", objects=["/1/0", "/3200/0"])
    (life,) = lives([*registered(1, 0), *updated(3, 5, given=given)])
    assert told(life)[1:] == [("binding", "U → UQ"), ("objects", "+/3200/0 -/3/0"), ("update", None)]


def test_a_capture_that_begins_later() -> None:
    (life,) = lives([*updated(1, 0), *updated(3, 100)])
    assert (life.location, life.updates, life.end) == ("/rd/1", 2, "open")


def test_a_bootstrap_begins_the_life() -> None:
    bootstrap = [
        asked(1, 0, "Bootstrap-Request", path="/bs", response=2),
        answered(2, 0.1, "Bootstrap-Request"),
        asked(3, 1, "Bootstrap-Write", response=4),
        answered(4, 1.1, "Bootstrap-Write"),
        asked(5, 2, "Bootstrap-Finish", response=6),
        answered(6, 2.1, "Bootstrap-Finish"),
    ]
    (alone,) = lives(bootstrap)
    assert (alone.end, told(alone)) == ("bootstrapped", [("bootstrap", SERVER), ("bootstrapped", "1 written")])
    (life,) = lives([*bootstrap, *registered(7, 3)])
    assert (life.start, life.end) == (0, "open")
    assert [what for what, _ in told(life)] == ["bootstrap", "bootstrapped", "registered"]


def test_queue_mode_of_1_1() -> None:
    given = Registration("dev-1", 60, "1.1", "U", queue=True)
    asks = asked(1, 0.0, "Register", path="/rd", response=2, registration=given)
    (life,) = lives([asks, answered(2, 0.1, "Register", "2.01", registration=given)])
    assert life.queue
    assert b'"queue":true' in msgspec.json.encode(life)


def test_events_have_a_cap_and_the_others_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registrations, "MAX_EVENTS", 3)
    (life,) = lives([*registered(1, 0.0), *(one for n in range(5) for one in updated(3 + 2 * n, 10.0 + n))])
    assert (len(life.events), life.updates, life.omitted) == (3, 5, 3)
    assert b'"omitted":3' in msgspec.json.encode(life)


def test_captures_are_apart() -> None:
    first, second = registered(1, 0), registered(1, 10)
    for message in second:
        message.file = "b.pcap"
    assert [life.end for life in lives([*first, *second])] == ["open", "open"]
