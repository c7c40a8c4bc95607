"""The plugin manager, and what the front doors ask of plugins together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from atshell.catalog.lookup import Catalog
from atshell.catalog.profile import Profile
from atshell.emulator.device import Device, EmulatorOptions
from atshell.hooks import Analyzer, DecodeOptions, Report
from atshell.session.exchange import Happening
from atshell.session.intent import Intent
from atshell.transcript.file import Transcript
from atshell.transport.link import Link


class Host:
    """Every plugin that is installed. Made once; the catalog is loaded at its first use."""

    def __init__(self) -> None:
        raise NotImplementedError

    @property
    def catalog(self) -> Catalog:
        raise NotImplementedError

    @property
    def analyzer(self) -> Analyzer:
        raise NotImplementedError

    def emulate(self, options: EmulatorOptions) -> Device:
        """An emulated module with every pack's commands. Raises AtshellError for an unknown model.
        To be called inside a running event loop."""
        raise NotImplementedError

    def intents(self, happenings: Sequence[Happening], profile: Profile) -> list[Intent]:
        """In the order of time."""
        raise NotImplementedError


def host() -> Host:
    """The process's host."""
    raise NotImplementedError


def open_link(
    *, port: str | None = None, baud: int = 115200, emulator: str | None = None, replay: str | None = None
) -> Link:
    """The link that the arguments name, closed; the default is ``emulator="MN316"``."""
    raise NotImplementedError


def decode(*captures: Path | str, options: DecodeOptions = DecodeOptions()) -> Report:
    """Decode captures; ``records()`` gives the messages."""
    raise NotImplementedError


def correlate(
    transcript: Transcript | Path | str, *captures: Path | str, options: DecodeOptions = DecodeOptions()
) -> Report:
    """Put a transcript and captures together; ``records()`` gives the one timeline."""
    raise NotImplementedError
