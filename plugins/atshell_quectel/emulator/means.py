"""What a self-registration works with, whoever the operator is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from atshell.emulator.clock import Clock
from atshell_quectel.emulator.line import Line
from atshell_quectel.emulator.procedure import Procedure


@dataclass(frozen=True, slots=True)
class Means:
    clock: Clock
    line: Line
    procedure: Procedure
    asleep: Callable[[], bool]
    """Whether the module is in deep sleep. What it sends wakes it."""

    @property
    def may_send(self) -> bool:
        """Whether something that falls due now is sent, or left out."""
        return self.procedure.wakes or not self.asleep()
