"""What this pack offers (``atshell.hooks``)."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from atshell.hooks import hookimpl

if TYPE_CHECKING:
    from atshell.catalog.profile import Profile
    from atshell.emulator.device import Device, Emulation
    from atshell.hooks import Platform
    from atshell.session.carried import Carried, Said
    from atshell.session.exchange import Happening
    from atshell.session.intent import Intent


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


@hookimpl
def atshell_platform(profile: str, listen: str, psk: Sequence[str]) -> Awaitable[Platform] | None:
    from atshell_quectel.platforms import OPERATORS, serve

    return serve(profile, listen, psk) if profile in OPERATORS else None


@hookimpl
def atshell_intents(happenings: Sequence[Happening], profile: Profile) -> list[Intent]:
    from atshell_quectel.intents import read_intents

    return read_intents(happenings)


@hookimpl
def atshell_payloads(said: Said) -> Iterable[Carried]:
    from atshell_quectel.payloads import read_payloads

    return read_payloads(said)
