"""The command line as a process: exit statuses and what stands on which stream."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from atshell.cli import SUBCOMMANDS


def atshell(*arguments: str, **kwargs: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "atshell", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, **kwargs)  # type: ignore[call-overload, no-any-return]


def test_version() -> None:
    ended = atshell("--version")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("atshell 0.")


def test_the_overview_lists_every_subcommand() -> None:
    ended = atshell("--help")
    assert ended.returncode == 0
    for name in SUBCOMMANDS:
        assert f"\n  {name} " in ended.stdout


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_every_subcommand_has_help(name: str) -> None:
    ended = atshell(name, "--help")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith(f"usage: atshell {name}")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["decod"], "did you mean 'decode'?"),
        (["decode", "--nonsense"], "--nonsense"),
        (["decode", "no-such-file.pcap"], "no-such-file.pcap"),
        (["shell", "--emulator", "MN999"], "MN999"),
        (["emulate", "MN999"], "MN999"),
        (["correlate", "no-such.at.jsonl", "no-such.pcap"], "no-such.at.jsonl"),
        (["doc", "AT+NOSUCHCOMMAND"], "NOSUCHCOMMAND"),
    ],
)
def test_what_cannot_be_used_is_one_line_and_status_2(arguments: list[str], said: str) -> None:
    ended = atshell(*arguments, stdin=subprocess.DEVNULL)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.count("\n") == 1, ended.stderr
    assert said in ended.stderr


def test_hostile_arguments_are_made_visible() -> None:
    ended = atshell("decode", "\x1b]0;owned\x07.pcap")
    assert ended.returncode == 2
    assert "\x1b" not in ended.stderr


def test_a_closed_pipe_ends_quietly(tmp_path: Path) -> None:
    script = f"{sys.executable} -m atshell models | head -c 1; exit ${{PIPESTATUS[0]}}"
    ended = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert ended.stderr == ""
