from __future__ import annotations

from atshell.catalog.profile import Profile
from atshell.emulator.clock import ManualClock
from atshell.emulator.device import Device, EmulatorOptions
from atshell_onemo import plugin


def _device(model: str) -> Device:
    return Device(Profile(model), EmulatorOptions(model), ManualClock())


def test_the_emulation_is_for_this_packs_models():
    assert plugin.atshell_emulation(_device("BC28")) is None
    assert plugin.atshell_emulation(_device("ML307R")) is not None


def test_platforms_of_other_packs_are_left_to_them():
    assert plugin.atshell_platform("cmdmp", "127.0.0.1", ()) is None
