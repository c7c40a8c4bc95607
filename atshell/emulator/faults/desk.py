"""Where people set faults and take them away: ``--fault``, ``%fault`` and lines of standard input alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from atshell.emulator.clock import Clock
from atshell.emulator.faults.active import Active
from atshell.emulator.faults.faults import Faults
from atshell.emulator.faults.kinds import LATE
from atshell.emulator.faults.spec import parse
from atshell.errors import AtshellError

_PLATFORM = LATE.partition(" ")[0]


class Desk:
    """``happen`` does what the fault of that kind does which waits for nothing. ``embedded`` says whether there is a
    platform here that faults can act on."""

    def __init__(self, faults: Faults, clock: Clock, happen: Callable[[str], None], *, embedded: bool) -> None:
        self._faults = faults
        self._clock = clock
        self._happen = happen
        self._embedded = embedded

    def check(self, lines: Sequence[str]) -> None:
        """Raises AtshellError when they cannot be set."""
        self._faults.check_room(len(lines))
        for line in lines:
            fault = parse(line)
            if fault.kind.startswith(_PLATFORM) and not self._embedded:
                raise AtshellError(f"no platform is embedded here for {str(fault)!r}", "see --platform")

    def set(self, line: str) -> None:
        """From now on. Raises AtshellError."""
        self.check([line])
        active = self._faults.add(line, self._clock.now())
        if active is not None and not active.fault.waits:
            self._clock.call_later(active.fault.after, lambda: self._come(active))

    def _come(self, active: Active) -> None:
        """The time of one has come, if it has not been taken away meanwhile."""
        if active in self._faults and active.happens():
            self._happen(active.fault.kind)

    def change(self, line: str) -> dict[str, object]:
        """``SPEC`` sets one, ``off`` takes all away, ``off N`` the Nth; the list as it is then. Raises AtshellError."""
        match line.lower().split():
            case ["off"]:
                self._faults.remove()
            case ["off", number]:
                self._faults.remove(int(number) if number.isdecimal() and len(number) < 9 else 0)
            case [_, *_]:
                self.set(line)
        return {"seed": self._faults.seed, "faults": self._faults.described(self._clock.now())}
