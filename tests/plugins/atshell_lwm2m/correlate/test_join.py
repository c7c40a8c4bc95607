"""Single joins, with the clock known. What many together do is in test_core."""

from __future__ import annotations

import pytest

from atshell.session.intent import Intent
from atshell_lwm2m.correlate.clock import Fit, Pair
from atshell_lwm2m.correlate.index import Index
from atshell_lwm2m.correlate.join import Join, join
from atshell_lwm2m.correlate.traffic import read_traffic
from atshell_lwm2m.message import Message, Resource

UP = {"src": "198.51.100.7:40000", "dst": "192.0.2.1:5683"}
DOWN = {"dst": "198.51.100.7:40000", "src": "192.0.2.1:5683"}
PATH = "/3200/0/5750"
SAME_CLOCK = Fit()


def sure(delay: float) -> Fit:
    """A fit whose anchors say that messages take this long."""
    return Fit(
        0.0,
        0.0,
        delay,
        tuple(Pair(n, delay if n % 2 else -delay, 1.0, n, n, bool(n % 2)) for n in range(40)),
    )


def line(time: float, *operations: str, kind: str = "at", **words: object) -> Intent:
    return Intent(time, (2,), kind, "", "", operations, **words)  # type: ignore[arg-type]


def asked(time: float, mid: int, **fields: object) -> Message:
    fields = {"type": "CON", "code": "0.01", "operation": "Read", "target": PATH, **DOWN, **fields}
    return Message(frame=int(time * 10), time=time, mid=mid, **fields)  # type: ignore[arg-type]


def notified(time: float, *values: tuple[str, str], mid: int = 1) -> Message:
    resources = [Resource(path=path, value=value) for path, value in values]
    words = {"type": "NON", "code": "2.05", "operation": "Notify", "target": "/3200/0", "mid": mid, **UP}
    return Message(time=time, resources=resources, **words)  # type: ignore[arg-type]


def joined(intents: list[Intent], messages: list[Message], fit: Fit = SAME_CLOCK) -> dict[int, list[int]]:
    result: dict[int, list[int]] = {}
    for found in join(intents, Index(read_traffic(messages, 0)), fit):
        result.setdefault(found.intent, []).append(found.operation)
    return result


def told(time: float, mid: int) -> Intent:
    return line(time, "Read", kind="urc", sender="server", mid=mid, target=PATH)


def test_a_repeated_id_means_the_nearest_before():
    messages = [asked(0, 7), asked(1000, 7), asked(2000, 7)]
    assert joined([told(1000.4, 7), told(2003, 7), told(0.1, 7)], messages) == {0: [1], 1: [2], 2: [0]}


def test_an_old_id_is_not_a_lost_message():
    """RFC 7252, 4.8.2: after 247 s the ID may mean another message. One that no line has told may still wait."""
    assert joined([told(0.1, 7), told(1000, 7)], [asked(0, 7)]) == {0: [0]}
    (late,) = join([told(1000, 7)], Index(read_traffic([asked(0, 7)], 0)), SAME_CLOCK)
    assert late.confidence < 0.7


def test_several_lines_tell_one_message():
    """A Write of several resources, and one that is fetched twice (OneMO 4.3)."""
    assert joined([told(1, 7), told(1, 7), told(9, 7)], [asked(0.9, 7)]) == {0: [0], 1: [0], 2: [0]}


def test_another_target_is_another_message():
    assert joined([told(1, 7)], [asked(0.9, 7, target="/3/0")]) == {}


def test_an_answer_makes_the_response():
    messages = [asked(0, 7), asked(0.5, 7, type="ACK", code="2.05", request=0, **UP)]
    intents = [line(0.4, "Read", part="response", sender="server", mid=7)]
    assert joined(intents, messages) == {0: [1]}
    assert joined(intents, messages[:1]) == {}


def test_all_transmissions_of_a_message():
    messages = [asked(0, 7), asked(2, 7, retransmission_of=0), asked(6, 7, retransmission_of=0)]
    found = join([told(2.1, 7)], Index(read_traffic(messages, 0)), SAME_CLOCK)
    assert [(one.operation, "retransmission" in one.why) for one in found] == [(0, False), (1, True)]


def test_reports_by_value():
    intents = [line(t, "Notify", target=PATH, values=((PATH, value),)) for t, value in ((0, "one"), (1, "two"))]
    messages = [notified(2, (PATH, "two")), notified(2.1, ("/3200/0/5500", "x"))]
    assert joined(intents[1:], messages) == {0: [0]}
    (found,) = join(intents[1:], Index(read_traffic(messages, 0)), SAME_CLOCK)
    assert found.why == (f"path {PATH}", 'value "two"', "order")


