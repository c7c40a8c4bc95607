from __future__ import annotations

from atshell.catalog.load import load_manuals
from atshell.catalog.profile import Profile
from atshell.emulator.clock import ManualClock
from atshell.emulator.device import Device, EmulatorOptions
from atshell.host import host
from atshell_quectel import plugin


def test_the_manuals_are_there_and_enter_by_the_plugin_door() -> None:
    ids = {manual.id for manual in load_manuals(plugin.atshell_manuals())}
    assert ids == {
        "quectel-bc35g-bc28-bc95r2-cmdmp",
        "quectel-bc26-bc20-cmdmp",
        "quectel-bc260y-self-registration",
        "quectel-bc25-bc32-self-registration",
    }
    assert ids <= {manual.id for manual in host().catalog.manuals}


def test_it_emulates_its_own_models_and_no_others() -> None:
    for model in host().catalog.models():
        device = Device(Profile(model.model, model.firmware or ""), EmulatorOptions(model.model), ManualClock())
        emulation = plugin.atshell_emulation(device)
        assert (emulation is not None) == (model.vendor == "Quectel")
