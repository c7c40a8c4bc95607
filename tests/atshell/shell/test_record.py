"""Where sessions are recorded."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from atshell.errors import AtshellError
from atshell.shell.options import ShellOptions
from atshell.shell.record import Recording, open_default, record_name
from atshell.transcript.entry import Entry, Header
from atshell.transcript.file import Transcript


class FakeSession:
    """What a recording asks of a session."""

    def __init__(self) -> None:
        self.header = Header(datetime(2026, 11, 20, tzinfo=UTC), "emulator:MN316", "MN316")
        self.sinks: list[object] = []

    def add_sink(self, sink: object) -> None:
        self.sinks.append(sink)


def test_names_begin_with_the_local_time_and_are_safe() -> None:
    assert re.fullmatch(r"\d{4}-\d\d-\d\d-\d{6}-mn316\.at\.jsonl", record_name("MN316"))
    assert record_name("/dev/ttyUSB0").endswith("-dev-ttyusb0.at.jsonl")
    assert "/" not in record_name("../../etc")
    assert record_name("").endswith("-module.at.jsonl")


def test_a_name_that_is_taken_gets_a_number(state: Path) -> None:
    paths = []
    for _ in range(3):
        path, file = open_default("a.at.jsonl")
        file.close()
        paths.append(path.name)
        assert path.stat().st_mode & 0o777 == 0o600
    assert paths == ["a.at.jsonl", "a-2.at.jsonl", "a-3.at.jsonl"]


def test_what_was_said_before_the_start_is_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "x.at.jsonl"
    recording = Recording(ShellOptions(record=path))
    with pytest.raises(AtshellError):
        recording.transcript()
    recording.keep(Entry(0.1, "tx", "AT+CGMM\r"))
    session = FakeSession()
    recording.start(session)
    (writer,) = session.sinks
    entry = Entry(0.2, "rx", "\r\nOK\r\n")
    recording.keep(entry)
    writer(entry)
    recording.close()
    recording.close()
    assert [entry.data for entry in Transcript.read(path).entries] == ["AT+CGMM\r", "\r\nOK\r\n"]
    assert recording.transcript() == Transcript.read(path)


def test_a_named_file_stays_even_when_empty_and_no_record_means_none(tmp_path: Path) -> None:
    path = tmp_path / "x.at.jsonl"
    recording = Recording(ShellOptions(record=path))
    recording.start(FakeSession())
    recording.close()
    assert json.loads(path.read_text())["link"] == "emulator:MN316"
    silent = Recording(ShellOptions(no_record=True))
    silent.start(FakeSession())
    assert silent.path is None


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    with pytest.raises(AtshellError, match="--no-record"):
        open_default("a.at.jsonl")
