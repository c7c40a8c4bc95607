"""``atshell demo`` as a stranger runs it: files that other programs read, and everything linked."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest


def atshell(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "atshell", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=60, check=False, stdin=subprocess.DEVNULL, cwd=cwd
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    ended = atshell("demo", "-o", str(folder))
    assert ended.returncode == 0, ended.stderr
    assert ended.stderr == ""
    assert "Register" in ended.stdout
    assert "\x1b" not in ended.stdout
    return folder


def test_every_line_that_causes_traffic_is_linked(folder: Path) -> None:
    ended = atshell("correlate", str(folder / "transcript.at.jsonl"), str(folder / "capture.pcap"), "--format", "json")
    assert ended.returncode == 0, ended.stderr
    timeline = json.loads(ended.stdout)
    silent = ("AT+MIPLCREATEEX", "AT+MIPLADDOBJ", "AT+MIPLDISCOVERRSP", "AT+MIPLDELETE")
    lines = [
        event
        for event in timeline["events"]
        if event["kind"] in ("at", "urc") and "MIPL" in event["summary"] and not event["summary"].startswith(silent)
    ]
    assert len(lines) >= 18
    for event in lines:
        kinds = {timeline["events"][link["to"]]["kind"] for link in event["links"]}
        assert "operation" in kinds, event


def test_message_ids_tie_the_two_sides(folder: Path) -> None:
    transcript = [json.loads(line) for line in (folder / "transcript.at.jsonl").read_text().splitlines()]
    said = "".join(entry["data"] for entry in transcript[1:] if entry["dir"] == "rx")
    ended = atshell("decode", str(folder / "capture.pcap"), "--format", "json")
    messages = [json.loads(line) for line in ended.stdout.splitlines()]
    asked = {m["mid"]: m["operation"] for m in messages if m.get("code", "").startswith("0.") and "operation" in m}
    urcs = {"+MIPLOBSERVE": "Observe", "+MIPLDISCOVER": "Discover", "+MIPLREAD": "Read", "+MIPLEXECUTE": "Execute"}
    for prefix, operation in urcs.items():
        mid = int(said.split(f"{prefix}: 0,", 1)[1].split(",", 1)[0])
        assert asked[mid] == operation
    (notification,) = [
        m for m in messages if m.get("operation") == "Notify" and m.get("mid") == 147 and m["type"] == "CON"
    ]
    assert notification["target"] == "/3200/0"
    (resource,) = notification["resources"]
    assert (resource["path"], resource["value"]) == ("/3200/0/5750", "abcd")


def test_without_o_a_new_folder_is_made_and_named(tmp_path: Path) -> None:
    ended = atshell("demo", cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    (made,) = tmp_path.iterdir()
    assert made.name in ended.stdout
    assert {path.name for path in made.iterdir()} == {"transcript.at.jsonl", "capture.pcap", "messages.ndjson"}


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.touch()
    ended = atshell("demo", "-o", str(blocker / "x"))
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.count("\n") == 1
