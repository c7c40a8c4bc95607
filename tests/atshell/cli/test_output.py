"""Colour, language and destination are decided in one place."""

from __future__ import annotations

import argparse
import io
from pathlib import Path

import pytest

from atshell.cli import output
from atshell.errors import AtshellError


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def arguments(*given: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    output.add_output_arguments(parser)
    return parser.parse_args(given)


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")


def test_colour_on_a_terminal_only() -> None:
    assert output.wants_color(arguments(), Terminal())
    assert not output.wants_color(arguments(), io.StringIO())
    assert output.wants_color(arguments("--color", "always"), io.StringIO())
    assert not output.wants_color(arguments("--color", "never"), Terminal())


def test_no_color_and_dumb_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert not output.wants_color(arguments(), Terminal())
    assert output.wants_color(arguments("--color", "always"), Terminal())
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert not output.wants_color(arguments(), Terminal())


def test_language_as_asked_then_as_the_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert output.language(arguments()) == "zh"
    assert output.language(arguments("--lang", "en")) == "en"
    monkeypatch.setenv("LC_ALL", "C")
    assert output.language(arguments()) == "en"


def test_lines_are_written_with_and_without_colour() -> None:
    stream = Terminal()
    output.write_lines([[("error", "no")], [("", "yes")]], arguments(), stream)
    assert stream.getvalue() == "\x1b[31mno\x1b[0m\nyes\n"


def test_destination_is_a_file_or_says_why_not(tmp_path: Path) -> None:
    with output.destination(str(tmp_path / "x")) as file:
        file.write("y")
    assert (tmp_path / "x").read_text() == "y"
    with pytest.raises(AtshellError, match="cannot write"), output.destination(str(tmp_path / "no" / "x")):
        pass
