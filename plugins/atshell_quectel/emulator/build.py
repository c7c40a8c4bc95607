"""An emulation for a device, with the facts of its manual."""

from __future__ import annotations

from pathlib import Path

from atshell.catalog.load import load_manual
from atshell.catalog.lookup import Catalog
from atshell.emulator.device import Device
from atshell.emulator.storage import StorageFailure
from atshell.errors import AtshellError
from atshell_quectel.emulator.families import MODELS
from atshell_quectel.emulator.module import Quectel

MANUALS = Path(__file__).parent.parent / "manuals"


def build(device: Device) -> Quectel:
    """Raises AtshellError when ``--state`` holds what this model cannot have saved."""
    family = MODELS[device.profile.model]
    try:
        return Quectel(device, Catalog([load_manual(MANUALS / family.manual)]), family)
    except AtshellError:
        device.storage.close()
        raise
    except StorageFailure as failure:
        device.storage.close()
        raise AtshellError(f"{device.storage.place} cannot be written: {failure}", "choose another folder") from failure
