"""Transcripts as files: ``*.at.jsonl``. A file can be cut anywhere; every whole line is valid.

Reading goes line by line and forgives what a cut, an editor or a stranger did to the file: each line that is no entry
becomes a warning with its number. Only a file without a usable header is an error. Writing is plain ASCII but for
readable notes, so that a transcript shown with ``cat`` cannot steer a terminal.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, TextIO

from atshell.errors import AtshellError
from atshell.transcript.entry import Direction, Entry, Header
from atshell.transcript.known import FORMAT

VERSION = 1
MAX_LINE = 1 << 20
"""Bytes; a chunk of a module is far shorter, even with every byte as ``\\u00ff``."""
MAX_WARNINGS = 20
MAX_TIME = 1e9
"""Seconds, about thirty years: what is later is no session, and would not fit into a date."""
_DIRECTIONS: dict[object, Direction] = {"tx": "tx", "rx": "rx", "note": "note"}
_NO_TRANSCRIPT = "give a file that atshell recorded (*.at.jsonl)"


@dataclass(frozen=True, slots=True)
class Transcript:
    header: Header
    entries: tuple[Entry, ...]
    warnings: tuple[str, ...] = ()
    """What was wrong with the file and did not stop the reading: a torn last line, a line that is no entry."""

    @classmethod
    def read(cls, path: Path | str) -> Transcript:
        """Raises AtshellError when the file is not there, is empty or is no transcript."""
        try:
            with Path(path).open("rb") as file:
                return _Reader(str(path)).read(file)
        except FileNotFoundError:
            raise AtshellError(f"{path} is not there", "check the name of the transcript") from None
        except IsADirectoryError:
            raise AtshellError(f"{path} is a directory", "name the transcript in it") from None
        except PermissionError:
            raise AtshellError(f"{path} may not be read", "check the file's permissions") from None
        except (OSError, ValueError) as error:
            raise AtshellError(f"{path} cannot be read ({error})", "check the name of the transcript") from None

    def write(self, path: Path | str) -> None:
        """Write the whole transcript anew. Raises AtshellError."""
        writer = TranscriptWriter.create(path, self.header)
        try:
            for entry in self.entries:
                writer(entry)
        finally:
            writer.close()


class TranscriptWriter:
    """Writes the header at once and each entry as a whole line, flushed. Usable as a session's sink."""

    def __init__(self, file: TextIO, header: Header) -> None:
        self._file = file
        self._write(format_header(header))

    @classmethod
    def create(cls, path: Path | str, header: Header) -> TranscriptWriter:
        """A writer on a new file; one that is already there is replaced. Raises AtshellError."""
        try:
            file = Path(path).open("w", encoding="utf-8", newline="\n")  # noqa: SIM115 - closed by close()
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            raise AtshellError(f"the transcript {path} cannot be written ({reason})", "choose another file") from None
        return cls(file, header)

    def __call__(self, entry: Entry) -> None:
        """Raises AtshellError when the file takes no more."""
        self._write(format_entry(entry))

    def close(self) -> None:
        try:
            self._file.close()
        except OSError as error:
            raise _unwritable(error) from None

    def _write(self, line: str) -> None:
        if self._file.closed:
            return
        try:
            self._file.write(line + "\n")
            self._file.flush()
        except OSError as error:
            with suppress(OSError):  # what is buffered does not fit either
                self._file.close()
            raise _unwritable(error) from None


def _unwritable(error: OSError) -> AtshellError:
    return AtshellError(f"the transcript cannot be written ({error.strerror})", "make room and record to a new file")


def format_header(header: Header) -> str:
    """The first line of a file, without its line feed."""
    started = header.started if header.started.tzinfo else header.started.replace(tzinfo=UTC)
    record: dict[str, object] = {
        "format": FORMAT,
        "version": VERSION,
        "started": started.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
    }
    optional = {"link": header.link, "model": header.model, "firmware": header.firmware}
    record |= {key: value for key, value in optional.items() if value}
    return json.dumps(record)


def format_entry(entry: Entry) -> str:
    """An entry's line, without its line feed. ``t`` has microseconds; readable notes stay readable."""
    plain = entry.dir == "note" and entry.data.isprintable()
    text = f'{{"t": {entry.t:.6f}, "dir": "{entry.dir}", "data": {json.dumps(entry.data, ensure_ascii=not plain)}'
    return f'{text}, "kind": {json.dumps(entry.kind)}}}' if entry.kind else text + "}"


