"""Which module is emulated, if any."""

from __future__ import annotations

from pathlib import Path

import pytest

from atshell.shell.options import ShellOptions


@pytest.mark.parametrize(
    ("options", "emulated"),
    [
        (ShellOptions(), "MN316"),
        (ShellOptions(model="BC28"), "BC28"),
        (ShellOptions(emulator="ML307R", model="BC28"), "ML307R"),
        (ShellOptions(port="/dev/ttyUSB0", model="BC28"), ""),
        (ShellOptions(replay=Path("x")), ""),
    ],
)
def test_emulated(options: ShellOptions, emulated: str) -> None:
    assert options.emulated == emulated
