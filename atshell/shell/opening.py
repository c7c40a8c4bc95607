"""Options to a profile and a link, and what a module says of itself."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from atshell.errors import AtshellError

if TYPE_CHECKING:
    from contextlib import AsyncExitStack

    from atshell.catalog.lookup import Catalog
    from atshell.catalog.profile import Profile
    from atshell.host import Host
    from atshell.session.runner import Session
    from atshell.shell.options import ShellOptions
    from atshell.transport.link import Link

IDENTIFY_TIMEOUT = 1.0
"""Seconds: a module that is on answers AT+CGMM at once."""


def make_profile(host: Host, options: ShellOptions) -> Profile:
    """The profile that the options name. Raises AtshellError for an unknown model."""
    from atshell.catalog.profile import Profile
    from atshell.transcript.file import Transcript

    model = options.emulated or options.model
    firmware = options.firmware
    if options.replay and not model:
        # A transcript may come from anywhere: a model that nobody knows is none.
        header = Transcript.read(options.replay).header
        with suppress(AtshellError):
            return host.profile(header.model, firmware or header.firmware, options.language)
    if not model:
        return Profile("", firmware, options.language)
    return host.profile(model, firmware, options.language)


def temporary_capture(closing: AsyncExitStack) -> Path:
    """A file for the emulated network's traffic that is gone when ``closing`` is closed."""
    import os
    from tempfile import mkstemp

    descriptor, name = mkstemp(prefix="atshell-", suffix=".pcap")
    os.close(descriptor)
    path = Path(name)
    closing.callback(path.unlink, missing_ok=True)
    return path


def make_link(host: Host, options: ShellOptions, profile: Profile, capture: Path | None) -> Link:
    """The link that the options name, closed."""
    from atshell.host import open_link

    if not options.emulated:
        return open_link(port=options.port, baud=options.baud, replay=options.replay)
    from atshell.emulator.device import EmulatorOptions
    from atshell.emulator.serve import EmulatorLink

    emulation = EmulatorOptions(profile.model, options.firmware, capture=capture)
    return EmulatorLink(profile.model, lambda: host.emulate(emulation))


def identity(catalog: Catalog, profile: Profile) -> str:
    """Vendor and model, firmware, and the manuals that are used for it."""
    if not profile.model:
        return "型号未知" if profile.language.startswith("zh") else "model unknown: --model MODEL names it"
    vendor = catalog.model(profile.model).vendor
    manuals = [
        manual.title.in_language(profile.language)
        for manual in catalog.manuals
        if any(model.model == profile.model for model in manual.models)
    ]
    return " · ".join(filter(None, (f"{vendor} {profile.model}", profile.firmware, ", ".join(manuals))))


async def identify(host: Host, session: Session, profile: Profile) -> Profile:
    """Ask the module who it is (27.007 5.2, 5.3); what it does not say stays as it was."""
    known = profile
    model = await session.send("AT+CGMM", timeout=IDENTIFY_TIMEOUT)
    for information in model.lines:
        # "Quectel_BC28" and "BC260Y-CN" alike: the words are tried from the whole line down.
        for word in (information.text, *information.text.replace("_", " ").split()):
            with suppress(AtshellError):
                known = replace(profile, model=host.catalog.model(word.strip()).model)
                break
    if known.model and not profile.firmware:
        revision = await session.send("AT+CGMR", timeout=IDENTIFY_TIMEOUT)
        firmware = next((information.text for information in revision.lines), "")
        known = replace(known, firmware=firmware.removeprefix("Revision:").strip())
    return known
