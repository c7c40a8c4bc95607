"""A terminal to test in: a pseudo-terminal and a reader of what it shows.

The reader knows what prompt-toolkit writes: cursor movements, erasing, and the question for the cursor's position,
which it answers as a terminal does.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pexpect
import pytest

ROWS, COLUMNS = 30, 100
TIMEOUT = 20.0
"""Seconds; waited for only where a test is about to fail."""
_SEQUENCE = re.compile(r"\x1b\[([?>]?)([0-9;]*) ?([@-~])|\x1b[()=>].?|\x1b\][^\x07]*\x07")


class Terminal:
    def __init__(self, arguments: list[str], environment: dict[str, str]) -> None:
        command = [sys.executable, "-m", "atshell", *arguments]
        self.child = pexpect.spawn(
            command[0],
            command[1:],
            dimensions=(ROWS, COLUMNS),
            timeout=TIMEOUT,
            encoding="utf-8",
            codec_errors="replace",
            env={**os.environ, "TERM": "xterm", **environment},
        )
        self.child.delaybeforesend = None
        self.lines = [[" "] * COLUMNS]
        self.row = self.column = 0
        self._rest = ""

    def send(self, text: str) -> None:
        self.child.send(text)

    def enter(self, line: str) -> None:
        self.child.send(f"{line}\r")

    @property
    def screen(self) -> str:
        return "\n".join("".join(line).rstrip() for line in self.lines).rstrip()

    def wait(self, text: str | Callable[[str], bool]) -> str:
        """Read until the screen has the text, or is as wanted."""
        fits = text if callable(text) else lambda screen: text in screen
        while not fits(self.screen):
            try:
                self._show(self.child.read_nonblocking(4096, TIMEOUT))
            except (pexpect.TIMEOUT, pexpect.EOF):
                pytest.fail(f"{text!r} is not on the screen:\n{self.screen}")
        return self.screen

    def end(self) -> int:
        """Read until the program has ended; its exit status."""
        try:
            while True:
                self._show(self.child.read_nonblocking(4096, TIMEOUT))
        except pexpect.EOF:
            self.child.wait()
        assert self.child.exitstatus is not None, f"ended by signal {self.child.signalstatus}"
        return self.child.exitstatus

    def _show(self, data: str) -> None:
        text = self._rest + data
        at = 0
        while at < len(text):
            if text[at] != "\x1b":
                self._put(text[at])
                at += 1
            elif found := _SEQUENCE.match(text, at):
                self._obey(*found.group(1, 2, 3))
                at = found.end()
            else:
                break
        self._rest = text[at:]

    def _put(self, char: str) -> None:
        if char == "\r":
            self.column = 0
        elif char == "\n":
            self._move(1)
        elif char == "\b":
            self.column = max(self.column - 1, 0)
        elif char >= " ":
            if self.column >= COLUMNS:
                self.column = 0
                self._move(1)
            self.lines[self.row][self.column] = char
            self.column += 1

    def _move(self, rows: int) -> None:
        self.row = max(self.row + rows, 0)
        while self.row >= len(self.lines):
            self.lines.append([" "] * COLUMNS)

    def _obey(self, private: str | None, numbers: str | None, final: str | None) -> None:
        if private or final is None:
            return
        count = int((numbers or "").partition(";")[0] or 1)
        if final in "AB":
            self._move(count if final == "B" else -count)
        elif final in "CD":
            self.column = min(max(self.column + (count if final == "C" else -count), 0), COLUMNS - 1)
        elif final in "JK":
            self.lines[self.row][self.column :] = [" "] * (COLUMNS - self.column)
            if final == "J":
                del self.lines[self.row + 1 :]
        elif final == "n":
            self.child.send(f"\x1b[{min(self.row, ROWS - 1) + 1};{self.column + 1}R")


Open = Callable[..., Terminal]


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def terminal(state: Path) -> Iterator[Open]:
    opened: list[Terminal] = []

    def start(*arguments: str, **environment: str) -> Terminal:
        one = Terminal(
            list(arguments),
            {"XDG_STATE_HOME": str(state), "TMPDIR": str(state.parent), "LC_ALL": "C.UTF-8", **environment},
        )
        opened.append(one)
        return one

    yield start
    for one in opened:
        one.child.close(force=True)
