"""An emulated module: AT bytes in, AT bytes out.

The frame knows power and sleep, and puts the parts together: the ``interpreter`` carries command lines out with the
handlers of the emulations that plugins attach, the ``voice`` says answers and URCs, ``air`` is what packets meet on
their way, and ``faults`` what goes wrong on purpose. It knows no vendor.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum

from atshell.catalog.profile import Profile
from atshell.emulator.air import Air
from atshell.emulator.clock import Clock, Timer
from atshell.emulator.emulation import (
    CME,
    CommandError,
    Emulation,
    EmulatorOptions,
    Handler,
    Identity,
    Lines,
    Settings,
    Sleeper,
)
from atshell.emulator.faults.desk import Desk
from atshell.emulator.faults.faults import Faults
from atshell.emulator.faults.kinds import UNPLUG
from atshell.emulator.interpreter import MAX_INPUT, Describe, Interpreter
from atshell.emulator.place import Place
from atshell.emulator.radio import Radio
from atshell.emulator.saving import HOLD, PowerSaving
from atshell.emulator.storage import Storage
from atshell.emulator.voice import MAX_URCS, Voice
from atshell.errors import AtshellError

__all__ = [
    "CME",
    "MAX_INPUT",
    "MAX_URCS",
    "SHORT",
    "CommandError",
    "Device",
    "Emulation",
    "EmulatorOptions",
    "Handler",
    "Identity",
    "Lines",
    "Settings",
    "Sleeper",
    "split_words",
]

SHORT = 0.05
"""Seconds of real time at most that booting, attaching and waking up take."""
PROFILE = "profile"
"""Where AT&W keeps its settings in the storage."""

_PIECE = 4096
_SWITCHES = {"power": ("power on", "power off"), "network": ("network lost", "network found")}
_WORD = re.compile(r'(?:"[^"]*"|\S)+')


class _Power(Enum):
    OFF = "no supply"
    BOOTING = "booting"
    ON = "running"
    ASLEEP = "deep sleep"


class Device:
    """``describe`` gives the text of an error code for AT+CMEE=2; ``place`` is where the module stands, if it is not
    alone there. Raises AtshellError when ``--state`` cannot be used, and for a fault that is none.

    A new device has been running for a while: powered, booted and attached to the network. What ``settings`` hold
    when the first byte comes in are the defaults that AT&F and a reboot put back, so a pack whose modules have other
    ones sets them in its ``atshell_emulation``.
    """

    def __init__(
        self,
        profile: Profile,
        options: EmulatorOptions,
        clock: Clock,
        *,
        describe: Describe | None = None,
        place: Place | None = None,
    ) -> None:
        self.profile = profile
        self.options = options
        self.clock = clock
        self.place = place or Place(clock)
        self._own_place = place is None
        self.identity = options.identity
        self.settings = Settings()
        self.bad_parameter: int | None = 50
        """``<err>`` by which standard commands refuse a parameter; None is ERROR alone. A pack's models may differ."""
        self.faults = Faults()
        embedded = options.platform != "none" and "://" not in options.platform
        self.fault_desk = Desk(self.faults, clock, self._happen, embedded=embedded)
        self.fault_desk.check(options.faults)
        self.storage = Storage(options.state, profile.model, profile.firmware)
        self._check_profile()
        self._short = SHORT * min(1.0, options.speed)
        self.radio = Radio(clock, attach_delay=self._short)
        self.saving = PowerSaving(
            clock,
            self.radio,
            fell=self._fell,
            woke=self._woke,
            busy=lambda: self._interpreter.busy,
            hold=HOLD * max(1.0, options.speed),
        )
        self.air = Air(clock, self.radio, self.saving, self.faults)
        self._voice = Voice(clock, self.faults, lambda: self.settings)
        self._interpreter = Interpreter(
            clock,
            self.faults,
            self._voice,
            lambda: self.settings,
            describe=describe,
            ended=self._ended,
            unplug=self.unplug,
        )
        self._power = _Power.ON
        self._rising: Timer | None = None
        """Boots or wakes up; bytes that come meanwhile are lost."""
        self._factory: Settings | None = None
        self._emulations: list[Emulation] = []
        self._hang_up: Callable[[], None] | None = None
        for line in options.faults:
            self.disturb(line)

    @property
    def commands(self) -> list[str]:
        """Names of all commands: ``+CSQ``, ``E``."""
        return self._interpreter.commands

    @property
    def running(self) -> bool:
        """True while the module has power, has booted and is not in deep sleep."""
        return self._power is _Power.ON

    def attach(self, emulation: Emulation) -> None:
        """Add a pack's commands; a later one wins over an earlier one."""
        self._emulations.append(emulation)
        self._interpreter.learn(emulation.handlers)

    def connect(self, output: Callable[[bytes], None] | None, hang_up: Callable[[], None] | None = None) -> None:
        """Where the module's bytes go, None for nowhere; ``hang_up`` ends that link, which a fault may do. What was
        said before is not kept, nor is a line that somebody else left half typed."""
        self._voice.connect(output)
        self._hang_up = hang_up
        self._interpreter.forget_line()

    def unplug(self) -> None:
        """End the link; the module lives on."""
        hang_up = self._hang_up
        self.connect(None)
        if hang_up is not None:
            hang_up()

    # -- What it hears and says

    def feed(self, data: bytes) -> None:
        """Bytes from the host. What comes while a command is carried out is read after its final result, what comes
        to a module that boots or wakes up is lost, and so are the bytes that wake it."""
        if self._factory is None:
            self._factory = self.settings.copy()
            self.settings = self._kept()
        data = self.faults.heard(data, self.clock.now())
        if self._power is _Power.ASLEEP:
            self._rise(self._roused)
        if self._power in (_Power.ON, _Power.ASLEEP):
            self.saving.stir(host=True)
        for start in range(0, len(data), _PIECE):
            if self.running and self._rising is None:
                self._interpreter.feed(data[start : start + _PIECE])
        self._voice.flush()

    def _ended(self, restarts: bool) -> None:
        """A command line is done."""
        if restarts:
            self._restart()
        else:
            self.saving.stir(host=True)

    def emit(self, line: str) -> None:
        """Say a URC: at once, or after the final result of the command that is being carried out. A module that is
        off, booting or asleep says nothing, nor does one that is told to be quiet (V.250 6.2.5)."""
        if self.running:
            self._voice.emit(line)

    # -- Settings

    def _check_profile(self) -> None:
        kept = self.storage.read(PROFILE)
        if kept is not None and self.settings.restored(kept) is None:
            self.storage.close()
            what = f"{self.storage.place} is no state of this model: it cannot have kept such a profile"
            raise AtshellError(what, "move it away, or choose another folder")

    def _kept(self) -> Settings:
        """What AT&W has kept, else the defaults."""
        defaults = self._factory or self.settings
        kept = self.storage.read(PROFILE)
        return (None if kept is None else defaults.restored(kept)) or defaults.copy()

    def keep(self) -> None:
        """AT&W: what is set now is what ATZ and a reboot bring back. Raises StorageFailure."""
        self.storage.write({PROFILE: self.settings.record})

    def reset(self, *, kept: bool = False) -> None:
        """Put the defaults back (AT&F), or what was ``kept`` (ATZ); whether the radio is on is not among them."""
        if self._factory is not None:
            cfun = self.settings.cfun
            self.settings = self._kept() if kept else self._factory.copy()
            self.settings.cfun = cfun

    # -- Power

    def reboot(self) -> None:
        """Restart: at once, or after the final result of the command that is being carried out."""
        if self._interpreter.busy:
            self._interpreter.restart_afterwards()
        elif self._power is not _Power.OFF:
            self._restart()

    def power(self, on: bool) -> None:
        """Cut the supply, or give it and boot."""
        if not on:
            self._stop()
        elif self._power is _Power.OFF:
            self._restart()

    def wake(self) -> None:
        """End deep sleep, if there is one: the module itself has something to do."""
        if self._power is _Power.ASLEEP:
            self.saving.stir()

    @property
    def asleep(self) -> bool:
        """True in deep sleep."""
        return self._power is _Power.ASLEEP

    def _rise(self, risen: Callable[[], None]) -> None:
        self._rising = self.clock.call_later(self._short, risen)

    def _restart(self) -> None:
        self._stop()
        self._power = _Power.BOOTING
        self._rise(self._booted)

    def _booted(self) -> None:
        self._rising = None
        self._power = _Power.ON
        self.radio.switch(self.settings.cfun == 1)

    def _roused(self) -> None:
        self._rising = None

    def _fell(self) -> None:
        self._power = _Power.ASLEEP
        self._interpreter.forget_line()
        self._voice.hush()
        for emulation in self._emulations:
            if isinstance(emulation, Sleeper):
                emulation.sleep()

    def _woke(self) -> None:
        self._power = _Power.ON
        for emulation in self._emulations:
            if isinstance(emulation, Sleeper):
                emulation.wake()

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
        if self._rising is not None:
            self._rising.cancel()
            self._rising = None
        self._interpreter.stop()
        self._voice.hush()
        self.saving.stop()
        if self._factory is not None:
            self.settings = self._kept()

    # -- The people around it

    def disturb(self, line: str) -> None:
        """Let something go wrong from now on (``faults.spec``). Raises AtshellError for what is no fault."""
        self.fault_desk.set(line)

    def _happen(self, kind: str) -> None:
        """A fault that waits for nothing else."""
        if kind == UNPLUG:
            self.unplug()
        elif self._power is not _Power.OFF:
            self._restart()

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
            case ["power" | "network" as what, *_]:
                return {"error": f"say {' or '.join(_SWITCHES[what])}"}
            case ["fault", *_]:
                return self.fault_desk.change(line.strip().removeprefix("fault"))
        for emulation in reversed(self._emulations):
            result = await emulation.operate(words)
            if result is not None:
                return result
        return {"error": f"{line.strip()!r} is nothing that this emulator can do: see its --help"}

    async def close(self) -> None:
        """End what is going on. A second call does nothing."""
        self.faults.remove()
        self.connect(None)
        self._halt()
        emulations, self._emulations = self._emulations, []
        for emulation in reversed(emulations):
            await emulation.close()
        if self._own_place:
            await self.place.close()
        self.storage.close()


def split_words(line: str) -> list[str]:
    """The words of an operator's line. What stands in double quotes is one word and keeps them: whether a value
    was quoted matters."""
    return _WORD.findall(line)
