"""The specification, installed and removed below a folder of its own."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from atshell.errors import AtshellError
from atshell.kernel import kernelspec


def test_install_writes_a_spec_that_starts_this_python(tmp_path: Path) -> None:
    place = kernelspec.install(prefix=str(tmp_path))
    spec = json.loads((place / "kernel.json").read_text())
    assert spec["argv"][:3] == [sys.executable, "-m", "atshell.kernel"]
    assert spec["interrupt_mode"] == "message"


def test_uninstall_removes_what_install_made(tmp_path: Path) -> None:
    place = kernelspec.install(prefix=str(tmp_path))
    assert kernelspec.uninstall(prefix=str(tmp_path)) == place
    assert not place.exists()


def test_uninstall_of_nothing_says_where_it_looked(tmp_path: Path) -> None:
    with pytest.raises(AtshellError, match="not installed") as caught:
        kernelspec.uninstall(prefix=str(tmp_path))
    assert str(tmp_path) in caught.value.hint


def test_a_place_that_cannot_be_written_is_one_clear_error(tmp_path: Path) -> None:
    blocker = tmp_path / "share"
    blocker.write_text("a file where a folder should be")
    with pytest.raises(AtshellError, match="cannot install"):
        kernelspec.install(prefix=str(tmp_path))
