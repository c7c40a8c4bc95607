"""An emulation for a device, with the facts of its manual."""

from __future__ import annotations

from pathlib import Path

from atshell.catalog.load import load_manual
from atshell.catalog.lookup import Catalog
from atshell.emulator.device import Device
from atshell.emulator.storage import StorageFailure
from atshell.errors import AtshellError
from atshell_quectel.emulator.families import MODELS
from atshell_quectel.emulator.line import Line
from atshell_quectel.emulator.module import Quectel
from atshell_quectel.emulator.surroundings import Surroundings

MANUALS = Path(__file__).parent.parent / "manuals"


def build(device: Device, line: Line | None = None) -> Quectel:
    """Raises AtshellError when ``--state`` holds what this model cannot have saved, and when ``--platform`` or
    ``--capture`` cannot be used."""
    family = MODELS[device.profile.model]
    try:
        catalog = Catalog([load_manual(MANUALS / family.manual)])
        return Quectel(device, catalog, family, Surroundings(device), line)
    except AtshellError:
        device.storage.close()
        raise
    except StorageFailure as failure:
        device.storage.close()
        raise AtshellError(f"{device.storage.place} cannot be written: {failure}", "choose another folder") from failure
