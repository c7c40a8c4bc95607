"""Sifting while reading gives what sifting afterwards gives."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atshell_lwm2m.capture.fast import grouped
from atshell_lwm2m.capture.frames import CapturedDatagram
from atshell_lwm2m.capture.glance import Skip
from atshell_lwm2m.dissect.dissector import Dissector
from atshell_lwm2m.dissect.elsewhere import ReadAgain
from atshell_lwm2m.dissect.sifted import Wanted
from atshell_lwm2m.filter import compile_condition
from atshell_lwm2m.message import to_json

_VALUES = {
    "addr": ["127.0.0.1", "10.0.0.1", "100.64.0.1", "100.64.0.2:1"],
    "src": ["10.0.0.1", "127.0.0.1"],
    "port": ["5683", "5684"],
    "type": ["CON", "ACK", "NON"],
    "code": ["2.05", "4", "GET", "0.00"],
    "op": ['"Notify"', '"Read"', '"Register"'],
    "ep": ['"lwm2m-1"', '"urn:imei:1"'],
    "target": ['"/3/0"', '"/4/0"'],
    "mid": ["5", "100"],
    "frame": ["7", "40"],
    "path": ['"/rd"', '"/3/0"'],
}
_TESTS = st.one_of(
    st.sampled_from(sorted(_VALUES)).flatmap(
        lambda name: st.tuples(st.just(name), st.sampled_from(["==", "!="]), st.sampled_from(_VALUES[name])).map(
            " ".join
        )
    ),
    st.sampled_from(
        ["response", "rtt > 0.1", "resources", "ep", "error", "retransmission", "mid < 30000", "frame > 20"]
    ),
)
EXPRESSIONS = st.recursive(
    _TESTS,
    lambda inner: st.one_of(
        inner.map(lambda one: f"not ({one})"),
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda three: "({} {} {})".format(*three)),
    ),
    max_leaves=4,
)


def sifted_later(frames: list[CapturedDatagram], text: str) -> list[bytes]:
    holds = compile_condition(text).holds
    return [to_json(message) for message in Dissector().messages(frames) if holds(message)]


def sifted_at_once(frames: list[CapturedDatagram], text: str, size: int = 100) -> list[bytes]:
    """Whether conversations are skipped or not, and however often it is read again."""
    wanted = Wanted(Dissector(), compile_condition(text))
    found = [to_json(message) for message in wanted.messages(grouped(frames, size))]
    skip = Skip()
    skipping: list[bytes] = []
    again = True
    while again:
        before, again = skipping, False
        skipping = []
        wanted = Wanted(Dissector(), compile_condition(text), skip)
        try:
            for message in wanted.messages(grouped(frames, size)):
                skipping.append(to_json(message))
        except ReadAgain:
            again = True
        shared = min(len(before), len(skipping))
        assert before[:shared] == skipping[:shared]
    assert skipping == found
    return found


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_any_filter_over_any_recording(recordings: dict[Path, list[CapturedDatagram]], data: st.DataObject) -> None:
    frames = recordings[data.draw(st.sampled_from(sorted(recordings)))]
    messages = list(Dissector().messages(frames))
    ends = sorted({m.src for m in messages} | {m.src.rpartition(":")[0] for m in messages})
    tests = [f'addr == "{end}"' for end in ends] + [f'ep == "{m.endpoint}"' for m in messages if m.endpoint][:1]
    text = data.draw(EXPRESSIONS)
    if data.draw(st.booleans()):
        text = f"({text}) {data.draw(st.sampled_from(['and', 'or']))} {data.draw(st.sampled_from(tests))}"
    assert sifted_at_once(frames, text) == sifted_later(frames, text)


def test_traffic_that_went_wrong(
    traffic: Callable[[int, int], list[CapturedDatagram]],
    mutated: Callable[..., list[CapturedDatagram]],
    paused: Callable[..., list[CapturedDatagram]],
) -> None:
    """Bytes changed, datagrams lost, twice, in another order, long pauses, and devices that speak as their server."""
    whole, source = traffic(900, 4), random.Random(3)
    for _ in range(8):
        frames = paused(
            mutated(whole, source, 120, ("byte", "cut", "drop", "twice", "swap", "missing", "turned")), source
        )
        messages = list(Dissector().messages(frames))
        names = sorted({message.endpoint for message in messages if message.endpoint})
        ends = sorted({message.src for message in messages})
        for text in (
            f'ep == "{source.choice(names)}"',
            f'addr == "{source.choice(ends)}"',
            "code == 2.04 and mid > 9000",
        ):
            assert sifted_at_once(frames, text) == sifted_later(frames, text)


def test_a_device_that_moves_keeps_its_observation(
    say: Callable[..., bytes],
    registered: list[tuple[str, bytes]],
    frames_of: Callable[..., list[CapturedDatagram]],
) -> None:
    """Registered and observed where the filter wants nothing; the notification comes from where it does."""
    talk = [
        *registered,
        ("<", say("CON", "0.01", 7, b"o", uri_path=("3200", "0"), observe=0)),
        (">", say("ACK", "2.05", 7, b"o", b"1", observe=1, content_format=0)),
        ("}", say("CON", "0.02", 8, b"u", uri_path=("rd", "5a3f"))),
        ("{", say("ACK", "2.04", 8, b"u")),
        ("}", say("NON", "2.05", 9, b"o", b"2", observe=2, content_format=0)),
    ]
    frames = frames_of(talk)
    found = sifted_at_once(frames, "addr == 10.9.9.9")
    assert found == sifted_later(frames, "addr == 10.9.9.9")
    assert b'"operation":"Notify","endpoint":"dev-1","target":"/3200/0"' in found[-1]


def test_most_of_it_is_not_decoded(
    traffic: Callable[[int, int], list[CapturedDatagram]], monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = 0
    take = Dissector.take

    def counted(*arguments: object) -> object:
        nonlocal slow
        slow += 1
        return take(*arguments)  # type: ignore[arg-type]

    frames = traffic(6000, 20)
    monkeypatch.setattr(Dissector, "take", counted)
    assert sifted_at_once(frames, "addr == 100.64.0.7")
    assert slow < 900
