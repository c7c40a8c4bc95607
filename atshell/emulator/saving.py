"""Saving power as the network grants it: PSM and eDRX (3GPP TS 23.682 4.5.4 and 4.5.13, TS 24.008 10.5.7).

In PSM a module that has had nothing to do for the active time (T3324) falls into deep sleep: it stays registered, and
nothing reaches it. It wakes when it has something to send, when its host writes to it, and for the periodic tracking
area update (T3412), which brings up a connection and so begins the active time again. In eDRX it listens in a short
window of each cycle; what comes in between is kept by the network until then.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from atshell.emulator.clock import Clock, Timer
from atshell.emulator.radio import Radio

HOLD = 2.0
"""Seconds for which bytes from the host keep a module awake, however short the active time: it has to have the time to
answer. Real ones differ; some have a command for it."""
_MOMENT = 1e-6
"""Seconds that are none: sums of times are not exact."""


@dataclass(frozen=True, slots=True)
class Granted:
    """Times in device seconds."""

    active: float | None = None
    """T3324; None without PSM."""
    periodic: float | None = None
    """T3412; None for a sleep that only the host ends."""
    cycle: float = 0.0
    """Of eDRX; 0 without."""
    window: float = 0.0
    """In which paging is heard, at the beginning of each cycle."""


class PowerSaving:
    """``fell`` and ``woke`` are told of deep sleep; ``busy`` says when it has to wait. ``hold`` is ``HOLD`` in device
    seconds."""

    def __init__(
        self,
        clock: Clock,
        radio: Radio,
        *,
        fell: Callable[[], None],
        woke: Callable[[], None],
        busy: Callable[[], bool],
        hold: float = HOLD,
    ) -> None:
        self._clock = clock
        self._radio = radio
        self._fell, self._woke, self._busy = fell, woke, busy
        self._hold = hold
        self._granted = Granted()
        self._active: Timer | None = None
        self._periodic: Timer | None = None
        self._host_until = 0.0
        self.asleep = False
        radio.listen(lambda attached: self._idle())
        radio.on_connection(lambda connected: self._idle())

    @property
    def granted(self) -> Granted:
        return self._granted

    def grant(self, granted: Granted) -> None:
        """What the network grants from now on. It is agreed in a tracking area update, if there is a network."""
        if granted == self._granted:
            return
        self._granted = granted
        if self._radio.connected:
            return
        self._radio.traffic()
        self._idle()

    def stir(self, *, host: bool = False) -> None:
        """There is something to do: the module wakes, and the active time begins again. ``host`` when bytes came."""
        if host:
            self._host_until = self._clock.now() + self._hold
        if self.asleep:
            self._wake()
        self._stay()

    def stop(self) -> None:
        """The power is cut, or the module restarts: it is awake then. What was granted is to be asked for anew."""
        self._cancel()
        self.asleep = False
        self._host_until = 0.0
        self._granted = Granted()

    def paging(self) -> float | None:
        """Seconds until something can reach the module; None for never, as far as the network knows."""
        if self.asleep:
            return None
        granted = self._granted
        if self._radio.connected or granted.cycle <= granted.window:
            return 0.0
        phase = self._clock.now() % granted.cycle
        left = granted.cycle - phase
        return 0.0 if phase < granted.window or left < _MOMENT else left

    # -- Below: the timers

    def _cancel(self) -> None:
        for timer in (self._active, self._periodic):
            if timer is not None:
                timer.cancel()
        self._active = self._periodic = None

    @property
    def _saves(self) -> bool:
        """PSM is agreed upon, and the module is idle: its timers run."""
        return self._granted.active is not None and self._radio.attached and not self._radio.connected

    def _idle(self) -> None:
        """Start the timers anew where the module is idle in PSM, stop them where it is not."""
        if self.asleep:
            return
        self._cancel()
        if self._saves and self._granted.periodic is not None:
            self._periodic = self._clock.call_later(self._granted.periodic, self._update)
        self._stay()

    def _stay(self) -> None:
        """Stay awake for the active time from now on."""
        if self._active is not None:
            self._active.cancel()
            self._active = None
        if self._saves and self._granted.active is not None:
            now = self._clock.now()
            until = max(now + self._granted.active, self._host_until)
            self._active = self._clock.call_later(until - now, self._fall)

    def _fall(self) -> None:
        self._active = None
        if self._busy():
            return  # what it is busy with ends with a stir
        self.asleep = True
        self._radio.rest(True)
        self._fell()

    def _update(self) -> None:
        """The periodic tracking area update."""
        self._periodic = None
        if self.asleep:
            self._wake()
        self._radio.traffic()

    def _wake(self) -> None:
        self.asleep = False
        self._radio.rest(False)
        self._woke()
