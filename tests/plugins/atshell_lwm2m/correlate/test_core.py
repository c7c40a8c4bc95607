"""The whole join, in the field's conditions, against what is known to be true."""

from __future__ import annotations

from datetime import UTC, datetime
from time import monotonic

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atshell.session.intent import Intent
from atshell.transcript.entry import Entry
from atshell_lwm2m.correlate import correlate
from atshell_lwm2m.message import Message

STARTED = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize("seed", range(6))
def test_same_clock(play, seed):
    scenario = play(seed).scenario()
    timeline = correlate([], scenario.intents, scenario.messages, STARTED)
    assert scenario.score(timeline) == (1.0, 1.0)
    assert abs(timeline.clock.offset) < 0.3
    assert timeline.summary["unlinked"] == 0


@pytest.mark.parametrize("seed", range(6))
def test_field(play, seed):
    """Three hours off, 80 ppm of drift, a fifth lost, message sent again, another module with the same message IDs."""
    module = play(seed, seconds=7200, reuse=60)
    for number, draft in enumerate([draft for draft in module.drafts if draft.message.type == "CON"]):
        if number % 7 == 0:
            module.again(draft.key, 2.5)
    other = play(seed + 100, seconds=7000, endpoint="other", address="198.51.100.8:40000", reuse=60)
    scenario = module.scenario(offset=10800, drift=80e-6, lost=0.2, beside=(other,))
    timeline = correlate([], scenario.intents, scenario.messages, STARTED)
    right, found = scenario.score(timeline)
    assert right >= 0.99
    assert found >= 0.97
    assert timeline.clock.offset == pytest.approx(10800, abs=0.5)
    assert timeline.clock.drift_ppm == pytest.approx(80, abs=25)


@pytest.mark.parametrize("seed", range(3))
def test_capture_starts_later(play, seed):
    scenario = play(seed, seconds=1800).scenario(offset=-7200, since=900, lost=0.1)
    right, found = scenario.score(correlate([], scenario.intents, scenario.messages, STARTED))
    assert right == 1.0
    assert found >= 0.95


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("moves", [0, 300])
def test_nameless_devices(play, seed, moves):
    """The registrations were before the capture, and NAT gives new addresses: only the locations stay."""
    module = play(seed, seconds=3600, moves=moves)
    other = play(seed + 9, seconds=3600, endpoint="other", address="198.51.100.8:40000", location="/rd/1")
    scenario = module.scenario(offset=500, lost=0.1, beside=(other,), nameless=True)
    right, found = scenario.score(correlate([], scenario.intents, scenario.messages, STARTED))
    assert right >= 0.99
    assert found >= 0.9


@pytest.mark.parametrize("seed", range(3))
def test_slow_radio(play, seed):
    """Seconds under way, as a module has that must wake up first."""
    scenario = play(seed, seconds=3600, every=30, slow=4.0).scenario(offset=1234, lost=0.1)
    right, found = scenario.score(correlate([], scenario.intents, scenario.messages, STARTED))
    assert right >= 0.97
    assert found >= 0.95


@pytest.mark.parametrize("seed", range(5))
def test_nothing_in_common(play, seed):
    """The same kind of module at the same time, and one hours away: no link is better than a wrong one."""
    scenario = play(seed).scenario()
    for offset, mids in ((0, 30000), (4000, 30000), (0, 7), (4000, 7)):
        other = play(seed + 50, endpoint="other", mids=mids).scenario(offset=offset)
        timeline = correlate([], scenario.intents, other.messages, STARTED)
        if mids != 30000:
            assert timeline.clock.anchors == 0
            assert not any(event.links for event in timeline.events)
            assert timeline.summary["linked"] == 0


def test_links_stand_in_both_directions(play):
    scenario = play(1).scenario()
    timeline = correlate([], scenario.intents, scenario.messages, STARTED)
    for index, event in enumerate(timeline.events):
        for link in event.links:
            assert index in [back.to for back in timeline.events[link.to].links]
            assert 0 < link.confidence <= 1
            assert link.why


def test_sorted_and_causal(play):
    scenario = play(2).scenario(offset=50)
    timeline = correlate([], scenario.intents, scenario.messages, STARTED)
    times = [event.time for event in timeline.events]
    assert times == sorted(times)
    for index, event in enumerate(timeline.events):
        for link in event.links:
            if event.kind == "at":
                assert link.to > index
            elif event.kind == "urc":
                assert link.to < index


