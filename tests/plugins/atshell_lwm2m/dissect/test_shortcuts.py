"""What is just not common is said as the readable way says it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from atshell_lwm2m.capture.fast import grouped
from atshell_lwm2m.capture.frames import UNKNOWN, CapturedDatagram
from atshell_lwm2m.dissect.dissector import Dissector
from atshell_lwm2m.dissect.fast import Lines
from atshell_lwm2m.message import Message, to_json

Say = Callable[..., bytes]
Frames = list[CapturedDatagram]
Talk = list[tuple[str, bytes]]
VALUE = b"\xe1\x16\x76a"
"""Resource 5750 is "a"."""
FramesOf = Callable[..., Frames]


def same(frames: Frames, start: int = 1_700_000_000_000_000_000) -> tuple[list[Message], int]:
    """The messages, and how many of them the dissector was asked for by the fast way."""
    frames = [(frame, start + time, *rest) for frame, time, *rest in frames]
    slow = list(Dissector().messages(frames))
    whole = "".join(f"{to_json(message).decode()}\n" for message in Dissector().messages(frames))
    taken = []
    for size in (1, 1000):
        dissector = Dissector()
        take, count = dissector.take, 0

        def counted(*arguments: object, take: Callable[..., object] = take) -> object:
            nonlocal count
            count += 1
            return take(*arguments)

        dissector.take = counted  # type: ignore[method-assign, assignment]
        assert "".join(Lines(dissector).batches(grouped(frames, size))) == whole
        taken.append(count)
    assert taken[0] == taken[1]
    return slow, taken[0]


def test_a_block_in_an_odd_answer(say: Say, frames_of: FramesOf) -> None:
    """An acknowledgement with a request's code brings no block of the body."""
    talk: Talk = []
    for num, code in enumerate(("2.05", "0.05", "2.05", "2.05")):
        path = {"uri_path": ("3", "0")}
        talk.append(("<", say("CON", "0.01", num, b"t", block2=(num, False, 0), **path)))
        talk.append((">", say("ACK", code, num, b"t", b"x" * 16, block2=(num, num < 3, 0), content_format=42)))
    assert len(same(frames_of(talk))[0]) == 8


def test_the_last_block_sent_again(say: Say, frames_of: FramesOf) -> None:
    """Its copy does not show the body."""
    path = {"uri_path": ("5", "0", "0"), "content_format": 42}
    first = say("CON", "0.03", 1, b"a", b"x" * 16, block1=(0, True, 0), **path)
    last = say("CON", "0.03", 2, b"b", b"y" * 4, block1=(1, False, 0), **path)
    talk = [
        ("<", first),
        ("<", first),
        (">", say("ACK", "2.31", 1, b"a", block1=(0, True, 0))),
        ("<", last),
        ("<", last),
        (">", say("ACK", "2.04", 2, b"b", block1=(1, False, 0))),
        ("<", last),
    ]
    found, slow = same(frames_of(talk))
    assert [one.body is not None for one in found] == [False, False, False, True, False, False, False]
    assert [one.response for one in found] == [3, 3, None, 6, 6, None, 6]
    assert slow == 2


def observed(say: Say, *root: str) -> Talk:
    path = {"uri_path": (*root, "3200", "0")}
    return [
        ("<", say("CON", "0.01", 9, b"t", observe=0, **path)),
        (">", say("ACK", "2.05", 9, b"t", b"\x01", observe=5, content_format=11542)),
    ]


def test_an_observation_from_its_first_answer_on(say: Say, registered: Talk, frames_of: FramesOf) -> None:
    def push(mid: int, observe: int, code: str = "2.05", payload: bytes = VALUE) -> bytes:
        return say("CON", code, mid, b"t", payload, observe=observe, content_format=11542)

    again = push(21, 7)
    talk = [
        *registered,
        *observed(say, "lwm2m"),
        (">", push(20, 6)),
        ("<", say("ACK", "0.00", 20)),
        (">", again),
        (">", again),
    ]
    talk += [("<", say("ACK", "0.00", 21)), (">", push(22, 3)), (">", push(23, 300)), (">", push(24, 1 << 22))]
    talk += [(">", push(25, (1 << 22) + 1, payload=b"")), (">", push(26, (1 << 22) + 2, "4.04", b""))]
    found, slow = same(frames_of(talk))
    assert [one.operation for one in found[4:9]] == ["Notify"] * 5
    assert [one.response for one in found[6:8]] == [9, 9]
    # What is stale, what has no payload, and what ends it.
    assert slow == 3


