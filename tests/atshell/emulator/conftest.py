"""A module with a few commands of every temper, and dialogues with it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from textwrap import dedent

import pytest

from atshell.at.command import Command
from atshell.catalog.profile import Profile
from atshell.emulator.clock import ManualClock
from atshell.emulator.device import CommandError, Device, EmulatorOptions, Handler, Lines


class Toy:
    """Handlers that answer, fail, take their time, speak out of turn and restart the module."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.slow: list[asyncio.Future[Lines]] = []
        self.reboots = 0
        self.closed = 0
        self.operated: list[list[str]] = []

    @property
    def handlers(self) -> Mapping[str, Handler]:
        return {
            "": lambda command: (),
            "E": self._echo,
            "V": self._verbose,
            "Q": self._quiet,
            "S3": self._register,
            "S5": self._register,
            "+SAY": lambda command: [argument.text for argument in command.arguments],
            "+CMEE": self._cmee,
            "+FAIL": self._fail,
            "+CIS": self._cis,
            "+BUG": lambda command: [str(1 // 0)],
            "+SLOW": self._wait,
            "+URC": self._urc,
            "+REBOOT": self._reboot,
        }

    def _echo(self, command: Command) -> Lines:
        self.device.settings.echo = command.arguments[0].text == "1"
        return ()

    def _verbose(self, command: Command) -> Lines:
        self.device.settings.verbose = command.arguments[0].text == "1"
        return ()

    def _quiet(self, command: Command) -> Lines:
        self.device.settings.quiet = command.arguments[0].text == "1"
        return ()

    def _register(self, command: Command) -> Lines:
        self.device.settings.registers[int(command.name[1:])] = int(command.arguments[0].text)
        return ()

    def _cmee(self, command: Command) -> Lines:
        self.device.settings.cmee = int(command.arguments[0].text)
        return ()

    def _fail(self, command: Command) -> Lines:
        raise CommandError(50)

    def _cis(self, command: Command) -> Lines:
        raise CommandError(601, "+CIS ERROR")

    def _wait(self, command: Command) -> Awaitable[Lines]:
        future: asyncio.Future[Lines] = asyncio.get_running_loop().create_future()
        self.slow.append(future)
        return future

    def _urc(self, command: Command) -> Lines:
        self.device.emit("+MORE: 1")
        return ["+URC: 0"]

    def _reboot(self, command: Command) -> Lines:
        self.device.reboot()
        self.device.emit("+NEVER")
        return ()

    async def operate(self, words: Sequence[str]) -> dict[str, object] | None:
        self.operated.append(list(words))
        return {"read": words[1]} if words[:1] == ["read"] else None

    def reboot(self) -> None:
        self.reboots += 1
        self.device.emit("+LAST WORDS")

    async def close(self) -> None:
        self.closed += 1


class Bench:
    """A device on a bench: with a clock that is turned by hand, and everything that it said."""

    def __init__(self, *faults: str, state: Path | None = None) -> None:
        self.clock = ManualClock()
        self.device = Device(
            Profile("MN316", "FW"),
            EmulatorOptions("MN316", faults=faults, state=state),
            self.clock,
            describe={"50": "Incorrect parameters"}.get,
        )
        self.toy = Toy(self.device)
        self.device.attach(self.toy)
        self.said = bytearray()
        self.device.connect(self.said.extend)

    def hear(self) -> bytes:
        """What was said since the last time."""
        said = bytes(self.said)
        self.said.clear()
        return said

    def feed(self, data: bytes) -> bytes:
        self.device.feed(data)
        return self.hear()

    def played(self, script: str) -> str:
        """The dialogue that becomes of ``script``: lines with ``>`` are sent, those with ``~`` wait so many seconds,
        those with ``<`` are put in as the module says them."""
        lines = []
        for line in script.splitlines():
            if line.startswith("<"):
                continue
            lines.append(line)
            if line.startswith(">"):
                self.device.feed(line[2:].encode() + b"\r")
            else:
                self.clock.advance(float(line[2:]))
            lines += [f"< {said.decode()}" for said in self.hear().split(b"\r\n") if said]
        return "\n".join(lines)

    def dialogue(self, script: str) -> None:
        script = dedent(script).strip()
        assert self.played(script) == script


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.fixture
def make_bench() -> Callable[..., Bench]:
    return Bench
