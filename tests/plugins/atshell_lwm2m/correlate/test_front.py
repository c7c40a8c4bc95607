"""From files to a report: real recordings of other implementations beside a session."""

from __future__ import annotations

import struct
from datetime import UTC, datetime

import pytest

from atshell.errors import AtshellError
from atshell.hooks import DecodeOptions
from atshell.session.intent import Intent
from atshell.transcript.entry import Entry, Header
from atshell.transcript.file import Transcript
from atshell_lwm2m.capture.writer import LINKTYPE_RAW, udp_packet
from atshell_lwm2m.correlate import correlate_captures
from atshell_lwm2m.correlate.front import shortcomings
from atshell_lwm2m.export.pcapng import interface, section
from atshell_lwm2m.timeline import ClockFit, Timeline

EMPTY_PCAP = bytes.fromhex("d4c3b2a1020004000000000000000000ffff000001000000")
TRANSCRIPT = Transcript(
    Header(datetime(2026, 11, 20, tzinfo=UTC)),
    (Entry(0.0, "tx", "AT+MIPLCLOSE=0\r", line=2), Entry(0.5, "note", "moved", "comment", 3)),
    ("line 4: torn",),
)
INTENTS = [Intent(0.0, (2,), "at", "AT+MIPLCLOSE=0", "", ("De-register",))]


def test_a_capture_without_messages(tmp_path):
    capture = tmp_path / "empty.pcap"
    capture.write_bytes(EMPTY_PCAP)
    report = correlate_captures(TRANSCRIPT, INTENTS, [capture], DecodeOptions())
    (timeline,) = report.records()
    assert [event.kind for event in timeline.events] == ["at", "note"]
    assert report.warnings[0] == "line 4: torn"
    assert "no CoAP messages" in report.warnings[1]


def test_messages_without_a_time(tmp_path):
    """Simple Packet Blocks have none (draft-ietf-opsawg-pcapng section 4.4)."""
    packet = udp_packet(("10.0.0.1", 40000), ("10.0.0.2", 5683), bytes.fromhex("40011234b133"), 1)
    body = struct.pack("<I", len(packet)) + packet + bytes(-len(packet) % 4)
    size = struct.pack("<I", len(body) + 12)
    capture = tmp_path / "simple.pcapng"
    capture.write_bytes(section() + interface(LINKTYPE_RAW) + struct.pack("<I", 3) + size + body + size)
    report = correlate_captures(TRANSCRIPT, INTENTS, [capture], DecodeOptions())
    (timeline,) = report.records()
    assert [event.kind for event in timeline.events] == ["at", "note"]
    assert report.warnings[1] == "messages without a time in the captures, which are left out: 1"


def test_no_capture(tmp_path):
    with pytest.raises(AtshellError):
        correlate_captures(TRANSCRIPT, INTENTS, [tmp_path / "nothing.pcap"], DecodeOptions())


@pytest.mark.parametrize(
    ("anchors", "operations", "said"), [(0, 0, "no CoAP"), (0, 5, "nothing in the captures"), (3, 5, None)]
)
def test_shortcomings(anchors, operations, said):
    found = shortcomings(Timeline(ClockFit(anchors=anchors), [], [], {"operation": operations}))
    assert bool(found) == bool(said)
    assert all(said in text for text in found)
