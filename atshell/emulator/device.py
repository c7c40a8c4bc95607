"""An emulated module: AT bytes in, AT bytes out.

The frame knows command lines, echo, result forms, the order of answers and URCs (a URC never cuts into an answer:
it waits for the final result) and dispatches commands to the emulations that plugins attach. It knows no vendor.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Protocol

from atshell.at.command import Command, NotACommandLine, parse_line
from atshell.catalog.profile import Profile
from atshell.emulator.clock import Clock, Timer
from atshell.emulator.editor import LineEditor
from atshell.emulator.framing import final, framed
from atshell.emulator.radio import Radio
from atshell.emulator.storage import Storage

CME = "+CME ERROR"
SHORT = 0.05
"""Seconds of real time at most that booting, and then attaching, take."""
MAX_INPUT = 65536
"""Bytes that may wait while a command is carried out; more are lost, as in a module's own buffer."""
MAX_URCS = 1000
"""Lines that may wait for a final result; the oldest are lost first."""

_PIECE = 4096
_WORD = re.compile(r'(?:"[^"]*"|\S)+')
_log = logging.getLogger(__name__)


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


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the module is. The defaults are the manual's own example device."""

    imei: str = "869975030000461"
    imsi: str = "460001064826326"
    iccid: str = "89860001064826326459"
    manufacturer: str = "atshell emulator"
    """A vendor's pack puts its own name here."""


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
    """The commands of one pack for one device. Made anew for every device by ``atshell_emulation``."""

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


@dataclass(slots=True)
class Settings:
    """What every module has; AT&F and ATZ put the defaults back."""

    echo: bool = True
    verbose: bool = True
    quiet: bool = False
    cmee: int = 0
    cfun: int = 1
    registers: dict[int, int] = field(default_factory=lambda: {3: 13, 4: 10, 5: 8})

    def copy(self) -> Settings:
        return replace(self, registers=dict(self.registers))


Describe = Callable[[str], str | None]


class _Power(Enum):
    OFF = "no supply"
    BOOTING = "booting"
    ON = "running"


