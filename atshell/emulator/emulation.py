"""What a pack builds on: a device's options, identity and settings, and what an emulation offers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol, runtime_checkable

from atshell.at.command import Command
from atshell.emulator.storage import Record

CME = "+CME ERROR"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the module is. The defaults are the manual's own example device."""

    imei: str = "869975030000461"
    imsi: str = "460001064826326"
    iccid: str = "89860001064826326459"
    manufacturer: str = "atshell emulator"
    """A vendor's pack puts its own name here."""

    def numbered(self, number: int) -> Identity:
        """That of another module: its serial number and its card are so many further on."""
        serial = _further(self.imei[:-1], number)
        return replace(
            self,
            imei=serial + _check_digit(serial) if number else self.imei,
            imsi=_further(self.imsi, number),
            iccid=_further(self.iccid, number),
        )


def _further(digits: str, number: int) -> str:
    return f"{int(digits) + number:0{len(digits)}}"


def _check_digit(digits: str) -> str:
    """Of an IMEI (3GPP TS 23.003 annex B)."""
    doubled = digits[-1::-2]
    total = sum(map(int, digits[-2::-2])) + sum(sum(divmod(2 * int(one), 10)) for one in doubled)
    return str(-total % 10)


@dataclass(frozen=True, slots=True)
class EmulatorOptions:
    """What the command line of ``atshell emulate`` says."""

    model: str
    firmware: str = ""
    operator: str = "cmcc"
    platform: str = "onenet"
    """A platform profile that is embedded, ``coap://HOST:PORT`` of another, or ``none``."""
    state: Path | None = None
    """A folder for what the module keeps without power (``storage``)."""
    speed: float = 1.0
    capture: Path | None = None
    """A pcap file to write the emulated network's datagrams to."""
    faults: tuple[str, ...] = ()
    """What shall go wrong, a line each (``faults.spec``)."""
    identity: Identity = field(default_factory=Identity)


class CommandError(Exception):
    """Raised by a handler: the command ends with this error. ``code`` None gives plain ERROR.

    ``prefix`` is ``+CME ERROR`` or ``+CIS ERROR``; the device prints ``ERROR`` instead under AT+CMEE=0, and the text
    from the catalog under AT+CMEE=2 for CME errors.
    """

    def __init__(self, code: int | None = None, prefix: str = CME) -> None:
        super().__init__(f"{prefix}: {code}" if code is not None else "ERROR")
        self.code = code
        self.prefix = prefix


Lines = Sequence[str]
Handler = Callable[[Command], Lines | Awaitable[Lines]]
"""Carries a command out; returns its information lines (OK follows), or raises CommandError."""


class Emulation(Protocol):
    """The commands of one pack for one device. Made anew for every device by ``atshell_emulation``.

    One that is a ``Sleeper`` too learns of deep sleep."""

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """By command name as in ``Command.name``: ``+MIPLOPEN``, ``E``, ``S3``, "" for a bare AT."""
        ...

    async def operate(self, words: Sequence[str]) -> dict[str, object] | None:
        """Do what a line of standard input asks (``read /3200/0``): what came of it, as a JSON
        object, or None when the words are not this emulation's."""
        ...

    def reboot(self) -> None:
        """The module restarts: forget what does not survive it."""
        ...

    async def close(self) -> None: ...


@runtime_checkable
class Sleeper(Protocol):
    """An emulation for which deep sleep makes a difference. Without these, all that it knows outlasts the sleep."""

    def sleep(self) -> None:
        """Deep sleep begins: forget what does not survive it. The radio stays registered, but nothing is received."""
        ...

    def wake(self) -> None:
        """It is over."""
        ...


@dataclass(slots=True)
class Settings:
    """What every module has. AT&F puts the defaults back, ATZ what AT&W has kept."""

    echo: bool = True
    verbose: bool = True
    quiet: bool = False
    cmee: int = 0
    cfun: int = 1
    registers: dict[int, int] = field(default_factory=lambda: {3: 13, 4: 10, 5: 8})

    def copy(self) -> Settings:
        return replace(self, registers=dict(self.registers))

    @property
    def record(self) -> Record:
        """What AT&W keeps. Whether the radio is on is not among it."""
        switches = (self.echo, self.verbose, self.quiet, self.cmee)
        return tuple(str(int(value)) for value in (*switches, *self.registers.values()))

    def restored(self, record: Record) -> Settings | None:
        """With what was kept; None for what no module can have kept."""
        ranges = [*(range(2),) * 3, range(3), *(range(128),) * len(self.registers)]
        if len(record) != len(ranges) or any(
            not (text.isascii() and text.isdecimal()) or len(text) > 3 or int(text) not in allowed
            for text, allowed in zip(record, ranges, strict=True)
        ):
            return None
        echo, verbose, quiet, cmee, *registers = map(int, record)
        return Settings(
            bool(echo), bool(verbose), bool(quiet), cmee, self.cfun, dict(zip(self.registers, registers, strict=True))
        )
