"""Transcripts as files: what is written comes back, and what a stranger wrote does no harm."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell.errors import AtshellError
from atshell.transcript import file as transcript_file
from atshell.transcript.entry import Entry, Header
from atshell.transcript.file import Transcript, TranscriptWriter, format_entry, format_header

STARTED = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
HEADER = '{"format": "atshell-transcript", "version": 1, "started": "2026-11-20T08:00:00.000000Z"}\n'


def read(tmp_path: Path, content: bytes | str) -> Transcript:
    path = tmp_path / "x.at.jsonl"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return Transcript.read(path)


def test_the_file_line_by_line(tmp_path: Path) -> None:
    transcript = read(
        tmp_path,
        """\
{"format": "atshell-transcript", "version": 1, "started": "2026-11-20T08:00:00.000000Z", "link": "emulator:MN316", "model": "MN316", "firmware": "…"}
{"t": 0.000000, "dir": "tx", "data": "AT+MIPLOPEN=0,300,30\\r"}
{"t": 0.011250, "dir": "rx", "data": "\\r\\nOK\\r\\n"}
{"t": 4.2, "dir": "note", "data": "antenna moved", "kind": "comment"}
""",  # noqa: E501
    )
    assert transcript.header == Header(STARTED, "emulator:MN316", "MN316", "…")
    assert transcript.entries == (
        Entry(0.0, "tx", "AT+MIPLOPEN=0,300,30\r", line=2),
        Entry(0.01125, "rx", "\r\nOK\r\n", line=3),
        Entry(4.2, "note", "antenna moved", "comment", line=4),
    )
    assert transcript.entries[1].bytes == b"\r\nOK\r\n"
    assert transcript.warnings == ()


def test_lines_as_they_are_written() -> None:
    file = io.StringIO()
    header = Header(datetime(2026, 11, 20, 9, 0, tzinfo=timezone(timedelta(hours=1))), link="/dev/ttyUSB0")
    writer = TranscriptWriter(file, header)
    header_line = '{"format": "atshell-transcript", "version": 1, "started": "2026-11-20T08:00:00.000000Z"'
    assert file.getvalue() == header_line + ', "link": "/dev/ttyUSB0"}\n'
    writer(Entry(0.0112501, "rx", '\x00\x1b"\xff'))
    writer(Entry(12.0, "note", "天线动了", "comment"))
    writer(Entry(13.0, "note", "a\u202eb"))
    assert file.getvalue().splitlines()[1:] == [
        '{"t": 0.011250, "dir": "rx", "data": "\\u0000\\u001b\\"\\u00ff"}',
        '{"t": 12.000000, "dir": "note", "data": "天线动了", "kind": "comment"}',
        '{"t": 13.000000, "dir": "note", "data": "a\\u202eb"}',
    ]
    writer.close()
    writer(Entry(14.0, "rx", "after the end"))
    writer.close()


@given(
    st.lists(
        st.one_of(
            st.builds(
                Entry,
                st.floats(0, 1e6).map(lambda t: round(t, 6)),
                st.sampled_from(["tx", "rx"]),
                st.binary().map(lambda data: data.decode("latin-1")),
            ),
            st.builds(Entry, st.just(1.0), st.just("note"), st.text(), st.text()),
        )
    )
)
def test_any_bytes_and_notes_come_back(tmp_path_factory: pytest.TempPathFactory, entries: list[Entry]) -> None:
    path = tmp_path_factory.mktemp("round") / "x.at.jsonl"
    written = Transcript(Header(STARTED, "link"), tuple(entries))
    written.write(path)
    again = Transcript.read(path)
    assert again.header == written.header
    assert [(e.t, e.dir, e.data, e.kind) for e in again.entries] == [(e.t, e.dir, e.data, e.kind) for e in entries]
    assert [e.line for e in again.entries] == list(range(2, len(entries) + 2))


@given(st.integers(min_value=0))
def test_cut_anywhere_every_whole_line_stays(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    lines = [HEADER, *(format_entry(Entry(n, "rx", f"\r\n+CSQ: {n},0\r\n")) + "\n" for n in range(5))]
    content = "".join(lines)
    cut = len(HEADER) + cut % (len(content) - len(HEADER) + 1)
    transcript = read(tmp_path_factory.mktemp("cut"), content[:cut])
    kept, torn = content[len(HEADER) : cut].count("\n"), not content[:cut].endswith(("\n", "}"))
    whole_without_end = content[:cut].endswith("}") and cut > len(HEADER)
    assert len(transcript.entries) == kept + whole_without_end
    assert (transcript.warnings == ()) is not torn
    if torn:
        assert transcript.warnings == (f"line {kept + 2}: torn: the recording was cut here",)


@pytest.mark.parametrize(
    ("line", "warning"),
    [
        ("garbage", "line 2: no JSON"),
        ("[1]", "line 2: no JSON object"),
        ("[" * 100_000, "line 2: no JSON"),
        ("9" * 5000, "line 2: no JSON"),
        ('{"t": 1, "dir": "xx", "data": ""}', "line 2: 'dir' is neither tx, rx nor note"),
        ('{"t": 1, "dir": ["tx"], "data": ""}', "line 2: 'dir' is neither tx, rx nor note"),
        ('{"t": 1, "dir": "rx"}', "line 2: 'data' is no text"),
        ('{"t": 1, "dir": "rx", "data": "€"}', "line 2: 'data' has characters above U+00FF, which are no bytes"),
        (
            '{"t": 1, "dir": "rx", "data": "\\ud800"}',
            "line 2: 'data' has characters above U+00FF, which are no bytes",
        ),
        ('{"dir": "rx", "data": ""}', "line 2: 't' is no number"),
        ('{"t": true, "dir": "rx", "data": ""}', "line 2: 't' is no number"),
        ('{"t": NaN, "dir": "rx", "data": ""}', "line 2: 't' is no time of a session"),
        ('{"t": -0.1, "dir": "rx", "data": ""}', "line 2: 't' is no time of a session"),
        ('{"t": 1e999, "dir": "rx", "data": ""}', "line 2: 't' is no time of a session"),
        ('{"t": 1%s, "dir": "rx", "data": ""}' % ("0" * 400), "line 2: 't' is no time of a session"),
        ('{"t": 1, "dir": "rx", "data": "%s"}' % ("x" * (1 << 21)), "line 2: longer than 1048576 bytes"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_wrong_line_is_skipped_and_named(tmp_path: Path, line: str, warning: str) -> None:
    good = '{"t": 2, "dir": "rx", "data": "ok"}\n'
    transcript = read(tmp_path, f"{HEADER}{line}\n{good}")
    assert transcript.warnings == (warning,)
    assert transcript.entries == (Entry(2.0, "rx", "ok", line=3),)


def test_what_is_harmless(tmp_path: Path) -> None:
    content = (
        "\ufeff"
        + HEADER.replace("}", ', "model": "MN316", "extra": [1]}').replace("\n", "\r\n")
        + "\r\n"
        + '{"data": "x", "dir": "rx", "t": 1, "new": null, "kind": 7}\r\n'
    )
    transcript = read(tmp_path, content)
    assert transcript.header.model == "MN316"
    assert transcript.entries == (Entry(1.0, "rx", "x", line=3),)
    assert transcript.warnings == ()


def test_time_that_goes_back_is_said(tmp_path: Path) -> None:
    lines = [format_entry(Entry(t, "rx", "x")) + "\n" for t in (2.0, 1.0)]
    transcript = read(tmp_path, HEADER + "".join(lines))
    assert len(transcript.entries) == 2
    assert transcript.warnings == ("line 3: time goes back from 2.000000 to 1.000000 s",)


def test_the_number_of_warnings_is_limited(tmp_path: Path) -> None:
    transcript = read(tmp_path, HEADER + "x\n" * 1000)
    assert len(transcript.warnings) == 21
    assert transcript.warnings[-1] == "and 980 more lines are wrong"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "is empty"),
        (b"\n", "is no transcript"),
        (b'{"t": 0, "dir": "tx", "data": "AT\\r"}\n', "is no transcript"),
        (b'{"format": "atsh', "is no transcript"),
        (b'{"format": "something else", "version": 1}\n', "is no transcript"),
        (b"\xd4\xc3\xb2\xa1\x02\x00\x04\x00" + bytes(range(256)), "is no transcript"),
        (b"[" * (1 << 22), "is no transcript"),
        (HEADER.replace("1,", "2,").encode(), "is a transcript of version 2"),
        (HEADER.replace("1,", '"x",').encode(), "is a transcript of version 'x'"),
        (HEADER.replace("1,", "true,").encode(), "is a transcript of version True"),
        (b'{"format": "atshell-transcript", "version": 1}\n', "does not say when it was started"),
        (HEADER.replace("2026", "x").encode(), "does not say when it was started"),
        (HEADER.replace("2026-11-20T08:00:00.000000Z", "0001-01-01T00:00:00+14:00").encode(), "does not say when"),
    ],
)
def test_no_transcript_says_what_and_what_to_do(tmp_path: Path, content: bytes, what: str) -> None:
    with pytest.raises(AtshellError) as error:
        read(tmp_path, content)
    assert what in error.value.what
    assert error.value.hint


def test_a_header_without_zone_or_with_wrong_fields(tmp_path: Path) -> None:
    transcript = read(tmp_path, HEADER.replace('.000000Z"', '", "link": 3'))
    assert transcript.header == Header(STARTED)
    assert transcript.warnings == ("line 1: 'started' has no time zone, taken for UTC", "line 1: 'link' is no text")


def test_files_that_cannot_be_opened(tmp_path: Path) -> None:
    for path in (tmp_path / "missing", tmp_path, tmp_path / ("x" * 300), "nul\0byte"):
        with pytest.raises(AtshellError) as error:
            Transcript.read(path)
        assert error.value.hint
    for path in (tmp_path, tmp_path / "no" / "folder", "nul\0byte"):
        with pytest.raises(AtshellError):
            TranscriptWriter.create(path, Header(STARTED))


def test_a_full_disk_is_an_error_with_advice() -> None:
    with pytest.raises(AtshellError, match="No space left"):
        TranscriptWriter.create("/dev/full", Header(STARTED))


@given(st.binary(max_size=300))
def test_any_bytes_after_the_header_are_read(tmp_path_factory: pytest.TempPathFactory, junk: bytes) -> None:
    transcript = read(tmp_path_factory.mktemp("junk"), HEADER.encode() + junk)
    for entry in transcript.entries:
        json.loads(format_entry(entry))


def test_a_header_reads_back_what_it_wrote() -> None:
    assert json.loads(format_header(Header(STARTED)))["started"] == "2026-11-20T08:00:00.000000Z"
    assert transcript_file.VERSION == 1
