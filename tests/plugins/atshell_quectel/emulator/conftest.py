"""Quectel modules on a bench: dialogues with them, with the standard commands beside their own, and a network made of
two functions, so that years pass in one call."""

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


CON, ACK, RST = 0, 2, 3
CREATED, CHANGED, NOT_FOUND, INTERNAL = 0x41, 0x44, 0x84, 0xA0
Server = Callable[[bytes], bytes | None]
LOCATION = bytes([0x82]) + b"rd" + bytes([0x04]) + b"5a3f"
"""Location-Path twice, by hand (RFC 7252 section 3.1)."""


def silent(data: bytes) -> bytes | None:
    return None


def piggybacked(data: bytes, code: int, options: bytes = b"") -> bytes:
    """An acknowledgement that carries the response to a request with a token of four bytes, as modules send."""
    assert data[0] == 0x44
    return bytes([0x64, code]) + data[2:8] + options


def obliging(data: bytes) -> bytes | None:
    """A server that takes everything."""
    registers = data[8:].startswith(b"\xb2rd") and b"ep=" in data
    return piggybacked(data, CREATED, LOCATION) if registers else piggybacked(data, CHANGED)


class Sky:
    """A network in which everything arrives at once. ``server`` answers, ``found`` is whether its name is known."""

    def __init__(self, clock: ManualClock, server: Server) -> None:
        self.clock = clock
        self.server = server
        self.found = True
        self.asked: list[tuple[str, int]] = []
        self.sent: list[tuple[float, bytes]] = []
        self._receive: Callable[[bytes], object] | None = None

    def connect(
        self, host: str, port: int, connected: Callable[[bool], None], receive: Callable[[bytes], object]
    ) -> None:
        self.asked.append((host, port))
        self._receive = receive if self.found else None
        connected(self.found)

    def send(self, data: bytes) -> None:
        assert self._receive is not None
        self.sent.append((self.clock.now(), data))
        answer = self.server(data)
        if answer is not None:
            self.arrive(answer)

    def arrive(self, data: bytes) -> None:
        if self._receive is not None:
            self._receive(data)

    def hang_up(self) -> None:
        self._receive = None

    async def close(self) -> None:
        self.hang_up()

    @property
    def times(self) -> list[float]:
        return [time for time, _ in self.sent]


class Bench:
    def __init__(
        self,
        model: str,
        firmware: str = "",
        state: Path | None = None,
        *,
        operator: str = "cmcc",
        server: Server = silent,
    ) -> None:
        known = CATALOG.model(model)
        self.profile = Profile(known.model, firmware or known.firmware or "")
        self.clock = ManualClock()
        options = EmulatorOptions(model, state=state, operator=operator)
        self.device = Device(self.profile, options, self.clock, describe=self._describe)
        self.device.attach(StandardCommands(self.device, datetime.now(UTC)))
        self.sky = Sky(self.clock, server)
        self.module = build(self.device, self.sky)
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

    def make(
        model: str,
        firmware: str = "",
        state: Path | None = None,
        *,
        operator: str = "cmcc",
        server: Server = silent,
    ) -> Bench:
        made.append(Bench(model, firmware, state, operator=operator, server=server))
        return made[-1]

    yield make
    for one in made:
        one.end()
