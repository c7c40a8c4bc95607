"""What the command line says of a shell; apart from the engine, so that a front door can read it before its prompt."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

DEFAULT_MODEL = "MN316"
DEFAULT_PLATFORM = "OneNET"
"""Which platform is embedded with the default model."""


class ShellOptions(NamedTuple):
    """What the command line says. A named tuple: making a dataclass takes a millisecond, which
    stands on the way to the prompt."""

    port: str | None = None
    baud: int = 115200
    emulator: str | None = None
    replay: Path | None = None
    model: str = ""
    firmware: str = ""
    language: str = "en"
    record: Path | None = None
    """The transcript's file; None for one in the platform's state directory."""
    no_record: bool = False
    capture: Path | None = None

    @property
    def emulated(self) -> str:
        """The model that is emulated, "" when a port or a replay is used."""
        return "" if self.port or self.replay else self.emulator or self.model or DEFAULT_MODEL
