from __future__ import annotations

import io
from pathlib import Path

import pytest

from atshell.cli.progress import ProgressBar, progress_bar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_nothing_for_a_second_then_a_bar() -> None:
    now, stream = [0.0], io.StringIO()
    bar = ProgressBar("decoding", stream, lambda: now[0])
    for moment, part in ((0.5, 0.1), (0.99, 0.2)):
        now[0] = moment
        bar(part)
    bar.clear()
    assert stream.getvalue() == ""
    now[0] = 2.0
    bar(0.5)
    now[0] = 2.05
    bar(0.6)
    assert stream.getvalue() == "\rdecoding " + "█" * 15 + "░" * 15 + "  50%  2 s left\x1b[K"
    bar.clear()
    assert stream.getvalue().endswith("\r\x1b[K")


def test_nothing_known_yet() -> None:
    now, stream = [0.0], io.StringIO()
    bar = ProgressBar("decoding", stream, lambda: now[0])
    now[0] = 5.0
    bar(0.0)
    assert "left" not in stream.getvalue()


def test_only_on_a_terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("sys.stderr", io.StringIO())
    assert progress_bar("x") is None
    monkeypatch.setattr("sys.stderr", Terminal())
    assert progress_bar("x") is not None
    assert progress_bar("x", also_shown=Terminal()) is None
    with (tmp_path / "x").open("w") as file:
        assert progress_bar("x", also_shown=file) is not None
    monkeypatch.setenv("TERM", "dumb")
    assert progress_bar("x") is None
