"""Lines, messages and notes as one list of events."""

from __future__ import annotations

from atshell.session.intent import Intent
from atshell.transcript.entry import Entry
from atshell_lwm2m.correlate.assemble import assemble
from atshell_lwm2m.correlate.clock import Fit, Pair
from atshell_lwm2m.correlate.join import Join
from atshell_lwm2m.correlate.traffic import read_traffic
from atshell_lwm2m.message import Message
from atshell_lwm2m.timeline import EventLink, Timeline

MESSAGES = [Message(frame=4, time=1010.0, code="0.02", operation="Update", src="a:1", dst="b:5683")]
NO_FIT = Fit()


def timeline(intents: list[Intent], joins: list[Join], fit: Fit = NO_FIT, notes: list[Entry] | None = None) -> Timeline:
    return assemble(notes or [], intents, MESSAGES, read_traffic(MESSAGES, 1000.0), fit, joins, 1000.0)


def at(time: float, line: str, *operations: str, entry: int = 2) -> Intent:
    return Intent(time, (entry,), "at", line, "", operations)


def test_at_equal_times_causes_come_first():
    intents = [Intent(10.0, (3,), "urc", "+X", "", ("Update",)), at(10.0, "AT+X", "Update")]
    notes = [Entry(10.0, "note", "moved", "comment", 5)]
    assert [event.kind for event in timeline(intents, [], notes=notes).events] == ["at", "operation", "urc", "note"]


def test_links_in_both_directions():
    events = timeline([at(9.0, "AT+X", "Update")], [Join(0, 0, ("order",), 0.7)]).events
    assert events[0].links == [EventLink(1, ["order"], 0.7)]
    assert events[1].links == [EventLink(0, ["order"], 0.7)]
    assert (events[0].entries, events[1].frames) == ([2], [4])


def test_of_two_joins_the_surer():
    joins = [Join(0, 0, ("order",), 0.5), Join(0, 0, ("mid 7",), 0.9), Join(0, 0, ("time",), 0.4)]
    (link,) = timeline([at(9.0, "AT+X", "Update")], joins).events[0].links
    assert link.why == ["mid 7"]


def test_commands_of_one_line_are_one_event():
    intents = [at(1.0, "AT+A;+B", "Update"), at(1.0, "AT+A;+B", "De-register"), at(2.0, "AT+A;+B", entry=9)]
    events = timeline(intents, [Join(1, 0, ("order",), 0.7)]).events
    assert [event.kind for event in events] == ["at", "at", "operation"]
    assert events[0].links


def test_equal_urcs_stay_several():
    intents = [Intent(1.0, (2,), "urc", "+MIPLNMI: 0", "", ()) for _ in range(2)]
    assert len(timeline(intents, []).events) == 3


def test_times_are_the_captures():
    fit = Fit(50.0, 100e-6, 0.25, (Pair(0, 50, 1, 0, 0, True),))
    result = timeline([at(1000.0, "AT")], [], fit)
    assert result.events[1].time == 1000 + 1000 + 50 + 0.1
    assert (result.clock.offset, result.clock.drift_ppm) == (50.0, 100.0)
    assert (result.clock.residual, result.clock.anchors) == (0.25, 1)


def test_notes_say_their_kind():
    notes = [Entry(1.0, "note", "antenna moved", "comment"), Entry(2.0, "note", "/dev/ttyUSB0", "link lost")]
    summaries = [event.summary for event in timeline([], [], notes=notes).events if event.kind == "note"]
    assert summaries == ["antenna moved", "link lost: /dev/ttyUSB0"]


def test_counts():
    intents = [at(1.0, "AT+A", "Update"), at(2.0, "AT+B", "Update"), at(3.0, "AT+C")]
    assert timeline(intents, [Join(0, 0, ("order",), 0.7)]).summary == {
        "events": 4,
        "at": 3,
        "operation": 1,
        "urc": 0,
        "note": 0,
        "linked": 1,
        "unlinked": 1,
        "findings": 0,
    }
