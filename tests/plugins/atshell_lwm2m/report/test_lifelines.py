from __future__ import annotations

from atshell.styled import to_plain
from atshell_lwm2m.message import Message
from atshell_lwm2m.report.lifelines import lines
from atshell_lwm2m.report.registrations import Event, Life, lives


def shown(found: list[Life]) -> list[str]:
    return [to_plain(line) for line in lines(found)]


def test_a_life(story: list[Message]) -> None:
    assert shown(lives(story)) == [
        "dev-1  10.9.9.9:41111 → 117.161.2.7:5683  /rd/5a3f  lt 600 s  LwM2M 1.0  b U  /1/0 /3/0",
        "  00:00:00.100  registered at /rd/5a3f                                  200 ms",
        "  00:03:20.000  address changed: 10.8.0.7:40000 → 10.9.9.9:41111",
        "  00:03:20.000  lifetime changed: 300 s → 600 s",
        "  00:03:20.000  2 updates until 00:04:10.000, every 50.0 s",
        "  00:14:10.200  lifetime ran out, 600 s after 00:04:10.200",
        "  00:15:00.100  the server no longer knows it: 4.04 Not Found",
        "  1 retransmission of registration messages",
    ]


def test_a_life_at_times_that_are_not_known(timeless: list[Message]) -> None:
    assert shown(lives(timeless[:13])) == [
        "dev-1  10.9.9.9:41111 → 117.161.2.7:5683  /rd/5a3f  lt 600 s  LwM2M 1.0  b U  /1/0 /3/0",
        "  -             registered at /rd/5a3f",
        "  -             address changed: 10.8.0.7:40000 → 10.9.9.9:41111",
        "  -             lifetime changed: 300 s → 600 s",
        "  -             2 updates",
        "  1 retransmission of registration messages",
    ]


def test_one_that_goes_on_and_none() -> None:
    life = Life(client="a:1", server="b:5683", start=0, renewed=10, lifetime=60, events=[Event("update", 10, rtt=0.02)])
    assert shown([life]) == [
        "(registered before the capture)  a:1 → b:5683  lt 60 s",
        "  00:00:10.000  updated                                                 20 ms",
        "  registered until 00:01:10.000, after the capture's end",
    ]
    assert shown([]) == ["no registrations"]


def test_what_was_omitted_and_queue_mode() -> None:
    life = Life(client="a:1", server="b:5683", start=0, lifetime=60, binding="U", queue=True, omitted=7, end="replaced")
    assert shown([life]) == [
        "(registered before the capture)  a:1 → b:5683  lt 60 s  b U  queue mode",
        "  … 7 more events",
    ]


def test_days_are_told_apart() -> None:
    day = 86_400
    events = [Event("registered", 5), *(Event("update", 5 + number * day) for number in (1, 2, 3))]
    life = Life(client="a:1", server="b:5683", start=5, renewed=5 + 3 * day, lifetime=2 * day, events=events)
    assert shown([life])[1:] == [
        "  00:00:05.000  registered",
        "  00:00:05.000 +1 d  3 updates until 00:00:05.000 +3 d, every 86400.0 s",
        "  registered until 00:00:05.000 +5 d, after the capture's end",
    ]
