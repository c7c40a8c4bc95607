"""What this pack offers (``atshell.hooks``)."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from atshell.hooks import Demo, hookimpl

if TYPE_CHECKING:
    from atshell.assist.situation import Situation
    from atshell.catalog.profile import Profile
    from atshell.emulator.device import Device, Emulation
    from atshell.hooks import Platform
    from atshell.session.carried import Carried, Said
    from atshell.session.exchange import Happening
    from atshell.session.intent import Intent


@hookimpl
def atshell_manuals() -> list[Path]:
    manuals = Path(__file__).parent / "manuals"
    return [manuals / "onemo-lwm2m-4.4.0.toml"]


@hookimpl
def atshell_demo() -> Demo:
    from atshell_onemo.demo import DEMO

    return DEMO


@hookimpl
def atshell_intents(happenings: Sequence[Happening], profile: Profile) -> list[Intent]:
    from atshell_onemo.intents import read_intents

    return read_intents(happenings)


@hookimpl
def atshell_payloads(said: Said) -> Iterable[Carried]:
    if "MIPL" not in said.text.upper():
        return ()
    from atshell_onemo.intents import read_payloads

    return read_payloads(said)


@hookimpl
def atshell_situation(happenings: Sequence[Happening], profile: Profile) -> Situation | None:
    from atshell_onemo.emulator import MODELS

    if profile.model and profile.model not in MODELS:
        return None
    from atshell_onemo.situation import read_situation

    return read_situation(happenings, profile)


@hookimpl
def atshell_emulation(device: Device) -> Emulation | None:
    from atshell_onemo.emulator import MODELS

    if device.profile.model not in MODELS:
        return None
    from atshell_onemo.emulator.build import build

    return build(device)


@hookimpl
def atshell_platform(profile: str, listen: str, psk: Sequence[str]) -> Awaitable[Platform] | None:
    from atshell_lwm2m.endpoint.listening import serve
    from atshell_onemo.platforms import HABITS

    return serve(HABITS[profile], listen, psk) if profile in HABITS else None
