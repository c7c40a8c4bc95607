"""A whole recorded session beside its capture, as the command line shows it."""

from __future__ import annotations

import asyncio
import json
import struct
from pathlib import Path

import pytest

from atshell.cli.correlate import has_error
from atshell.cli.demo import play
from atshell.cli.entry import run
from atshell.host import host

PCAP_HEADER, RECORD = 24, struct.Struct("<IIII")


@pytest.fixture(scope="module")
def recorded(tmp_path_factory) -> tuple[Path, Path]:
    """The demonstration's transcript and capture."""
    folder = tmp_path_factory.mktemp("demo")
    transcript, capture = folder / "demo.at.jsonl", folder / "demo.pcap"
    asyncio.run(play(host(), host().demo, transcript, capture))
    return transcript, capture


def shifted(capture: Path, target: Path, seconds: int, *, without: tuple[int, ...] = ()) -> Path:
    """The capture as if another clock had stamped it, without some of its frames."""
    data, at, frame = capture.read_bytes(), PCAP_HEADER, 0
    parts = [data[:PCAP_HEADER]]
    while at < len(data):
        time, fraction, length, original = RECORD.unpack_from(data, at)
        frame += 1
        end = at + RECORD.size + length
        if frame not in without:
            parts += [RECORD.pack(time + seconds, fraction, length, original), data[at + RECORD.size : end]]
        at = end
    target.write_bytes(b"".join(parts))
    return target


def correlated(capsys, *arguments: str | Path) -> dict:
    assert run(["correlate", *map(str, arguments), "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def claims(timeline: dict) -> list[dict]:
    """Lines of the session that have a message: all but those that set the module up."""
    quiet = ("AT+CGMM", "AT+CEREG", "AT+MIPLCREATE", "AT+MIPLADDOBJ", "AT+MIPLDISCOVERRSP", "AT+MIPLDELETE")
    lines = [event for event in timeline["events"] if event["kind"] in ("at", "urc")]
    return [event for event in lines if not event["summary"].startswith(quiet)]


@pytest.mark.parametrize("seconds", [0, 10800, -86400])
def test_every_line_is_linked(capsys, recorded, tmp_path, seconds):
    transcript, capture = recorded
    timeline = correlated(capsys, transcript, shifted(capture, tmp_path / "b.pcap", seconds))
    lines = claims(timeline)
    assert len(lines) == 18
    assert [event["summary"] for event in lines if not event["links"]] == []
    assert timeline["clock"]["offset"] == pytest.approx(seconds, abs=0.05)
    assert timeline["summary"]["unlinked"] == 0
    assert timeline["findings"] == []


def test_links_lead_to_the_right_messages(capsys, recorded):
    timeline = correlated(capsys, *recorded)
    events = timeline["events"]
    found = {
        line["summary"].split(",")[0].split("  ")[0]: [events[link["to"]]["summary"] for link in line["links"]]
        for line in claims(timeline)
    }
    for line, message in (
        ("AT+MIPLOPEN=0", "→ CON POST /bs"),
        ("AT+MIPLNOTIFY=0", "→ CON 2.05  Notify"),
        ("AT+MIPLREADRSP=0", "→ ACK 2.05"),
        ("AT+MIPLWRITERSP=0", "→ ACK 2.04"),
        ("AT+MIPLEXECUTERSP=0", "→ ACK 2.04"),
        ("AT+MIPLUPDATE=0", "→ CON POST /rd"),
        ("AT+MIPLCLOSE=0", "→ CON DELETE /rd"),
        ("+MIPLWRITE: 0", "← CON PUT /3200/0/5750"),
        ("+MIPLEXECUTE: 0", "← CON POST /3200/0/5750"),
        ("+MIPLOBSERVE: 0", "← CON GET /3200/0 observe"),
        ("+MIPLDISCOVER: 0", "← CON GET /3200"),
        ("+MIPLREAD: 0", "← CON GET /3200/0"),
    ):
        assert found[line][0].startswith(message), line
    assert "Register" in found["AT+MIPLOPEN=0"][1]


def test_lost_messages_leave_their_lines_alone(capsys, recorded, tmp_path):
    """Without frames 5 to 12 and 20, what remains is linked as before."""
    transcript, capture = recorded
    lossy = shifted(capture, tmp_path / "lossy.pcap", 3600, without=(*range(5, 13), 20))
    timeline = correlated(capsys, transcript, lossy)
    assert timeline["clock"]["offset"] == pytest.approx(3600, abs=0.05)
    assert timeline["summary"]["linked"] >= 12


def test_another_capture_gives_no_links(capsys, recorded, tmp_path):
    transcript, _ = recorded
    other = tmp_path / "other.at.jsonl", tmp_path / "other.pcap"
    asyncio.run(play(host(), host().demo, *other))
    beside = shifted(other[1], tmp_path / "b.pcap", 7200)
    assert run(["correlate", str(transcript), str(beside), "--format", "json"]) == 0
    streams = capsys.readouterr()
    timeline = json.loads(streams.out)
    assert timeline["clock"]["anchors"] == 0
    assert not any(event["links"] for event in timeline["events"])
    assert "nothing in the captures belongs to this session" in streams.err


def test_text(capsys, recorded, tmp_path):
    assert run(["correlate", *map(str, recorded), "-o", str(tmp_path / "timeline.txt"), "--check"]) == 0
    assert capsys.readouterr().out == ""
    text = (tmp_path / "timeline.txt").read_text(encoding="utf-8")
    assert "▸ AT+MIPLOPEN=0,3000,30" in text
    assert "⇐ ackid 147" in text
    assert "18 linked to their messages" in text


@pytest.mark.parametrize(
    "arguments",
    [
        ["missing.at.jsonl", "missing.pcap"],
        ["{capture}", "{capture}"],
        ["{transcript}", "{transcript}"],
        ["{transcript}", "missing.pcap"],
        ["{transcript}", "{capture}", "-o", "/nowhere/at/all"],
    ],
)
def test_unusable_input_is_one_line(capsys, recorded, arguments):
    names = {"transcript": str(recorded[0]), "capture": str(recorded[1])}
    assert run(["correlate", *(argument.format(**names) for argument in arguments)]) == 2
    streams = capsys.readouterr()
    assert streams.err.count("\n") == 1
    assert streams.err.startswith("atshell: ")


@pytest.mark.parametrize(
    "arguments",
    [
        ["{transcript}"],
        [],
        ["{transcript}", "{capture}", "--port", "0"],
        ["{transcript}", "{capture}", "--port", "x"],
        ["{transcript}", "{capture}", "--format", "xml"],
    ],
)
def test_unusable_arguments(recorded, arguments):
    names = {"transcript": str(recorded[0]), "capture": str(recorded[1])}
    with pytest.raises(SystemExit) as ended:
        run(["correlate", *(argument.format(**names) for argument in arguments)])
    assert ended.value.code == 2


def test_errors_are_found():
    class Finding:
        severity = "error"

    class Timeline:
        findings = (Finding(),)

    assert has_error([Timeline()])
    assert not has_error([object()])
