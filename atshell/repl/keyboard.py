"""Keys that are pressed while a command runs wait for the next prompt: they are neither echoed into its answer nor
eaten by the terminal's own line editing. Ctrl-C alone still is a signal."""

from __future__ import annotations

import termios
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

_INPUT, _LOCAL = 0, 3
"""Places in what tcgetattr gives (termios(3))."""


@contextmanager
def waiting_keys(terminal: TextIO) -> Iterator[None]:
    """Where prompt-toolkit is not reading, keys wait; at the end the terminal is as it was."""
    try:
        descriptor = terminal.fileno()
        before = termios.tcgetattr(descriptor)
    except (OSError, ValueError, termios.error):
        yield  # no terminal, nothing to hold
        return
    mode = list(before)
    mode[_INPUT] &= ~termios.ICRNL
    mode[_LOCAL] &= ~(termios.ICANON | termios.ECHO)
    termios.tcsetattr(descriptor, termios.TCSANOW, mode)
    try:
        yield
    finally:
        with suppress(termios.error):  # the terminal may have been closed
            termios.tcsetattr(descriptor, termios.TCSANOW, before)
