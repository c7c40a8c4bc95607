from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from atshell.catalog.profile import Profile
from atshell.emulator.clock import ManualClock
from atshell.emulator.device import Device, EmulatorOptions
from atshell.errors import AtshellError
from atshell_onemo import plugin
from atshell_onemo.emulator.build import build


def _device(model: str = "MN316", **options: object) -> Device:
    return Device(Profile(model), EmulatorOptions(model, **options), ManualClock())


@pytest.mark.parametrize("platform", ["nothing", "coap://", "coaps://", "http://x", "coap://[", "coap://x:y"])
def test_a_platform_that_is_none(platform):
    with pytest.raises(AtshellError):
        build(_device(platform=platform))


def test_a_capture_that_cannot_be_written(tmp_path):
    with pytest.raises(AtshellError, match="cannot write"):
        build(_device(capture=tmp_path / "not there" / "x.pcap"))


def test_errors_are_told_by_default():
    device = _device()
    assert build(device).handlers.keys() >= {"+MIPLCREATE", "+MIPLOPEN", "+MIPLNOTIFY"}
    assert device.settings.cmee == 1


def test_the_hook_is_for_this_packs_models():
    assert plugin.atshell_emulation(_device("BC28")) is None
    assert plugin.atshell_emulation(_device("ML307R")) is not None


def test_nothing_heavy_is_loaded_before_a_login():
    program = "import sys, atshell_onemo.emulator.build; print([n for n in ('aiocoap', 'scapy') if n in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=Path(__file__).parent
    )
    assert done.stdout.strip() == "[]"
