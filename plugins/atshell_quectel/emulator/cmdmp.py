"""AT+DMPCONFIG and AT+QDMPCFG: access to China Mobile's device management platform.

``<type>`` says what it is about: 0 to 3 are saved, each with its own parameters, 4 shows what is saved, 5 erases it,
6 tells the state. The read form shows what is in force. Which types, options and parameters there are is the catalog's:
a type without parameters is reserved, and so are the options about it.
"""

from __future__ import annotations

from atshell.catalog import model
from atshell.emulator.device import CommandError, Lines
from atshell.emulator.storage import Record
from atshell_quectel.emulator.families import Family, LeftOut
from atshell_quectel.emulator.fields import restored
from atshell_quectel.emulator.forms import Arguments, Forms, notation, number, read, requested
from atshell_quectel.emulator.management import Account, State
from atshell_quectel.emulator.nvram import Nvram, Setting

ACCESS, SERVER, KEYS, PLMNS, QUERY, ERASE, STATE = range(7)
ALL = 4
"""``<eraseOpt>``: everything."""
ENABLED = "1"
"""Access is on where nothing is saved: the examples read it so, and section 2.2.1 of the BC260Y-CN manual says that the
module registers by default."""
SHOWN = 4
"""Characters of a private key that are shown."""


class Access:
    def __init__(self, command: model.Command, family: Family, nvram: Nvram) -> None:
        self._name = command.command.removeprefix("AT")
        self._family = family
        self._nvram = nvram
        self._type = (command.parameters[0],)
        self._options = {kind: requested(command, type=kind) for kind in (QUERY, ERASE)}
        self._fields = {kind: fields for kind in range(QUERY) if (fields := requested(command, type=kind))}
        self._settings = {kind: nvram.add(self._setting(kind)) for kind in self._fields}
        # What BC35-G, BC28 and BC95 answer to types 4 and 6 has no name before it.
        named = command.responses["write"][0].lines[0].startswith("+")
        self._prefix = f"{self._name}: " if named else ""
        self.state = State.INITIAL
        """Told by the self-registration."""
        self.forms = Forms(family, test=lambda: notation(command), read=self._read, write=self._write)

    # What is in force

    @property
    def enabled(self) -> bool:
        return self._nvram.in_force(self._settings[ACCESS]) == (ENABLED,)

    @property
    def account(self) -> Account:
        host, port, period = self._nvram.in_force(self._settings[SERVER])
        return Account(host, int(port), float(period))

    @property
    def keys(self) -> Record:
        """Application key, private key, type and IMEI of the terminal."""
        return self._nvram.in_force(self._settings[KEYS])

    def show(self, state: State) -> None:
        self.state = state

    # Forms

    def _setting(self, kind: int) -> Setting:
        fields = self._fields[kind]

        def valid(record: Record) -> bool:
            whole = (1 <= len(record) <= len(fields)) if kind == PLMNS else len(record) == len(fields)
            return whole and all(restored(one, value) for one, value in zip(fields, record, strict=False))

        return Setting(f"cmdmp.{kind}", _default(kind, fields), valid)

    def _read(self) -> Lines:
        kinds = (ACCESS, SERVER, KEYS)
        return [f"{self._name}: {self._shown(kind, self._nvram.in_force(self._settings[kind]))}" for kind in kinds]

    def _write(self, arguments: Arguments) -> Lines:
        kind, rest = number(self._type, arguments[:1], self._family), arguments[1:]
        if kind in self._settings:
            self._save(kind, rest)
            return ()
        if kind == QUERY:
            return self._query(number(self._options[QUERY], rest, self._family))
        if kind == ERASE:
            self._erase(number(self._options[ERASE], rest, self._family))
            return ()
        if kind == STATE and not rest:
            return [f"{self._prefix}{STATE},{self.state:d}"]
        raise CommandError(self._family.wrong)

    def _save(self, kind: int, arguments: Arguments) -> None:
        setting = self._settings[kind]
        record = read(self._fields[kind], arguments, self._family)
        if not any(record):
            raise CommandError(self._family.wrong)
        if kind == PLMNS:
            record = tuple(filter(None, record))
        elif self._family.left_out is not LeftOut.CLEARED:
            kept = self._nvram.saved(setting) if self._family.left_out is LeftOut.KEPT else setting.default
            # An empty key is a key; of what may be left out, nothing is ever empty.
            asked = zip(self._fields[kind], record, kept, strict=True)
            record = tuple(before if one.optional and not value else value for one, value, before in asked)
        self._nvram.save(setting, record)

    def _query(self, kind: int) -> Lines:
        if kind not in self._settings:
            raise CommandError(self._family.wrong)
        record = self._nvram.saved(self._settings[kind])
        return [f"{self._prefix}{self._shown(kind, record)}"] if record else ()

    def _erase(self, kind: int) -> None:
        if kind != ALL and kind not in self._settings:
            raise CommandError(self._family.wrong)
        self._nvram.erase(self._settings.values() if kind == ALL else [self._settings[kind]])

    def _shown(self, kind: int, record: Record) -> str:
        values = (
            f"{value[:SHOWN]}****" if field.secret and value else value
            for field, value in zip(self._fields[kind], record, strict=False)
        )
        return ",".join([str(kind), *values])


def _default(kind: int, fields: tuple[model.Parameter, ...]) -> Record:
    """The keys are nothing until they are set, and there is no PLMN."""
    if kind == ACCESS:
        return (ENABLED,)
    return () if kind == PLMNS else tuple("" if one.default is None else str(one.default) for one in fields)
