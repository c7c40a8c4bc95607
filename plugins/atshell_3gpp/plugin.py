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
    # Manuals are read in the order of their names. Many numbers are in both of the 3GPP ones: +CME ERROR comes first.
    return [manuals / name for name in ("3gpp-27.007.toml", "sms-27.005.toml", "v250.toml")]


@hookimpl(tryfirst=True)
def atshell_emulation(device: Device) -> Emulation:
    from datetime import UTC, datetime

    from atshell.errors import AtshellError
    from atshell_3gpp.emulator.emulation import StandardCommands

    try:
        return StandardCommands(device, datetime.now(UTC))
    except AtshellError:
        device.storage.close()
        raise