class Device:
    """``describe`` gives the text of an error code for AT+CMEE=2. Raises AtshellError when ``--state`` cannot be used.

    A new device has been running for a while: powered, booted and attached to the network. What ``settings`` hold
    when the first byte comes in are the defaults that AT&F, ATZ and a reboot put back, so a pack whose modules have
    other ones sets them in its ``atshell_emulation``.
    """

    def __init__(
        self, profile: Profile, options: EmulatorOptions, clock: Clock, *, describe: Describe | None = None
    ) -> None:
        self.profile = profile
        self.options = options
        self.clock = clock
        self.identity = Identity()
        self.settings = Settings()
        self.storage = Storage(options.state, profile.model, profile.firmware)
        short = SHORT * min(1.0, options.speed)
        self.radio = Radio(clock, attach_delay=short)
        self._boot_delay = short
        self._power = _Power.ON
        self._boot: Timer | None = None
        self._factory: Settings | None = None
        self._describe = describe
        self._emulations: list[Emulation] = []
        self._handlers: dict[str, Handler] = {}
        self._editor = LineEditor()
        self._input = bytearray()
        self._waiting: asyncio.Future[Lines] | None = None
        self._busy = False
        self._reboot_due = False
        self._urcs: deque[str] = deque(maxlen=MAX_URCS)
        self._written = bytearray()
        self._output: Callable[[bytes], None] | None = None

    @property
    def commands(self) -> list[str]:
        """Names of all commands: ``+CSQ``, ``E``."""
        return sorted(self._handlers)

    @property
    def running(self) -> bool:
        """True while the module has power and has booted."""
        return self._power is _Power.ON

    def attach(self, emulation: Emulation) -> None:
        """Add a pack's commands; a later one wins over an earlier one."""
        self._emulations.append(emulation)
        self._handlers.update(emulation.handlers)

    def connect(self, output: Callable[[bytes], None] | None) -> None:
        """Where the module's bytes go, None for nowhere. What was said before is not kept, nor is a line that
        somebody else left half typed."""
        self._output = output
        self._written.clear()
        self._editor.clear()

    # -- Input: bytes to lines to commands

    def feed(self, data: bytes) -> None:
        """Bytes from the host. What comes while a command is carried out is read after its final result."""
        if self._factory is None:
            self._factory = self.settings.copy()
        for start in range(0, len(data), _PIECE):
            if self.running:
                self._input += data[start : start + min(_PIECE, MAX_INPUT - len(self._input))]
                self._read()
        self._flush()

    def _read(self) -> None:
        while self._input and not self._busy:
            typed = self._editor.feed(bytes(self._input), self.settings.registers)
            del self._input[: typed.used]
            if self.settings.echo:
                self._written += typed.echo
            if typed.too_long:
                self._finish("ERROR")
            elif typed.line is not None:
                self._start(typed.line)

    def _start(self, line: str) -> None:
        try:
            commands = parse_line(line).commands
        except NotACommandLine:
            self._finish("ERROR")
            return
        self._busy = True
        self._carry_out(deque(commands))

    def _carry_out(self, commands: deque[Command]) -> None:
        """Do the commands of a line from left to right, up to the first error (V.250 5.3.1). One that takes time
        comes back here when it is done."""
        while commands:
            try:
                answer = self._handle(commands.popleft())
                if isinstance(answer, Awaitable):
                    self._waiting = asyncio.ensure_future(answer)
                    self._waiting.add_done_callback(partial(self._go_on, commands))
                    return
            except Exception as error:
                self._finish(self._error_text(error))
                return
            self._inform(answer)
        self._finish("OK")

    def _go_on(self, commands: deque[Command], answer: asyncio.Future[Lines]) -> None:
        error = CommandError() if answer.cancelled() else answer.exception()
        if answer is not self._waiting:  # the module has lost its power meanwhile
            return
        self._waiting = None
        if error is None:
            self._inform(answer.result())
            self._carry_out(commands)
        else:
            self._finish(self._error_text(error))
        self._read()
        self._flush()

    def _handle(self, command: Command) -> Lines | Awaitable[Lines]:
        handler = self._handlers.get(command.name)
        if handler is None:
            raise CommandError
        return handler(command)

    # -- Output: lines to bytes

    def emit(self, line: str) -> None:
        """Say a URC: at once, or after the final result of the command that is being carried out. A module that is
        off or booting says nothing, nor does one that is told to be quiet (V.250 6.2.5)."""
        if not self.running or self.settings.quiet:
            return
        if self._busy:
            self._urcs.append(line)
            return
        self._inform([line])
        self._flush()

    def _inform(self, lines: Iterable[str]) -> None:
        settings = self.settings
        for line in lines:
            self._written += framed(line, settings.registers, verbose=settings.verbose)

    def _finish(self, result: str) -> None:
        """Say the final result, then what had to wait for it."""
        settings = self.settings
        self._busy = False
        if not settings.quiet:
            self._written += final(result, settings.registers, verbose=settings.verbose)
            if not self._reboot_due:
                self._inform(self._urcs)
        self._urcs.clear()
        if self._reboot_due:
            self._flush()
            self._restart()

    def _error_text(self, error: BaseException) -> str:
        if not isinstance(error, CommandError):
            _log.error("a command handler failed", exc_info=error)
        if not isinstance(error, CommandError) or error.code is None or self.settings.cmee == 0:
            return "ERROR"
        text = None
        if self.settings.cmee == 2 and error.prefix == CME and self._describe is not None:
            text = self._describe(str(error.code))
        return f"{error.prefix}: {text or error.code}"

    def _flush(self) -> None:
        if self._written:
            data = bytes(self._written)
            self._written.clear()
            if self._output is not None:
                self._output(data)

    # -- Power

    def reset(self) -> None:
        """Put the defaults back (AT&F, ATZ); whether the radio is on is not among them."""
        if self._factory is not None:
            cfun = self.settings.cfun
            self.settings = self._factory.copy()
            self.settings.cfun = cfun

    def reboot(self) -> None:
        """Restart: at once, or after the final result of the command that is being carried out."""
        if self._busy:
            self._reboot_due = True
        elif self._power is not _Power.OFF:
            self._restart()

    def power(self, on: bool) -> None:
        """Cut the supply, or give it and boot."""
        if not on:
            self._stop()
        elif self._power is _Power.OFF:
            self._restart()

    def _restart(self) -> None:
        self._stop()
        self._power = _Power.BOOTING
        self._boot = self.clock.call_later(self._boot_delay, self._booted)

    def _booted(self) -> None:
        self._boot = None
        self._power = _Power.ON
        self.radio.switch(self.settings.cfun == 1)

    def _stop(self) -> None:
        """Everything ends. The emulations learn it before the radio falls silent: they send nothing more, as a module
        whose power is cut says no goodbye."""
        self._halt()
        for emulation in self._emulations:
            emulation.reboot()
        self.radio.switch(False)

    def _halt(self) -> None:
        """What ends in the frame itself."""
        self._power = _Power.OFF
        if self._boot is not None:
            self._boot.cancel()
            self._boot = None
        if self._waiting is not None:
            waiting, self._waiting = self._waiting, None
            waiting.cancel()
        self._busy = self._reboot_due = False
        self._input.clear()
        self._urcs.clear()
        self._written.clear()
        self._editor = LineEditor()
        if self._factory is not None:
            self.settings = self._factory.copy()

    # -- The people around it

    async def operate(self, line: str) -> dict[str, object]:
        """A line of standard input."""
        words = split_words(line)
        match words:
            case ["power", "on" | "off" as state]:
                self.power(state == "on")
                return {"power": state}
            case ["network", "lost" | "found" as state]:
                self.radio.cover(state == "found")
                return {"network": state}
        for emulation in reversed(self._emulations):
            result = await emulation.operate(words)
            if result is not None:
                return result
        return {"error": f"{line.strip()!r} is nothing that this emulator can do"}

    async def close(self) -> None:
        """End what is going on. A second call does nothing."""
        self._output = None
        self._halt()
        emulations, self._emulations = self._emulations, []
        for emulation in reversed(emulations):
            await emulation.close()
        self.storage.close()


def split_words(line: str) -> list[str]:
    """The words of an operator's line. What stands in double quotes is one word and keeps them: whether a value
    was quoted matters."""
    return _WORD.findall(line)
