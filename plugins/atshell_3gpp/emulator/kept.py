"""Settings that outlast a reboot and the power: in the device's storage, each under its command's name."""

from __future__ import annotations

from collections.abc import Callable

from atshell.emulator.device import CommandError
from atshell.emulator.storage import Record, Storage, StorageFailure
from atshell.errors import AtshellError

MEMORY_FAILURE = 23
"""``<err>`` of +CME ERROR (3GPP TS 27.007, 9.2.1)."""


class Kept:
    """One command's. ``valid`` says whether a module can have kept a record; raises AtshellError when it cannot."""

    def __init__(self, storage: Storage, name: str, default: Record, valid: Callable[[Record], bool]) -> None:
        self._storage = storage
        self._name = name
        self._default = default
        kept = storage.read(name)
        if kept is not None and not valid(kept):
            what = f"{storage.place} is no state of this model: it cannot have kept such a {name}"
            raise AtshellError(what, "move it away, or choose another folder")

    @property
    def record(self) -> Record:
        kept = self._storage.read(self._name)
        return self._default if kept is None else kept

    @record.setter
    def record(self, record: Record) -> None:
        """Raises CommandError when it cannot be written; what was kept stays."""
        if record == self.record:
            return
        try:
            self._storage.write({self._name: record if record != self._default else None})
        except StorageFailure:
            raise CommandError(MEMORY_FAILURE) from None
