"""The one way by which results reach the terminal: above the prompt while one is there, at the end otherwise."""

from __future__ import annotations

import asyncio
import sys
from typing import TextIO

from prompt_toolkit.application import get_app_or_none
from prompt_toolkit.application.run_in_terminal import run_in_terminal

from atshell.styled import Fragments, to_ansi, to_plain


class Screen:
    def __init__(self, *, color: bool, output: TextIO | None = None) -> None:
        self._render = to_ansi if color else to_plain
        self._output = output if output is not None else sys.stdout
        self._waiting: list[str] = []
        self._flushing: asyncio.Future[None] | None = None

    def show(self, fragments: Fragments) -> None:
        """Show lines; the line being typed is never disturbed."""
        self._waiting.append(self._render(fragments) + "\n")
        app = get_app_or_none()
        if app is None or not app.is_running:
            self.flush()
        elif self._flushing is None or self._flushing.done():
            self._flushing = asyncio.ensure_future(run_in_terminal(self.flush))

    def flush(self) -> None:
        text = "".join(self._waiting)
        self._waiting.clear()
        self._output.write(text)
        self._output.flush()
