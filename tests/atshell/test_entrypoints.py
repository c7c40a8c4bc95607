"""The oracle is ``importlib.metadata``, on what is installed here."""

from __future__ import annotations

import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

from atshell.entrypoints import entry_points, load


@pytest.mark.parametrize(
    "group", ["atshell.plugins", "console_scripts", "pytest11", "pygments.lexers", "no.such.group"]
)
def test_what_is_installed(group: str) -> None:
    found = {entry.name: entry for entry in metadata.entry_points(group=group)}
    assert entry_points(group).keys() == found.keys()
    assert all(
        value in (found[name].value, found[name].value.partition(" [")[0])
        for name, value in entry_points(group).items()
    )


def test_what_one_names() -> None:
    assert load("json") is sys.modules["json"]
    assert load("pathlib:Path.cwd")() == Path.cwd()  # type: ignore[operator]
    with pytest.raises(ImportError):
        load("no_such_module_anywhere")


def installed(folder: Path, text: str) -> None:
    info = folder / "thing-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "entry_points.txt").write_text(text)


def test_the_first_on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(
        tmp_path / "a", "[other]\nx = no\n\n[things]\n# a comment\nx = first.module\ny=second:attribute [extra]\n"
    )
    installed(tmp_path / "b", "[things]\nx = later.module\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path / "a"), str(tmp_path / "gone"), str(tmp_path / "b")])
    assert entry_points("things") == {"x": "first.module", "y": "second:attribute"}


def test_a_zip_file_on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = tmp_path / "packed.zip"
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("thing-1.0.dist-info/METADATA", "Name: thing\nVersion: 1.0\n")
        file.writestr("thing-1.0.dist-info/entry_points.txt", "[things]\nx = first.module\n")
    monkeypatch.setattr(sys, "path", [str(packed)])
    assert entry_points("things") == {"x": "first.module"}
