"""Standard input that is no terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


def atshell(tmp_path: Path, typed: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "atshell", *arguments],
        input=typed,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "XDG_STATE_HOME": str(tmp_path), "LC_ALL": "C.UTF-8"},
    )


def test_lines_are_run_and_their_results_written_plainly(tmp_path: Path) -> None:
    ended = atshell(tmp_path, "AT\n\n# comment\nAT+CFUN=9\nAT+CSQ")
    assert (ended.returncode, ended.stderr) == (0, "")
    said = [line.split("  ")[0] for line in ended.stdout.splitlines()]
    assert said == ["OK", "+CME ERROR: 50", "+CSQ: 23,0", "OK"]
    assert "\x1b" not in ended.stdout
    assert len(list((tmp_path / "atshell" / "transcripts").iterdir())) == 1


def test_quit_ends_it_early_and_colours_can_be_had(tmp_path: Path) -> None:
    ended = atshell(tmp_path, "AT\nquit\nAT+CSQ\n", "--no-record", "--color", "always")
    assert ended.returncode == 0
    assert ended.stdout.startswith("\x1b[32mOK\x1b[0m")
    assert "+CSQ" not in ended.stdout
    assert not (tmp_path / "atshell" / "transcripts").exists()


@pytest.mark.parametrize("arguments", [("--emulator", "MN999"), ("--port", "socket://127.0.0.1:1")])
def test_what_cannot_be_used_is_one_line_and_2(tmp_path: Path, arguments: tuple[str, str]) -> None:
    ended = atshell(tmp_path, "AT\n", *arguments)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert len(ended.stderr.splitlines()) == 1


def test_a_closed_pipe_ends_quietly(tmp_path: Path) -> None:
    command = f"yes AT | {sys.executable} -m atshell --no-record | head -1"
    environment = {**os.environ, "XDG_STATE_HOME": str(tmp_path)}
    ended = subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, timeout=60, check=False, env=environment
    )
    assert ended.stdout.startswith("OK")
    assert ended.stderr == ""


def test_nothing_of_the_terminal_is_imported(tmp_path: Path) -> None:
    program = "import sys; from atshell.cli import main; main(['--no-record']); print('prompt_toolkit' in sys.modules)"
    ended = subprocess.run([sys.executable, "-c", program], input="", capture_output=True, text=True, timeout=60)
    assert ended.stdout == "False\n"


def test_what_the_platform_waits_for_is_waited_for(tmp_path: Path) -> None:
    typed = """AT+MIPLCREATE
AT+MIPLADDOBJ=0,3200,1,"1",1,0
AT+MIPLDISCOVERRSP=0,3200,1,4,"5750"
AT+MIPLOPEN=0,300,30
%wait +MIPLEVENT: 0,6 5
%platform clients
"""
    ended = atshell(tmp_path, typed)
    assert ended.returncode == 0
    assert "869975030000461" in ended.stdout
