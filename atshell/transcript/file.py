"""Transcripts as files: ``*.at.jsonl``. A file can be cut anywhere; every whole line is valid."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from atshell.transcript.entry import Entry, Header


@dataclass(frozen=True, slots=True)
class Transcript:
    header: Header
    entries: tuple[Entry, ...]
    warnings: tuple[str, ...] = ()
    """What was wrong with the file and did not stop the reading: a torn last line, a line that is no entry."""

    @classmethod
    def read(cls, path: Path | str) -> Transcript:
        """Raises AtshellError when the file is not there, is empty or is no transcript."""
        raise NotImplementedError


class TranscriptWriter:
    """Writes the header at once and each entry as a whole line, flushed. Usable as a session's sink."""

    def __init__(self, file: TextIO, header: Header) -> None:
        raise NotImplementedError

    def __call__(self, entry: Entry) -> None:
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError
