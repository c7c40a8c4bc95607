"""Quectel modules on a bench: dialogues with them, with the standard commands beside their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent

import pytest

from atshell.catalog.load import load_manuals
from atshell.catalog.lookup import Catalog
from atshell.catalog.profile import Profile
from atshell.emulator.clock import ManualClock
from atshell.emulator.device import Device, EmulatorOptions
from atshell_3gpp.emulator.emulation import StandardCommands
from atshell_quectel.emulator.build import build
from atshell_quectel.plugin import atshell_manuals

CATALOG = Catalog(load_manuals(atshell_manuals()))


class Bench:
    def __init__(self, model: str, firmware: str = "", state: Path | None = None) -> None:
        known = CATALOG.model(model)
        self.profile = Profile(known.model, firmware or known.firmware or "")
        self.clock = ManualClock()
        self.device = Device(self.profile, EmulatorOptions(model, state=state), self.clock, describe=self._describe)
        self.device.attach(StandardCommands(self.device, datetime.now(UTC)))
        self.module = build(self.device)
        self.device.attach(self.module)
        self.device.settings.echo = False
        self._said = bytearray()
        self.device.connect(self._said.extend)

    def _describe(self, code: str) -> str | None:
        known = CATALOG.error(code, self.profile)
        return known[1].en if known else None

    def ask(self, line: str) -> list[str]:
        """What the module says at once."""
        self.device.feed(line.encode("utf-8", "surrogateescape") + b"\r")
        return self.hear()

    def hear(self) -> list[str]:
        said = bytes(self._said).decode("utf-8", "surrogateescape")
        self._said.clear()
        return [line for line in said.split("\r\n") if line]

    def reboot(self) -> list[str]:
        """By the family's own command; what is said until the module is up again."""
        line = "AT+NRB" if "+NRB" in self.module.handlers else "AT+QRST=1"
        assert self.ask(line) == ["OK"]
        return self.wait()

    def wait(self) -> list[str]:
        self.clock.advance(1)
        return self.hear()

    def power_cycle(self) -> list[str]:
        self.device.power(False)
        self.device.power(True)
        return self.wait()

    def end(self) -> None:
        """As when the process ends: the folder is free."""
        self.device.storage.close()

    def dialogue(self, script: str) -> None:
        """``>`` is sent, ``<`` is what is said, ``~`` is a reboot."""
        script = dedent(script).strip()
        played = []
        for line in script.splitlines():
            if line.startswith("<"):
                continue
            said = self.reboot() if line == "~" else self.ask(line[2:])
            played += [line, *(f"< {one}" for one in said)]
        assert "\n".join(played) == script


MakeBench = Callable[..., Bench]


@pytest.fixture
def bench() -> Iterator[MakeBench]:
    made: list[Bench] = []

    def make(model: str, firmware: str = "", state: Path | None = None) -> Bench:
        made.append(Bench(model, firmware, state))
        return made[-1]

    yield make
    for one in made:
        one.end()