@pytest.mark.parametrize("endpoint", ["", None])
def test_who_has_no_name_is_not_common(say: Say, frames_of: FramesOf, endpoint: str | None) -> None:
    query = ("lt=60",) if endpoint is None else (f"ep={endpoint}", "lt=60")
    talk = [
        (">", say("CON", "0.02", 1, b"r", b"</3/0>", uri_path=("rd",), uri_query=query, content_format=40)),
        ("<", say("ACK", "2.01", 1, b"r", location_path=("rd", "1"))),
        ("<", say("CON", "0.01", 2, b"q", uri_path=("3", "0", "9"))),
        (">", say("ACK", "2.05", 2, b"q", b"80", content_format=0)),
    ]
    assert same(frames_of(talk))[0][3].operation == "Read"


def test_a_client_that_registers_later(say: Say, registered: Talk, frames_of: FramesOf) -> None:
    """What was observed before has no endpoint; what comes for it has one from then on."""
    push = [(">", say("NON", "2.05", 30 + n, b"t", b"\x01", observe=6 + n, content_format=11542)) for n in range(4)]
    found, _ = same(frames_of([*observed(say), *push[:2], *registered, *push[2:]]))
    assert [one.endpoint for one in found if one.operation == "Notify"] == [None, None, "dev-1", "dev-1"]


@pytest.mark.parametrize("time", [UNKNOWN, 0, -4_300_000_000, 5_123_456_000, (1 << 33) * 10**9, 10**25 + 1])
def test_times_far_from_our_days(say: Say, frames_of: FramesOf, time: int) -> None:
    asked, answer = say("CON", "0.01", 2, b"q", uri_path=("3",)), say("ACK", "0.00", 2)
    frames = [(frame, time, *rest) for frame, _, *rest in frames_of([("<", asked), (">", answer)])]
    assert same(frames, 0)[1] == 2


LINKS = b'</lwm2m>;rt="oma.lwm2m",</lwm2m/1/0>,</lwm2m/3/0>'


def registering(say: Say, mid: int, *query: str, links: bytes = LINKS, code: str = "2.01", at: str = "1") -> Talk:
    ask = say("CON", "0.02", mid, b"r", links, uri_path=("rd",), uri_query=query, content_format=40)
    where = {"location_path": ("rd", at)} if at else {}
    return [(">", ask), ("<", say("ACK", code, mid, b"r", **where))]


def test_a_registration_and_what_follows(say: Say, frames_of: FramesOf) -> None:
    """The root path, the endpoint and the location count from then on; what is sent again means the same."""
    ask, answer = registering(say, 1, "ep=dev", "lt=60", "lwm2m=1.1")
    update = say("CON", "0.02", 2, b"u", uri_path=("rd", "1"))
    talk = [ask, ask, answer, (">", update), ("<", say("ACK", "2.04", 2, b"u")), *observed(say, "lwm2m")]
    found, slow = same(frames_of(talk))
    assert [one.operation for one in found] == [*["Register"] * 3, *["Update"] * 2, *["Observe"] * 2]
    assert {one.endpoint for one in found} == {"dev"}
    assert found[-1].target == "/3200/0"
    assert [one.registration and one.registration.objects for one in found[:3]] == [["/1/0", "/3/0"]] * 3
    assert [one.registration and one.registration.location for one in found[:3]] == [None, None, "/rd/1"]
    assert slow == 0


@pytest.mark.parametrize(
    "odd",
    [
        {"links": b"<"},
        {"links": b"\xff"},
        {"links": b"text"},
        {"links": b""},
        {"code": "4.00"},
        {"code": "2.04"},
        {"at": ""},
    ],
)
def test_odd_registrations(say: Say, frames_of: FramesOf, odd: dict[str, str | bytes]) -> None:
    slow = 0
    for query in (["ep=dev", "lt=60"], ["lt=60"], ["ep=", "lt=60"]):
        first = registering(say, 1, "ep=old")
        talk = [*first, *registering(say, 2, *query, **odd), *observed(say)]  # type: ignore[arg-type]
        slow += same(frames_of(talk))[1]
    assert slow > 0


def test_an_answer_after_somebody_else_has_registered(say: Say, frames_of: FramesOf) -> None:
    """It gives no location to who speaks from there now."""
    (ask, answer), (other, _) = registering(say, 1, "ep=one"), registering(say, 2, "ep=two")
    found, slow = same(frames_of([ask, other, answer, (">", say("CON", "0.02", 3, b"u", uri_path=("rd", "1")))]))
    assert found[2].registration is None
    assert found[3].endpoint == "two"
    assert slow > 0
