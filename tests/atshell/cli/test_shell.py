"""Options of ``atshell shell``."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from atshell.cli.shell import add_arguments, options_of
from atshell.shell.options import ShellOptions


def parse(*arguments: str) -> ShellOptions:
    parser = argparse.ArgumentParser(exit_on_error=False)
    add_arguments(parser)
    return options_of(parser.parse_args(arguments))


def test_the_default_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert parse() == ShellOptions()


def test_every_option_arrives() -> None:
    options = parse(
        *("--port", "/dev/ttyUSB0", "--baud", "9600", "--model", "BC28", "--firmware", "V1"),
        *("--lang", "zh", "--record", "a.at.jsonl", "--capture", "a.pcap"),
    )
    assert options == ShellOptions(
        port="/dev/ttyUSB0",
        baud=9600,
        model="BC28",
        firmware="V1",
        language="zh",
        record=Path("a.at.jsonl"),
        capture=Path("a.pcap"),
    )
    assert parse("--replay", "x").replay == Path("x")
    assert parse("--no-record").no_record


def test_recording_and_not_recording_exclude_one_another() -> None:
    with pytest.raises(argparse.ArgumentError):
        parse("--record", "x", "--no-record")
