"""Commands that keep numbers and do no more: a table of what each one may hold.

What a module does with them (reports of contexts, preferences for the network) is beyond what is emulated; a program
that sets them up is answered as a module answers it, and reads back what it has set.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from atshell.emulator.device import Handler, Lines
from atshell.emulator.storage import Record, Storage
from atshell_3gpp.emulator.forms import Arguments, Forms, at_most, integer
from atshell_3gpp.emulator.kept import Kept


@dataclass(frozen=True, slots=True)
class Setting:
    """Numbers that a command keeps."""

    allowed: tuple[range, ...]
    """What each of them may be."""
    default: tuple[int, ...]
    kept: bool = False
    """Survives a reboot, the power, AT&F and ATZ: what the module tells the network, not what it tells its host."""


SETTINGS: Mapping[str, Setting] = {
    "+CCIOTOPT": Setting((range(2), range(4), range(3)), (0, 1, 1), kept=True),
    "+CEMODE": Setting((range(4),), (0,), kept=True),
    "+CGEREP": Setting((range(3), range(2)), (0, 0)),
    "+CIPCA": Setting((range(3, 4), range(2)), (3, 0), kept=True),
    "+CTZU": Setting((range(2),), (1,), kept=True),
}


class NumberSettings:
    """Raises AtshellError when the storage holds what no module can have kept."""

    def __init__(self, storage: Storage, table: Mapping[str, Setting] = SETTINGS) -> None:
        self._table = table
        self._values = {name: setting.default for name, setting in table.items()}
        self._kept = {
            name: Kept(storage, name, _record(setting.default), partial(_can_be, setting))
            for name, setting in table.items()
            if setting.kept
        }
        for name, kept in self._kept.items():
            self._values[name] = tuple(map(int, kept.record))

    def reset(self) -> None:
        """What AT&F, ATZ and a reboot put back."""
        for name, setting in self._table.items():
            if not setting.kept:
                self._values[name] = setting.default

    @property
    def handlers(self) -> Mapping[str, Handler]:
        return {name: self._forms(name, setting) for name, setting in self._table.items()}

    def _forms(self, name: str, setting: Setting) -> Forms:
        ranges = ",".join(map(written, setting.allowed))

        def read() -> Lines:
            return [f"{name}: {','.join(map(str, self._values[name]))}"]

        def write(arguments: Arguments) -> Lines:
            chosen = self._chosen(name, setting, arguments)
            if name in self._kept:
                self._kept[name].record = _record(chosen)
            self._values[name] = chosen
            return ()

        return Forms(test=lambda: [f"{name}: {ranges}"], read=read, write=write)

    def _chosen(self, name: str, setting: Setting, arguments: Arguments) -> tuple[int, ...]:
        """What is left out stays as it is, but for the first: ``AT+CGEREP=`` puts its default back."""
        at_most(arguments, len(setting.allowed))
        fallback: Sequence[int] = (setting.default[0], *self._values[name][1:])
        return tuple(
            integer(arguments, index, allowed, default=fallback[index]) for index, allowed in enumerate(setting.allowed)
        )


def _record(values: Sequence[int]) -> Record:
    return tuple(map(str, values))


def _can_be(setting: Setting, record: Record) -> bool:
    return len(record) == len(setting.allowed) and all(
        text in map(str, allowed) for text, allowed in zip(record, setting.allowed, strict=True)
    )


def written(allowed: range) -> str:
    """``(0-2)``, ``(0,1)``, ``(3)``: as an answer to a test command says it."""
    if len(allowed) > 2:
        return f"({allowed[0]}-{allowed[-1]})"
    return f"({','.join(map(str, allowed))})"
