"""An emulated module: AT bytes in, AT bytes out.

The frame knows command lines, echo, result forms, the order of answers and URCs (a URC never cuts into an answer:
it waits for the final result) and dispatches commands to the emulations that plugins attach. It knows no vendor.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from atshell.at.command import Command
from atshell.catalog.profile import Profile
from atshell.emulator.clock import Clock


@dataclass(frozen=True, slots=True)
class EmulatorOptions:
    """What the command line of ``atshell emulate`` says (contract section 1)."""

    model: str
    firmware: str = ""
    operator: str = "cmcc"
    platform: str = "onenet"
    """A platform profile that is embedded, ``coap://HOST:PORT`` of another, or ``none``."""
    state: Path | None = None
    speed: float = 1.0
    capture: Path | None = None
    """A pcap file to write the emulated network's datagrams to."""
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the module is. The defaults are the manual's own example device."""

    imei: str = "869975030000461"
    imsi: str = "460001064826326"
    iccid: str = "89860001064826326459"


class CommandError(Exception):
    """Raised by a handler: the command ends with this error. ``code`` None gives plain ERROR.

    ``prefix`` is ``+CME ERROR`` or ``+CIS ERROR``; the device prints ``ERROR`` instead under AT+CMEE=0, and the text
    from the catalog under AT+CMEE=2 for CME errors.
    """

    def __init__(self, code: int | None = None, prefix: str = "+CME ERROR") -> None:
        super().__init__(f"{prefix}: {code}" if code is not None else "ERROR")
        self.code = code
        self.prefix = prefix


Lines = Sequence[str]
Handler = Callable[[Command], Lines | Awaitable[Lines]]
"""Carries a command out; returns its information lines (OK follows), or raises CommandError."""


class Emulation(Protocol):
    """The commands of one pack for one device. Made anew for every device by ``atshell_emulation``."""

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """By command name as in ``Command.name``: ``+MIPLOPEN``, ``E``, ``S3``, "" for a bare AT."""
        ...

    async def operate(self, words: Sequence[str]) -> dict[str, object] | None:
        """Do what a line of standard input asks (``read /3200/0``; contract section 1): what came of it, as a JSON
        object, or None when the words are not this emulation's."""
        ...

    def reboot(self) -> None:
        """The module restarts: forget what does not survive it."""
        ...

    async def close(self) -> None: ...


@dataclass(slots=True)
class Settings:
    """What every module has; AT&F and ATZ put the defaults back."""

    echo: bool = True
    verbose: bool = True
    quiet: bool = False
    cmee: int = 0
    cfun: int = 1
    registers: dict[int, int] = field(default_factory=lambda: {3: 13, 4: 10, 5: 8})


class Device:
    def __init__(self, profile: Profile, options: EmulatorOptions, clock: Clock) -> None:
        self.profile = profile
        self.options = options
        self.clock = clock
        self.identity = Identity()
        self.settings = Settings()
        raise NotImplementedError

    def attach(self, emulation: Emulation) -> None:
        """Add a pack's commands; a later one wins over an earlier one."""
        raise NotImplementedError

    def connect(self, output: Callable[[bytes], None]) -> None:
        """Where the module's bytes go. What was said before is not kept."""
        raise NotImplementedError

    def feed(self, data: bytes) -> None:
        """Bytes from the host."""
        raise NotImplementedError

    def emit(self, line: str) -> None:
        """Say a URC: at once, or after the final result of the command that is being carried out."""
        raise NotImplementedError

    async def operate(self, line: str) -> dict[str, object]:
        """A line of standard input (contract section 1)."""
        raise NotImplementedError

    def reboot(self) -> None:
        raise NotImplementedError

    async def close(self) -> None:
        raise NotImplementedError
