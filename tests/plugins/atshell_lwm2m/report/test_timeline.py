"""The timeline on the screen and as JSON."""

from __future__ import annotations

import json

from atshell.styled import to_ansi, to_plain
from atshell_lwm2m.report.timeline import TimelineReport
from atshell_lwm2m.timeline import ClockFit, Event, EventLink, Timeline

SUMMARY = {"events": 4, "at": 1, "operation": 2, "urc": 1, "note": 0, "linked": 2, "unlinked": 1, "findings": 0}
NOTIFY = 'AT+MIPLNOTIFY=0,0,3200,0,5750,1,4,"abcd",0,0,147'
EVENTS = [
    Event(1000.0, "at", f"{NOTIFY}  report", [2, 3], [], [EventLink(1, ["ackid 147", 'value "abcd"'], 0.99)]),
    Event(
        1000.002,
        "operation",
        '→ CON 2.05  Notify  /3200/0/5750 = "abcd"  mid 147',
        [],
        [7],
        [EventLink(0, ["ackid 147", 'value "abcd"'], 0.99)],
    ),
    Event(1000.0038, "operation", "← ACK  Notify", [], [8], [EventLink(3, ["mid 147"], 0.95)]),
    Event(1012.5, "urc", "+MIPLEVENT: 0,26,147  delivered", [4], [], [EventLink(2, ["mid 147"], 0.95)]),
    Event(1013.0, "note", "antenna moved", [5]),
]
CLOCK = ClockFit(10800.25, -12.0, 0.031, 14)


def lines(timeline: Timeline) -> list[str]:
    return [to_plain(line) for line in TimelineReport(timeline).text()]


def test_text():
    assert lines(Timeline(CLOCK, EVENTS, [], SUMMARY)) == [
        '    0.000  ▸ AT+MIPLNOTIFY=0,0,3200,0,5750,1,4,"abcd",0,0,147    report',
        '    0.002      → CON 2.05  Notify  /3200/0/5750 = "abcd"  mid 147         ⇐ ackid 147, value "abcd"',
        "    0.004      ← ACK  Notify",
        "   12.500  ◂ +MIPLEVENT: 0,26,147    delivered                            ⇐ mid 147",
        "   13.000  · antenna moved",
        "",
        "clock  +10800.250 s from the session to the capture, drift -12.0 ppm  14 anchors, ± 0.031 s",
        "lines  2 linked to their messages, 1 without a message in the capture",
    ]


def test_wide_characters_keep_the_column():
    wide = Event(1001.0, "urc", "+X: 温度", [4], [], [EventLink(0, ["mid 1"], 1)])
    plain = Event(1001.0, "urc", "+X: abcd", [4], [], [EventLink(0, ["mid 1"], 1)])
    shown = lines(Timeline(CLOCK, [EVENTS[0], wide, plain], [], SUMMARY))
    assert shown[1].index("⇐") + 2 == shown[2].index("⇐")


def test_hostile_text_stays_visible():
    event = Event(1000.0, "urc", "+X: \x1b[2J\u202e\nnew", [4])
    report = TimelineReport(Timeline(CLOCK, [event], [], SUMMARY))
    first = next(report.text())
    assert "\\x1b[2J\\u202e\\nnew" in to_plain(first)
    assert "\x1b[2J" not in to_ansi(first)
    assert "\n" not in to_ansi(first)


def test_nothing_and_no_clock():
    assert lines(Timeline(ClockFit(), [], [], SUMMARY))[-2:] == [
        "clock  not known: nothing ties the session to the traffic",
        "lines  2 linked to their messages, 1 without a message in the capture",
    ]


def test_json_is_one_object():
    report = TimelineReport(Timeline(CLOCK, EVENTS, [], SUMMARY), ["torn"])
    read = json.loads("\n".join(report.json()))
    assert list(read) == ["clock", "events", "findings", "summary"]
    assert read["clock"] == {"offset": 10800.25, "drift_ppm": -12.0, "residual": 0.031, "anchors": 14}
    assert read["events"][3] == {
        "time": 1012.5,
        "kind": "urc",
        "summary": "+MIPLEVENT: 0,26,147  delivered",
        "entries": [4],
        "frames": [],
        "links": [{"to": 2, "why": ["mid 147"], "confidence": 0.95}],
    }
    assert read["findings"] == []
    assert read["summary"] == SUMMARY
    assert json.loads("\n".join(TimelineReport(Timeline(ClockFit(), [], [], {})).json()))["events"] == []


def test_records_and_warnings():
    timeline = Timeline(CLOCK, EVENTS, [], SUMMARY)
    report = TimelineReport(timeline, ["torn"])
    assert list(report.records()) == [timeline]
    assert list(report.warnings) == ["torn"]