def test_notes_stand_at_their_time(play):
    scenario = play(1).scenario(offset=100)
    notes = [Entry(5.0, "note", "antenna moved", "comment", 7), Entry(6.0, "tx", "AT\r", line=8)]
    timeline = correlate(notes, scenario.intents, scenario.messages, STARTED)
    (note,) = [event for event in timeline.events if event.kind == "note"]
    assert note.summary == "antenna moved"
    assert note.entries == [7]
    assert note.time - STARTED.timestamp() == pytest.approx(105, abs=1)


def test_empty_sides(play):
    scenario = play(1).scenario()
    assert correlate([], [], [], STARTED).events == []
    assert correlate([], scenario.intents, [], STARTED).clock.anchors == 0
    timeline = correlate([], [], scenario.messages, STARTED)
    assert timeline.summary["operation"] == len(scenario.messages)


NAMES = ("Read", "Write", "Notify", "Register", "Update", "Bootstrap-Finish", "?")
VALUES = st.one_of(st.text(max_size=4), st.integers(), st.floats(allow_nan=True), st.booleans())
PATHS = st.sampled_from(["/3200/0/5750", "/3200/0", "/3", "", "//"])
INTENTS = st.builds(
    Intent,
    time=st.floats(0, 1e6),
    entries=st.just((2,)),
    kind=st.sampled_from(["at", "urc"]),
    line=st.just("x"),
    summary=st.just(""),
    operations=st.lists(st.sampled_from(NAMES), max_size=2).map(tuple),
    part=st.sampled_from(["request", "response", "outcome"]),
    sender=st.sampled_from(["client", "server"]),
    mid=st.none() | st.integers(0, 3),
    target=st.none() | PATHS,
    values=st.lists(st.tuples(PATHS, VALUES), max_size=2).map(tuple),
    ok=st.none() | st.booleans(),
    shares=st.sampled_from(["", "next", "earlier"]),
)
MESSAGES = st.builds(
    Message,
    frame=st.integers(0, 5),
    time=st.floats(0, 4e9),
    src=st.sampled_from(["a:5683", "b:1", "", "x"]),
    dst=st.sampled_from(["a:5683", "b:1", "", "x"]),
    type=st.none() | st.sampled_from(["CON", "NON", "ACK", "RST"]),
    code=st.none() | st.sampled_from(["0.00", "0.01", "2.05", "4.04", "7.01", "x", ""]),
    mid=st.none() | st.integers(0, 3),
    operation=st.none() | st.sampled_from(NAMES),
    target=st.none() | PATHS,
    endpoint=st.none() | st.sampled_from(["e", "f"]),
    request=st.none() | st.integers(0, 5),
    retransmission_of=st.none() | st.integers(0, 5),
    query=st.just(["pmin=", "x"]),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(INTENTS, max_size=12), st.lists(MESSAGES, max_size=12))
def test_never_fails(intents, messages):
    timeline = correlate([], intents, messages, STARTED)
    assert timeline.summary["operation"] == len(messages)
    assert all(0 <= link.to < len(timeline.events) for event in timeline.events for link in event.links)


def test_twenty_thousand_events(play):
    """In a couple of seconds; the limit leaves room for a slow machine."""
    scenario = play(1, seconds=86400, every=15).scenario(offset=3600, drift=50e-6, lost=0.1)
    assert len(scenario.intents) + len(scenario.messages) > 19000
    begin = monotonic()
    timeline = correlate([], scenario.intents, scenario.messages, STARTED)
    assert monotonic() - begin < 10
    assert scenario.score(timeline) == (1.0, 1.0)


def test_one_message_id_all_day():
    """The worst that content can be: nothing tells a line from its neighbours, so all may be one message off."""
    intents = [Intent(20.0 * n, (n + 2,), "at", "x", "", ("Notify",), mid=147) for n in range(4000)]
    words = {"src": "a:1", "dst": "b:5683", "type": "CON", "code": "2.05", "operation": "Notify", "mid": 147}
    messages = [Message(frame=n, time=STARTED.timestamp() + 20 * n + 0.2, **words) for n in range(4000)]
    begin = monotonic()
    timeline = correlate([], intents, messages, STARTED)
    assert monotonic() - begin < 10
    assert timeline.summary["linked"] >= 3999
