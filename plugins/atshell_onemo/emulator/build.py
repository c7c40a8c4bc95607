"""An emulation for a device, as its options say."""

from __future__ import annotations

from atshell.emulator.device import Device
from atshell_lwm2m.endpoint.world import World
from atshell_onemo.emulator.module import OneMo
from atshell_onemo.platforms import KNOWN


def build(device: Device) -> OneMo:
    """Raises AtshellError when ``--platform`` or ``--capture`` cannot be used."""
    device.settings.cmee = 1
    return OneMo(
        device,
        World(
            KNOWN,
            device.options.platform,
            device.place,
            capture=device.options.capture,
            air=device.air,
        ),
    )
