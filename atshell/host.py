"""The plugin manager, and what the front doors ask of plugins together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pluggy

from atshell import hooks
from atshell.entrypoints import entry_points, load
from atshell.errors import AtshellError
from atshell.hooks import Analyzer, DecodeOptions, Demo, Report

if TYPE_CHECKING:
    from atshell.assist.situation import Situation
    from atshell.catalog.lookup import Catalog
    from atshell.catalog.profile import Profile
    from atshell.emulator.device import Device, EmulatorOptions
    from atshell.emulator.place import Place
    from atshell.session.carried import Carried, CarriedLine, Said
    from atshell.session.exchange import Happening
    from atshell.session.intent import Intent
    from atshell.transcript.file import Transcript
    from atshell.transport.link import Link

ENTRY_POINTS = "atshell.plugins"
DEFAULT_MODEL = "MN316"


class Host:
    """Every plugin that is installed. Made once; the catalog is loaded at its first use."""

    def __init__(self) -> None:
        self.plugins = pluggy.PluginManager(hooks.PROJECT)
        self.plugins.add_hookspecs(hooks)
        for name, value in entry_points(ENTRY_POINTS).items():
            self.plugins.register(load(value), name)

    @cached_property
    def catalog(self) -> Catalog:
        from platformdirs import user_cache_path

        from atshell.catalog.load import load_manuals
        from atshell.catalog.lookup import Catalog

        paths = sorted(path for offered in self.plugins.hook.atshell_manuals() for path in offered)
        return Catalog(load_manuals(paths, cache=user_cache_path("atshell", appauthor=False)))

    @cached_property
    def analyzer(self) -> Analyzer:
        """Raises AtshellError when no plugin offers one."""
        analyzer: Analyzer | None = self.plugins.hook.atshell_analyzer()
        if analyzer is None:
            raise AtshellError("no analyzer is installed", "install atshell with its plugins again")
        return analyzer

    @property
    def demo(self) -> Demo:
        """Raises AtshellError when no plugin offers one."""
        demo: Demo | None = self.plugins.hook.atshell_demo()
        if demo is None:
            raise AtshellError("no demonstration is installed", "install atshell with its plugins again")
        return demo

    def profile(self, model: str, firmware: str = "", language: str = "en") -> Profile:
        """The profile of a model or variant, in any case. Raises AtshellError for an unknown one."""
        from atshell.catalog.profile import Profile

        known = self.catalog.model(model)
        return Profile(known.model, firmware or known.firmware or "", language)

    def emulate(self, options: EmulatorOptions, place: Place | None = None) -> Device:
        """An emulated module with every pack's commands. Those in one ``place`` share its clock and its platform; else
        ``options.speed`` makes the clock. Raises AtshellError for an unknown model. To be called inside a running
        event loop."""
        from atshell.emulator.clock import LoopClock
        from atshell.emulator.device import Device

        profile = self.profile(options.model, options.firmware)
        clock = place.clock if place is not None else LoopClock(options.speed)
        device = Device(profile, options, clock, describe=self._error_text(profile), place=place)
        for emulation in self.plugins.hook.atshell_emulation(device=device):
            device.attach(emulation)
        return device

    def _error_text(self, profile: Profile) -> Callable[[str], str | None]:
        def describe(code: str) -> str | None:
            known = self.catalog.error(code, profile)
            return known[1].en if known else None

        return describe

    def intents(self, happenings: Sequence[Happening], profile: Profile) -> list[Intent]:
        """In the order of time."""
        offered = self.plugins.hook.atshell_intents(happenings=happenings, profile=profile)
        return sorted((intent for pack in offered for intent in pack), key=lambda intent: intent.time)

    def situation(self, happenings: Sequence[Happening], profile: Profile) -> Situation:
        """What every pack knows of the session by now. ``happenings`` is to be the same, growing sequence each time:
        packs read on where they were."""
        from atshell.assist.situation import merged

        offered = self.plugins.hook.atshell_situation(happenings=happenings, profile=profile)
        return merged(one for one in reversed(offered) if one is not None)

    def correlate(self, transcript: Transcript, captures: Sequence[Path], options: DecodeOptions) -> Report:
        """A recorded session and captures, put together by the analyzer."""
        from atshell.session.expectation import expectations
        from atshell.session.reread import read

        profile = self.profile_of(transcript)
        happenings = read(transcript, expectations(self.catalog, profile))
        return self.analyzer.correlate(transcript, self.intents(happenings, profile), captures, options)

    def carried(self, said: Said) -> list[Carried]:
        """The payloads in a line of a session: those that packs know, else whatever is hexadecimal."""
        from atshell.session.carried import hexadecimal

        offered = self.plugins.hook.atshell_payloads(said=said)
        return [one for pack in offered for one in pack] or list(hexadecimal(said))

    def carried_lines(self, transcript: Transcript) -> Iterator[CarriedLine]:
        """Every payload in a recorded session."""
        from atshell.session.carried import CarriedLine, name_of
        from atshell.session.expectation import expectations
        from atshell.session.said import lines

        started = round(transcript.header.started.timestamp() * 1_000_000) * 1000
        for entry, said in lines(transcript, expectations(self.catalog, self.profile_of(transcript))):
            for carried in self.carried(said):
                time = started + round(entry.t * 1_000_000) * 1000
                yield CarriedLine(entry.line, time, name_of(said), carried)

    def profile_of(self, transcript: Transcript) -> Profile:
        """Whose session a transcript is; unknown models give a profile to which everything applies."""
        from atshell.catalog.profile import Profile

        try:
            return self.profile(transcript.header.model, transcript.header.firmware)
        except AtshellError:
            return Profile()


@cache
def host() -> Host:
    """The process's host."""
    return Host()


def open_link(
    *, port: str | None = None, baud: int = 115200, emulator: str | None = None, replay: str | Path | None = None
) -> Link:
    """The link that the arguments name, closed; the default is ``emulator="MN316"``."""
    if port is not None:
        from atshell.transport.port import port_link

        return port_link(port, baud)
    if replay is not None:
        from atshell.transport.replay import ReplayLink

        return ReplayLink(Path(replay))
    from atshell.emulator.device import EmulatorOptions
    from atshell.emulator.serve import EmulatorLink

    model = emulator or DEFAULT_MODEL
    return EmulatorLink(model, lambda: host().emulate(EmulatorOptions(model)))


def decode(*captures: Path | str, options: DecodeOptions = DecodeOptions()) -> Report:
    """Decode captures; ``records()`` gives the messages."""
    return host().analyzer.decode([Path(capture) for capture in captures], options)


def correlate(
    transcript: Transcript | Path | str, *captures: Path | str, options: DecodeOptions = DecodeOptions()
) -> Report:
    """Put a transcript and captures together; ``records()`` gives the one timeline."""
    from atshell.transcript.file import Transcript

    read = transcript if isinstance(transcript, Transcript) else Transcript.read(transcript)
    return host().correlate(read, [Path(capture) for capture in captures], options)
