"""What was typed, kept between runs in the platform's state directory, for its owner alone.

The file is found when prompt-toolkit first reads it, which is after the prompt is on the screen. What cannot be kept
(the directory is not writable) is only remembered until the end.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from prompt_toolkit.history import FileHistory

if TYPE_CHECKING:
    from pathlib import Path


class StateHistory(FileHistory):
    """``private`` says of a line that it must not be kept (it holds a key, or is a module's data)."""

    def __init__(self, private: Callable[[str], bool] = lambda line: False, path: Path | None = None) -> None:
        super().__init__("")
        self._private = private
        self._path = path

    def load_history_strings(self) -> Iterable[str]:
        with suppress(OSError):
            self._find()
            return list(super().load_history_strings())
        return []

    def store_string(self, string: str) -> None:
        # A leading blank keeps a line out of the history, as in other shells.
        if string.startswith(" ") or self._private(string):
            return
        with suppress(OSError):
            self._find()
            super().store_string(string)

    def _find(self) -> None:
        if self.filename:
            return
        path = self._path
        if path is None:
            from atshell.shell.record import state_directory

            path = state_directory() / "history"
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
        self.filename = str(path)