def test_reports_in_order():
    """Three that leave together; the second is lost."""
    intents = [line(t, "Notify", target=PATH, values=((PATH, "same"),)) for t in (0, 1, 2)]
    messages = [notified(5, (PATH, "same"), mid=1), notified(5.2, (PATH, "same"), mid=3)]
    assert list(joined(intents, messages).values()) == [[0], [1]]


def test_collected_values_go_with_the_line_that_sends():
    intents = [
        line(0, "Notify", target="/3200/0/5500", values=(("/3200/0/5500", "a"),), shares="next"),
        line(1, "Notify", target=PATH, values=((PATH, "b"),)),
    ]
    assert joined(intents, [notified(1.1, ("/3200/0/5500", "a"), (PATH, "b"))]) == {0: [0], 1: [0]}
    assert joined(intents, [notified(1.1, (PATH, "b"))]) == {0: [0], 1: [0]}
    assert joined(intents, [notified(1.1, ("/3200/0/5500", "other"), (PATH, "b"))]) == {1: [0]}


def test_several_observations_of_one_value():
    intents = [line(1, "Notify", target=PATH, values=((PATH, "b"),))]
    messages = [notified(1.1, (PATH, "b"), mid=1), notified(1.1, (PATH, "b"), mid=2), notified(9, (PATH, "b"), mid=3)]
    assert joined(intents, messages) == {0: [0, 1]}


def test_a_report_with_an_id_used_again_is_the_near_one():
    intents = [line(t, "Notify", mid=147) for t in (0, 20, 40)]
    messages = [notified(0.1, mid=147), notified(40.1, mid=147)]
    assert joined(intents, messages, sure(0.1)) == {0: [0], 2: [1]}


def test_a_login_starts_a_sequence():
    messages = [
        Message(time=1, code="0.02", operation="Bootstrap-Request", **UP),
        Message(time=9, code="0.02", operation="Register", **UP),
    ]
    assert joined([line(0, "Bootstrap-Request", "Register")], messages) == {0: [0, 1]}
    assert joined([line(0, "Bootstrap-Request", "Register")], messages[1:]) == {0: [0]}


def test_a_failed_login_without_answer():
    messages = [
        Message(frame=1, time=0.1, type="CON", code="0.02", operation="Register", **UP),
        Message(frame=2, time=2.1, type="CON", code="0.02", operation="Register", retransmission_of=1, **UP),
    ]
    failed = line(30, "Register", kind="urc", part="outcome", ok=False)
    assert joined([failed], messages) == {0: [0, 1]}
    assert joined([line(30, "Register", kind="urc", part="outcome", ok=True)], messages) == {}


def test_a_request_that_waits_has_not_been_told():
    waits = line(1, "Read", "Write", "Execute", kind="urc", sender="server")
    assert joined([told(0.5, 7), waits], [asked(0.4, 7), asked(0.9, 8)]) == {0: [0], 1: [1]}
    assert joined([told(0.5, 7), waits], [asked(0.4, 7)]) == {0: [0]}


def test_a_state_that_is_told_once_more():
    login = Message(frame=1, time=0.5, type="CON", code="0.02", operation="Register", mid=1, **UP)
    done = Message(frame=2, time=0.6, type="ACK", code="2.01", operation="Register", mid=1, request=1, **DOWN)
    words = {"kind": "urc", "part": "outcome", "ok": True}
    intents = [line(0.7, "Register", **words), line(500, "Register", **words, shares="earlier")]
    assert joined(intents, [login, done]) == {0: [1], 1: [1]}
    assert joined(intents[1:], [login, done]) == {}


@pytest.mark.parametrize(
    ("intent", "messages", "sureness"),
    [
        (told(1, 7), [asked(0.9, 7)], 0.99),
        (told(1, 7), [asked(0.9, 7, target=None)], 0.95),
        (told(1, 7), [asked(0.9, 7, target=None, operation=None)], 0.75),
        (told(1, 7), [asked(12, 7)], 0.8),
    ],
)
def test_confidence(intent, messages, sureness):
    (found,) = join([intent], Index(read_traffic(messages, 0)), SAME_CLOCK)
    assert isinstance(found, Join)
    assert found.confidence == sureness


def test_order_is_less_sure_than_value():
    plain = join([line(0, "Update")], Index(read_traffic([asked(1, 7, operation="Update", **UP)], 0)), SAME_CLOCK)
    value = join(
        [line(0, "Notify", target=PATH, values=((PATH, "b"),))],
        Index(read_traffic([notified(1, (PATH, "b"))], 0)),
        SAME_CLOCK,
    )
    assert 0 < plain[0].confidence < value[0].confidence < 0.95
