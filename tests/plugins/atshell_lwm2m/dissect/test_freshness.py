"""RFC 7641 section 3.4, by its own condition."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from atshell_lwm2m.dissect import freshness
from atshell_lwm2m.dissect.state import NEVER, Flow, Sent

SECOND = 1_000_000_000


def request() -> Sent:
    return Sent(1, 0, b"\x40\x01\0\1", Flow("a:1", "b:2"), 1)


@pytest.mark.parametrize(
    ("first", "second", "later", "newer"),
    [
        (1, 2, 0, True),
        (2, 1, 0, False),
        (2, 2, 0, False),
        (0, 2**23 - 1, 0, True),
        (0, 2**23, 0, False),
        (2**24 - 1, 0, 0, True),
        (0, 2**24 - 1, 0, False),
        (2**23, 0, 0, False),
        (2, 1, 128, False),
        (2, 1, 129, True),
        (0, 2**23, 129, True),
    ],
)
def test_which_is_newer(first: int, second: int, later: int, newer: bool) -> None:
    origin = request()
    assert freshness.take(origin, first, 0) is None
    assert (freshness.take(origin, second, later * SECOND) is None) is newer
    assert origin.observe == (second if newer else first)


def test_what_is_plainly_newer() -> None:
    origin = request()
    assert not freshness.follows(origin, b"\x61\x05", 0, 1)
    freshness.take(origin, 4, 0)
    assert freshness.follows(origin, b"\x61\x05", 0, 1)
    for data in (b"\x61\x05", b"\x60", b"", b"\x41\x06", b"\x62\x06"):
        assert not freshness.follows(origin, data, 0, 1)
    assert (origin.observe, origin.observed) == (5, 1)
    freshness.end(origin)
    assert origin.observe == NEVER


def test_in_a_conversation(say: Callable[..., bytes], listen: Callable[..., Any], registered: Any) -> None:
    talk = [
        *registered,
        ("<", say("CON", "0.01", 9, b"t", uri_path=("lwm2m", "3200", "0"), observe=0)),
        (">", say("ACK", "2.05", 9, b"t", b"\x01", observe=5, content_format=11542)),
        *((">", say("NON", "2.05", 20 + at, b"t", b"\x01", observe=at, content_format=11542)) for at in (6, 8, 7, 9)),
    ]
    found = listen(talk)
    assert [[note.id for note in one.expert if note.id == "notification-stale"] for one in found[4:]] == [
        [],
        [],
        ["notification-stale"],
        [],
    ]
    assert found[6].expert[0].text == "Observe 7 is not newer than 8, which came before it: out of order"
