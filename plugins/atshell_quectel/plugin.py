"""What this pack offers (``atshell.hooks``)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from atshell.hooks import hookimpl

if TYPE_CHECKING:
    from atshell.emulator.device import Device, Emulation


@hookimpl
def atshell_manuals() -> list[Path]:
    manuals = Path(__file__).parent / "manuals"
    return [
        manuals / "bc35g-bc28-bc95r2-cmdmp.toml",
        manuals / "bc26-bc20-cmdmp.toml",
        manuals / "bc260y-self-registration.toml",
        manuals / "bc25-bc32-self-registration.toml",
    ]


@hookimpl
def atshell_emulation(device: Device) -> Emulation | None:
    from atshell_quectel.emulator.families import MODELS

    if device.profile.model not in MODELS:
        return None
    from atshell_quectel.emulator.build import build

    return build(device)
