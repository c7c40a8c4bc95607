"""What is saved, and what is in force: a setting acts after the next boot, and its default where none is saved."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from atshell.emulator.storage import Record, Storage
from atshell.errors import AtshellError


@dataclass(frozen=True, slots=True)
class Setting:
    key: str
    default: Record
    valid: Callable[[Record], bool]
    """Whether a module can have saved it."""


class Nvram:
    """``save`` and ``erase`` raise StorageFailure when nothing can be written."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._settings: dict[str, Setting] = {}
        self._in_force: dict[str, Record] = {}

    def add(self, setting: Setting) -> Setting:
        """Raises AtshellError when the storage holds what no module can have saved."""
        kept = self._storage.read(setting.key)
        if kept is not None and not setting.valid(kept):
            what = f"{self._storage.place} is no state of this model: it cannot have saved such a {setting.key}"
            raise AtshellError(what, "move it away, or choose another folder")
        self._settings[setting.key] = setting
        self._in_force[setting.key] = self._at_boot(setting)
        return setting

    def saved(self, setting: Setting) -> Record:
        kept = self._storage.read(setting.key)
        return setting.default if kept is None else kept

    def in_force(self, setting: Setting) -> Record:
        return self._in_force[setting.key]

    def save(self, setting: Setting, record: Record) -> None:
        self._storage.write({setting.key: record})

    def erase(self, settings: Iterable[Setting]) -> None:
        self._storage.write(dict.fromkeys(setting.key for setting in settings))

    def boot(self) -> None:
        """What is saved is in force from now on."""
        self._in_force = {key: self._at_boot(setting) for key, setting in self._settings.items()}

    def _at_boot(self, setting: Setting) -> Record:
        """Where a value was cleared, its default is what the module goes by."""
        saved = self.saved(setting)
        if len(saved) != len(setting.default):
            return saved
        return tuple(value or default for value, default in zip(saved, setting.default, strict=True))