class _Bad(ValueError):
    """Why a line is no entry."""


class _Reader:
    """Reads one file; holds its warnings."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._warnings: list[str] = []
        self._unsaid = 0
        self._latest = 0.0

    def read(self, file: BinaryIO) -> Transcript:
        lines = _lines(file)
        header = self._header(lines)
        entries = tuple(self._entries(lines))
        if self._unsaid:
            self._warnings.append(f"and {self._unsaid} more lines are wrong")
        return Transcript(header, entries, tuple(self._warnings))

    def _header(self, lines: Iterable[tuple[int, bytes]]) -> Header:
        _, raw = next(iter(lines), (0, b""))
        if not raw:
            raise AtshellError(f"{self._name} is empty", "nothing was recorded into it")
        try:
            record = _record(raw.removeprefix(b"\xef\xbb\xbf"))
        except _Bad:
            record = {}
        if record.get("format") != FORMAT:
            raise AtshellError(f"{self._name} is no transcript", _NO_TRANSCRIPT)
        version = record.get("version")
        if version != VERSION or isinstance(version, bool):
            raise AtshellError(
                f"{self._name} is a transcript of version {version!r:.40}",
                f"this atshell reads version {VERSION}; a newer one may read it",
            )
        started = self._started(record.get("started"))
        return Header(started, **{key: self._text(record, key) for key in ("link", "model", "firmware")})

    def _started(self, value: object) -> datetime:
        try:
            started = datetime.fromisoformat(value if isinstance(value, str) else "")
            if started.tzinfo is None:
                self._warn("line 1: 'started' has no time zone, taken for UTC")
                started = started.replace(tzinfo=UTC)
            return started.astimezone(UTC)
        except (ValueError, OverflowError):
            raise AtshellError(
                f"{self._name} does not say when it was started",
                'put `"started": "2026-01-01T00:00:00Z"` with the right time into its first line',
            ) from None

    def _text(self, record: dict[str, object], key: str) -> str:
        value = record.get(key, "")
        if isinstance(value, str):
            return value
        self._warn(f"line 1: '{key}' is no text")
        return ""

    def _entries(self, lines: Iterable[tuple[int, bytes]]) -> Iterator[Entry]:
        for number, raw in lines:
            if not raw.strip():
                continue
            try:
                entry = _entry(_record(raw), number)
            except _Bad as error:
                torn = not raw.endswith(b"\n") and len(raw) <= MAX_LINE
                self._warn(f"line {number}: {'torn: the recording was cut here' if torn else error}")
                continue
            if entry.t < self._latest:
                self._warn(f"line {number}: time goes back from {self._latest:.6f} to {entry.t:.6f} s")
            self._latest = entry.t
            yield entry

    def _warn(self, text: str) -> None:
        if len(self._warnings) < MAX_WARNINGS:
            self._warnings.append(text)
        else:
            self._unsaid += 1


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Numbered lines with their line feeds; of one that is too long, no more than a byte over the limit."""
    number = 0
    while raw := file.readline(MAX_LINE + 1):
        number += 1
        yield number, raw
        while len(raw) > MAX_LINE and not raw.endswith(b"\n"):
            raw = file.readline(MAX_LINE + 1)


def _record(raw: bytes) -> dict[str, object]:
    if len(raw) > MAX_LINE:
        raise _Bad(f"longer than {MAX_LINE} bytes")
    try:
        record: object = json.loads(raw.decode())
    except (ValueError, RecursionError):
        raise _Bad("no JSON") from None
    if not isinstance(record, dict):
        raise _Bad("no JSON object")
    return record


def _entry(record: dict[str, object], number: int) -> Entry:
    direction = _DIRECTIONS.get(record["dir"]) if isinstance(record.get("dir"), str) else None
    if direction is None:
        raise _Bad("'dir' is neither tx, rx nor note")
    data = record.get("data")
    if not isinstance(data, str):
        raise _Bad("'data' is no text")
    if direction != "note" and not _is_bytes(data):
        raise _Bad("'data' has characters above U+00FF, which are no bytes")
    kind = record.get("kind", "")
    return Entry(_time(record.get("t")), direction, data, kind if isinstance(kind, str) else "", number)


def _is_bytes(data: str) -> bool:
    return data.isascii() or max(data) <= "\xff"


def _time(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise _Bad("'t' is no number")
    try:
        time = float(value)
    except OverflowError:
        time = math.inf
    if not 0 <= time <= MAX_TIME:
        raise _Bad("'t' is no time of a session")
    return time
