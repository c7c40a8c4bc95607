"""A module with the standard commands alone, and dialogues with it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent

import pytest

from atshell.catalog.profile import Profile
from atshell.emulator.clock import ManualClock
from atshell.emulator.device import Device, EmulatorOptions
from atshell_3gpp.emulator.emulation import StandardCommands

STARTED = datetime(2026, 11, 20, 11, 3, 12, tzinfo=UTC)


class Bench:
    def __init__(self, operator: str = "cmcc", state: Path | None = None) -> None:
        self.clock = ManualClock()
        self.device = Device(
            Profile("MN316", "MN316-FW1"),
            EmulatorOptions("MN316", operator=operator, state=state),
            self.clock,
            describe={"50": "Incorrect parameters"}.get,
        )
        self.device.settings.cmee = 1
        self.device.settings.echo = False
        self.emulation = StandardCommands(self.device, STARTED)
        self.device.attach(self.emulation)
        self.said = bytearray()
        self.device.connect(self.said.extend)

    def ask(self, line: str) -> list[str]:
        """The lines that answer a line."""
        self.device.feed(line.encode() + b"\r")
        return self.hear()

    def hear(self) -> list[str]:
        said = self.said.decode()
        self.said.clear()
        return [line for line in said.split("\r\n") if line]

    def played(self, script: str) -> str:
        """The dialogue that becomes of ``script``: ``>`` sends, ``~`` waits so many seconds, ``!`` loses or finds the
        network, ``<`` is what the module says."""
        lines = []
        for line in script.splitlines():
            if line.startswith("<"):
                continue
            lines.append(line)
            if line.startswith(">"):
                heard = self.ask(line[2:])
            elif line.startswith("!"):
                self.device.radio.cover(line == "! network found")
                heard = self.hear()
            else:
                self.clock.advance(float(line[2:]))
                heard = self.hear()
            lines += [f"< {said}" for said in heard]
        return "\n".join(lines)

    def dialogue(self, script: str) -> None:
        script = dedent(script).strip()
        assert self.played(script) == script


@pytest.fixture
def bench() -> Bench:
    return Bench()
