"""The demonstration's session against a real emulated module: it comes to its end, in the manual's order."""

from __future__ import annotations

import asyncio
from pathlib import Path

from atshell.cli.demo import play
from atshell.host import host
from atshell.transcript.file import Transcript

STORY = (  # the OneMO manual, section 5.1, with an update before the end
    "+MIPLCREATEEX: 0",
    "+MIPLEVENT: 0,2",
    "+MIPLEVENT: 0,6",
    "+MIPLOBSERVE: 0,",
    "+MIPLDISCOVER: 0,",
    "+MIPLREAD: 0,",
    "+MIPLEVENT: 0,26,147",
    "+MIPLREAD: 0,",
    "+MIPLWRITE: 0,",
    "+MIPLEXECUTE: 0,",
    "+MIPLEVENT: 0,11",
    "+MIPLEVENT: 0,15",
)


def test_the_session_tells_the_manuals_story(tmp_path: Path) -> None:
    file = tmp_path / "session.at.jsonl"
    asyncio.run(play(host(), host().demo, file, tmp_path / "capture.pcap"))
    said = "".join(entry.data for entry in Transcript.read(file).entries if entry.dir == "rx")
    assert "ERROR" not in said
    place = 0
    for line in STORY:
        place = said.index(line, place) + len(line)
