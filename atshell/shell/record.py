"""Where a session's record goes: by default a file in the platform's state directory, readable by its owner alone."""

from __future__ import annotations

import os
import sys
from collections import deque
from time import localtime, strftime
from typing import TYPE_CHECKING, TextIO

from atshell.errors import AtshellError

if TYPE_CHECKING:
    from pathlib import Path

    from atshell.session.runner import Session
    from atshell.shell.options import ShellOptions
    from atshell.transcript.entry import Entry, Header
    from atshell.transcript.file import Transcript, TranscriptWriter

SUFFIX = ".at.jsonl"
FOLDER = "transcripts"
MAX_ENTRIES = 200_000
"""Entries kept for ``%timeline``; the file has them all."""


class Recording:
    """The entries so far and, where wanted, the file. ``announced`` is the name that a front door has already said."""

    def __init__(self, options: ShellOptions, announced: str = "") -> None:
        self.path: Path | None = None
        self._options = options
        self._announced = announced
        self._entries: deque[Entry] = deque(maxlen=MAX_ENTRIES)
        self._dropped = 0
        self._header: Header | None = None
        self._writer: TranscriptWriter | None = None

    def keep(self, entry: Entry) -> None:
        """A session's sink."""
        if len(self._entries) == MAX_ENTRIES:
            self._dropped += 1
        self._entries.append(entry)

    def start(self, session: Session) -> None:
        """Write to the file from now on, what was said before first. Raises AtshellError."""
        from atshell.transcript.file import TranscriptWriter

        self._header = header = session.header
        if self._options.no_record:
            return
        if self._options.record is not None:
            self.path, file = self._options.record, open_named(self._options.record)
        else:
            self.path, file = open_default(self._announced or record_name(header.model or header.link))
        self._writer = TranscriptWriter(file, header)
        for entry in self._entries:
            self._writer(entry)
        session.add_sink(self._writer)

    def transcript(self) -> Transcript:
        """The session so far, numbered as its lines stand in the file."""
        from dataclasses import replace

        from atshell.transcript.file import Transcript

        if self._header is None:
            raise AtshellError("the shell is not open")
        first = 2 + self._dropped
        return Transcript(self._header, tuple(replace(one, line=at) for at, one in enumerate(self._entries, first)))

    def close(self) -> None:
        """A session in which nothing was said leaves no file behind, unless the user named one."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None
            if self.path is not None and not self._entries and self._options.record is None:
                self.path.unlink(missing_ok=True)


def state_directory() -> Path:
    """The platform's directory for what a program keeps between runs (``~/.local/state/atshell``)."""
    from pathlib import Path

    if folder := linux_state_directory():
        return Path(folder)
    from platformdirs import user_state_path

    return user_state_path("atshell", appauthor=False)


def linux_state_directory() -> str:
    """The same where the XDG Base Directory Specification holds, without an import that a first prompt would wait for;
    "" elsewhere."""
    if sys.platform != "linux":
        return ""
    base = os.environ.get("XDG_STATE_HOME", "").strip() or os.path.expanduser("~/.local/state")
    return os.path.join(base, "atshell")


def announced(name: str) -> str:
    """Where a default record of that name will be, as a person may type it; the name alone where that takes long."""
    folder = linux_state_directory()
    return short(os.path.join(folder, FOLDER, name)) if folder else name


def short(path: str) -> str:
    """A path with ``~`` for the home directory."""
    home = os.path.expanduser("~")
    return f"~{path[len(home) :]}" if home != "/" and path.startswith(f"{home}/") else path


def record_name(model: str) -> str:
    """``2026-11-20-190312-mn316.at.jsonl``, by the local clock."""
    slug = "".join(char if char.isalnum() else "-" for char in model.lower()).strip("-")
    return f"{strftime('%Y-%m-%d-%H%M%S', localtime())}-{slug or 'module'}{SUFFIX}"


def open_default(name: str) -> tuple[Path, TextIO]:
    """A new file of that name in the state directory; a number is added where one is there already."""
    folder = state_directory() / FOLDER
    hint = "use --record FILE or --no-record"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for number in range(1, 100):
            path = folder / (name if number == 1 else f"{name.removesuffix(SUFFIX)}-{number}{SUFFIX}")
            try:
                return path, open_private(path, os.O_EXCL)
            except FileExistsError:
                continue
    except OSError as error:
        raise AtshellError(f"cannot record in {folder}: {error.strerror}", hint) from error
    raise AtshellError(f"cannot record in {folder}: {name} is taken", hint)


def open_named(path: Path) -> TextIO:
    """The file that the user named, made anew."""
    try:
        return open_private(path, os.O_TRUNC)
    except OSError as error:
        raise AtshellError(f"cannot record to {path}: {error.strerror}", "name another file with --record") from error


def open_private(path: Path, flags: int) -> TextIO:
    """Open for writing; a file that is made is for its owner alone, since it may hold what others must not see."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | flags, 0o600)
    return os.fdopen(descriptor, "w", encoding="utf-8", newline="\n")
