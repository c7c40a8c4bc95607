"""What an emulated module keeps while it has no power: ``--state DIR``, or memory alone.

The folder holds ``state.json`` and ``lock``. The whole state is small, so every change writes it anew beside the old
file and renames it into place: whenever the process is killed, the file is the old state or the new one. The lock is
the kernel's and ends with the process, however that ends.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from atshell.errors import AtshellError

FORMAT, VERSION = "atshell-module-state", 1
STATE, NEW, LOCK = "state.json", "state.json.new", "lock"
MAX_STATE = 1 << 20
"""Bytes of the file. The settings of one module are some thousand at most."""
_ELSEWHERE = "choose another folder"

Record = tuple[str, ...]
"""The values of one setting, as text."""


class _State(msgspec.Struct, forbid_unknown_fields=True):
    format: str
    version: int
    model: str
    firmware: str
    """Of the module that has written it."""
    records: dict[str, Record]


class StorageFailure(Exception):
    """A change could not be written; nothing has changed."""


class Storage:
    """Records by key. Without a folder they last as long as this object does.

    Raises AtshellError when the folder cannot be used, is in use, or holds something else than the state of this model.
    """

    def __init__(self, folder: Path | None, model: str, firmware: str) -> None:
        self._folder = folder
        self._lock: int | None = None
        self._state = _State(FORMAT, VERSION, model, firmware, {})
        self._firmware = firmware
        if folder is None:
            return
        self._lock = _locked(folder)
        try:
            self._state = _read(folder / STATE) or self._state
            if self._state.model != model:
                raise AtshellError(f"{folder} holds the state of another model ({self._state.model})", _ELSEWHERE)
            _replace(folder / STATE, self._state)  # finds out now, not at the first change, that nothing can be written
        except StorageFailure as failure:
            self.close()
            raise AtshellError(f"{folder} cannot keep a module's state: {failure}", _ELSEWHERE) from failure
        except AtshellError:
            self.close()
            raise

    @property
    def place(self) -> str:
        """Where it is, for messages."""
        return str(self._folder / STATE) if self._folder else "memory"

    @property
    def written_by(self) -> str:
        """The firmware that has written what is kept. A change that is written now is this module's own."""
        return self._state.firmware

    def read(self, key: str) -> Record | None:
        return self._state.records.get(key)

    def write(self, changes: Mapping[str, Sequence[str] | None]) -> None:
        """Keep these records, all of them or none; None takes one away. Raises StorageFailure."""
        kept = {**self._state.records, **{key: tuple(record) for key, record in changes.items() if record is not None}}
        for key in (key for key, record in changes.items() if record is None):
            kept.pop(key, None)
        state = _State(FORMAT, VERSION, self._state.model, self._firmware, kept)
        if self._folder is not None:
            _replace(self._folder / STATE, state)
        self._state = state

    def close(self) -> None:
        """Let the folder go. A second call does nothing."""
        lock, self._lock = self._lock, None
        if lock is not None:
            os.close(lock)


def _locked(folder: Path) -> int:
    """The lock, which is held until its descriptor is closed."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise AtshellError(
            f"{folder} cannot keep a module's state: {error.strerror}", "choose another folder"
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(lock)
        what = f"the state in {folder} is in use by another emulated module"
        raise AtshellError(what, "end that one, or choose another folder") from error
    return lock


def _read(path: Path) -> _State | None:
    """None where there is no file yet."""
    hint = "move it away, or choose another folder"
    try:
        with path.open("rb") as file:
            data = file.read(MAX_STATE + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise AtshellError(f"{path} cannot be read: {error.strerror}", hint) from error
    if len(data) > MAX_STATE:
        raise AtshellError(f"{path} is no state of an emulated module: more than {MAX_STATE} bytes", hint)
    try:
        state = msgspec.convert(json.loads(data), _State)
    except (ValueError, RecursionError) as error:  # not UTF-8, not JSON, not this shape
        raise AtshellError(f"{path} is no state of an emulated module: {error}", hint) from error
    if (state.format, state.version) != (FORMAT, VERSION):
        raise AtshellError(f"{path} is no state of an emulated module that this version knows", hint)
    return state


def _replace(path: Path, state: _State) -> None:
    """The new file is on the disk before it takes the old one's place, and its name is when this returns. It is the
    owner's alone: private keys are in it."""
    # The standard library's JSON: text may hold bytes that are no UTF-8 (as lone surrogates), which it writes as \\u.
    data = json.dumps(msgspec.to_builtins(state), indent=1).encode()
    new = path.with_name(NEW)
    try:
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(new, path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise StorageFailure(error.strerror or str(error)) from error
