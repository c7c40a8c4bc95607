"""The terminal's mode while no prompt reads it."""

from __future__ import annotations

import os
import pty
import termios
from io import StringIO

from atshell.repl.keyboard import waiting_keys


def test_keys_are_neither_echoed_nor_edited_and_all_is_put_back() -> None:
    master, slave = pty.openpty()
    with os.fdopen(slave) as terminal:
        before = termios.tcgetattr(slave)
        with waiting_keys(terminal):
            os.write(master, b"x\x04\r")
            assert os.read(slave, 3) == b"x\x04\r"
            assert termios.tcgetattr(slave)[3] & termios.ISIG
        assert termios.tcgetattr(slave) == before
    os.close(master)


def test_what_is_no_terminal_is_left_alone() -> None:
    with waiting_keys(StringIO()):
        pass
