"""The engine: a cell of text in, results out. The terminal and the notebook hold one each."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

from atshell.catalog.profile import Profile
from atshell.emulator.device import Device
from atshell.host import Host
from atshell.session.runner import Session
from atshell.shell.result import Result


@dataclass(frozen=True, slots=True)
class ShellOptions:
    """What the command line says (contract section 1)."""

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


class Shell:
    """Made closed; ``open`` connects. Lines that are no magic go to the module.

    Attributes that front doors and magics may read: ``host``, ``session``, ``profile``, ``device`` (of an emulated
    module, else None), ``record`` and ``capture`` (paths, None when there is none), ``done`` (True after ``%quit``).
    """

    host: Host
    session: Session
    profile: Profile
    device: Device | None
    record: Path | None
    capture: Path | None
    done: bool

    def __init__(self, host: Host, options: ShellOptions) -> None:
        raise NotImplementedError

    async def open(self) -> None:
        """Raises AtshellError: the port is taken, the model unknown."""
        raise NotImplementedError

    async def close(self) -> None:
        raise NotImplementedError

    def run(self, cell: str) -> AsyncIterator[Result]:
        """Execute a cell: each line in turn, results as they come. Never raises for what a user can do wrong."""
        raise NotImplementedError

    def listen(self, listener: Callable[[Result], None]) -> Callable[[], None]:
        """Results that come unasked: URCs with their meaning, a lost link."""
        raise NotImplementedError
