"""``atshell kernel install`` and ``uninstall`` as a stranger calls them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def kernel(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "atshell", "kernel", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_install_and_uninstall(tmp_path: Path) -> None:
    installed = kernel("install", "--prefix", str(tmp_path))
    assert (installed.returncode, installed.stderr) == (0, "")
    place = tmp_path / "share" / "jupyter" / "kernels" / "atshell"
    assert installed.stdout == f"installed in {place}\n"
    assert (place / "kernel.json").exists()
    removed = kernel("uninstall", "--prefix", str(tmp_path))
    assert (removed.returncode, place.exists()) == (0, False)


def test_removing_what_is_not_there_is_one_line(tmp_path: Path) -> None:
    ended = kernel("uninstall", "--prefix", str(tmp_path))
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)


def test_the_places_exclude_one_another() -> None:
    ended = kernel("install", "--user", "--sys-prefix")
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
