"""Options to a profile and a link."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from atshell.errors import AtshellError
from atshell.host import host
from atshell.shell.opening import identity, make_link, make_profile
from atshell.shell.options import ShellOptions

HEADER = {"format": "atshell-transcript", "version": 1, "started": "2026-11-20T08:00:00.000000Z", "link": "x"}


def test_the_default_is_an_emulated_mn316() -> None:
    options = ShellOptions()
    profile = make_profile(host(), options)
    assert profile.model == "MN316"
    assert make_link(host(), options, profile, None).name == "emulator:MN316"


def test_models_in_any_case_and_firmware_and_language() -> None:
    profile = make_profile(host(), ShellOptions(emulator="mn316", firmware="V9", language="zh"))
    assert (profile.model, profile.firmware, profile.language) == ("MN316", "V9", "zh")
    with pytest.raises(AtshellError, match="no model"):
        make_profile(host(), ShellOptions(model="MN999"))


def test_a_port_alone_has_no_model_yet() -> None:
    options = ShellOptions(port="/dev/ttyUSB9")
    assert make_profile(host(), options).model == ""
    assert make_link(host(), options, make_profile(host(), options), None).name == "/dev/ttyUSB9"


def test_a_replay_is_of_the_model_that_was_recorded(tmp_path: Path) -> None:
    path = tmp_path / "x.at.jsonl"
    path.write_text(json.dumps({**HEADER, "model": "MN316"}) + "\n")
    assert make_profile(host(), ShellOptions(replay=path)).model == "MN316"
    path.write_text(json.dumps({**HEADER, "model": "a stranger"}) + "\n")
    assert make_profile(host(), ShellOptions(replay=path)).model == ""


def test_what_is_known_of_a_module() -> None:
    known = identity(host().catalog, host().profile("MN316", "V9"))
    assert " MN316 · V9 · OneMO" in known
    assert "unknown" in identity(host().catalog, make_profile(host(), ShellOptions(port="/dev/ttyUSB9")))
