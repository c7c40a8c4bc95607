"""The catalog: every manual that is installed, asked by command, model and error code.

A name is looked up by its key: upper case, without AT, cut where a value would begin (``at+miplopen=0`` has the key
``+MIPLOPEN``). The spellings that a manual's errata print lead to the right name. What is handed out is narrowed to
the profile: values, parameters and notes that its model does not have are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

from atshell.catalog.model import NUMBERED, Command, ErrorCode, Manual, Model, Parameter
from atshell.catalog.narrow import narrowed, with_variants
from atshell.catalog.nearest import nearest
from atshell.catalog.notation import Notation
from atshell.catalog.profile import Profile, holds, names_model
from atshell.catalog.topics import Page, pages
from atshell.errors import AtshellError

_Kind = Literal["command", "urc"]
_NUMBERED = re.compile(NUMBERED)


@dataclass(frozen=True, slots=True)
class Entry:
    """A command with the manual it stands in."""

    manual: Manual
    command: Command

    @property
    def models(self) -> list[str]:
        """Every model it applies to; empty for a standard command."""
        return list(self.command.models) or [model.model for model in self.manual.models]

    def applies_to(self, profile: Profile) -> bool:
        models = self.models
        return not models or names_model(profile, with_variants(self.manual, models))

    def narrowed(self, profile: Profile) -> Entry:
        """This entry without what the profile's model does not have; ``models`` stays whole."""
        if not profile.model:
            return self
        return Entry(self.manual, narrowed(self.manual, self.command, profile))

    def parameter(self, name: str, values: Mapping[str, str] = {}) -> Parameter | None:
        """The parameter of that name; of several variants, the one that fits the values of the others, by name.

        ``parameter2`` is, where the manual's notation says no more, the second one of the variant that fits.
        """
        named = (parameter for parameter in self.command.parameters if parameter.name == name)
        found = next((parameter for parameter in named if holds(parameter.when, values)), None)
        return found or self._numbered(name, values)

    def placed(self, notation: Notation, arguments: Sequence[str]) -> list[Parameter | None]:
        """The parameter that each argument of a line is for, by one of this command's notations."""
        values: dict[str, str] = {}
        found: list[Parameter | None] = []
        for index, argument in enumerate(arguments):
            slot = notation.slot(index)
            parameter = None if slot is None or slot.literal else self.parameter(slot.name, values)
            if parameter is not None:
                values.setdefault(parameter.name, argument)
            found.append(parameter)
        return found

    def _numbered(self, name: str, values: Mapping[str, str]) -> Parameter | None:
        number = _NUMBERED.fullmatch(name)
        if number is None:
            return None
        fitting: list[Parameter] = []
        for one in self.command.parameters:
            given = bool(one.when) and one.when.keys() <= values.keys()
            if one.place == "request" and given and holds(one.when, values):
                # The same parameter as another model has it takes the same place.
                if one.models and fitting and fitting[-1].models and fitting[-1].name == one.name:
                    continue
                fitting.append(one)
        index = int(number[1]) - 1
        return fitting[index] if index < len(fitting) else None


class Catalog:
    def __init__(self, manuals: Iterable[Manual]) -> None:
        # Vendors first: the sort is stable.
        self._manuals = tuple(sorted(manuals, key=lambda manual: not manual.models))
        self._models = _merged(model for manual in self._manuals for model in manual.models)
        self._model_keys = {
            _folded(name): model for model in reversed(self._models) for name in (*model.variants, model.model)
        }
        self._all = [Entry(manual, command) for manual in self._manuals for command in manual.commands]
        self._views: dict[str, _View] = {}

    @property
    def manuals(self) -> Sequence[Manual]:
        """Vendor manuals before standards."""
        return self._manuals

    def models(self) -> list[Model]:
        """Every model once, with what all manuals say of it."""
        return list(self._models)

    def model(self, name: str) -> Model:
        """The model of that name or variant, in any case, with or without blanks and hyphens. Raises AtshellError
        with the nearest names."""
        found = self._model_keys.get(_folded(name))
        if found is not None:
            return found
        names = [model.model for model in self._models]
        near = nearest(name.strip().upper(), names, limit=3)
        hint = f"did you mean {_either(near)}?" if near else "atshell models lists them all"
        raise AtshellError(f"there is no model {name!r}", hint)

    def entries(self, profile: Profile = Profile()) -> list[Entry]:
        """Everything that applies, commands and URCs, vendor manuals before standards."""
        return list(self._view(profile).entries)

    def find(self, name: str, profile: Profile = Profile()) -> Entry | None:
        """The command or URC of exactly that name (``+MIPLOPEN`` finds ``AT+MIPLOPEN``) or of a misspelling that
        a manual prints; a vendor's manual wins over a standard, a command over the URC of the same name."""
        view = self._view(profile)
        for key in _keys(name):
            found = view.get("command", key) or view.get("urc", key)
            if found:
                return found[0]
        return None

    def urc(self, prefix: str, profile: Profile = Profile()) -> Entry | None:
        """What is known of a line that begins with ``prefix``: the URC, in any spelling that a manual prints."""
        found = self._view(profile).get("urc", _cut(prefix))
        return found[0] if found else None

    def named(self, text: str, profile: Profile = Profile()) -> list[Entry]:
        """Every manual's entry of that name, in any case, with or without AT and +, or in a manual's misspelling.

        AT asks for the command, a bare + for the URC where there are both, neither for both.
        """
        view = self._view(profile)
        asked = text.strip().upper()
        for key in _keys(asked):
            commands, urcs = view.get("command", key), view.get("urc", key)
            if asked.startswith("AT") and commands:
                return list(commands)
            if asked.startswith("+") and urcs:
                return list(urcs)
            if commands or urcs:
                return [*commands, *urcs]
        return []

    def lookup(self, text: str, profile: Profile = Profile()) -> list[Entry]:
        """What a person means by ``text``: any case, with or without AT and +, misspelled. Best first, maybe empty."""
        found = self.named(text, profile)
        return found or [entry for name in self.near(text, profile) for entry in self.named(name, profile)]

    def near(self, text: str, profile: Profile = Profile(), *, limit: int = 3) -> list[str]:
        """Names like ``text``, for "did you mean"."""
        bare = {_bare(name): name for name in reversed(self._view(profile).names)}
        asked = [_bare(key) for key in _keys(text)]
        found = [name for key in asked if key for name in nearest(key, list(bare), limit=limit)]
        return list(dict.fromkeys(bare[name] for name in found))[:limit]

    def topics(self, name: str, profile: Profile = Profile()) -> list[Page]:
        """The pages of a topic in every manual that has it and applies; for a model, its vendor's before a standard's,
        which are left out then. The name is taken in any case."""
        wanted = name.strip().casefold().replace(" ", "-").replace("_", "-")
        found = (page for manual in self._manuals for page in pages(manual) if page.topic.topic == wanted)
        applying = [page.narrowed(profile) for page in found if page.applies_to(profile)]
        return [page for page in applying if page.models or not profile.model] or applying

    def topic_names(self) -> list[str]:
        return list(dict.fromkeys(page.topic.topic for manual in self._manuals for page in pages(manual)))

    def error(self, code: str, profile: Profile = Profile(), *, result: str = "") -> tuple[Manual, ErrorCode] | None:
        """What an error code means for this model, in the final result that carried it (``+CMS ERROR``) if known."""
        found = self.errors(code, profile)
        return next((one for one in found if one[0].errors_result == result), next(iter(found), None))

    def errors(self, code: str, profile: Profile = Profile()) -> list[tuple[Manual, ErrorCode]]:
        """What an error code means in each manual that has it and applies, a vendor's before a standard's."""
        number = code.strip()
        number = str(int(number)) if number.isascii() and number.isdigit() and len(number) < 9 else number
        return [
            (manual, manual.errors[number])
            for manual in self._manuals
            if number in manual.errors and _has_model(manual, profile)
        ]

    def _view(self, profile: Profile) -> _View:
        """Kept for each model; there are few, and only those that the catalog knows are kept."""
        key = profile.model.casefold()
        view = self._views.get(key)
        if view is None:
            view = _View([entry.narrowed(profile) for entry in self._all if entry.applies_to(profile)])
            if not key or _folded(key) in self._model_keys:
                self._views[key] = view
        return view


class _View:
    """The entries of one model, by kind and key."""

    def __init__(self, entries: list[Entry]) -> None:
        self.entries = entries
        self.names = [entry.command.command for entry in entries]
        self._by_key: dict[tuple[_Kind, str], list[Entry]] = {}
        for entry in entries:
            self._add(entry, entry.command.command)
        # Second, so that a misspelling never hides a name.
        for entry in entries:
            for erratum in entry.command.errata:
                for spelling in erratum.spellings:
                    self._add(entry, spelling)

    def _add(self, entry: Entry, name: str) -> None:
        key = _key(name)
        for written in {key, key.removeprefix("+")}:
            known = self._by_key.setdefault((entry.command.kind, written), [])
            if not any(one is entry for one in known):
                known.append(entry)

    def get(self, kind: _Kind, key: str) -> Sequence[Entry]:
        return self._by_key.get((kind, key), ())


def _cut(text: str) -> str:
    """The name that ``text`` begins with, upper case: a form's sign, an answer's colon and all behind go."""
    text = text.strip().upper()
    ends = [at for at in map(text.find, "=?: <[") if at > 0]
    return text[: min(ends, default=len(text))]


def _key(name: str) -> str:
    """``AT+MIPLOPEN`` and ``+MIPLOPEN`` to ``+MIPLOPEN``, ``ATE`` to ``E``, ``AT`` to the empty name."""
    return _cut(name).removeprefix("AT")


def _keys(text: str) -> Iterator[str]:
    """What ``text`` may mean, most literal first: as it stands, without AT, without the number of ``ATE0``."""
    cut = _cut(text)
    yield cut
    key = cut.removeprefix("AT")
    if key != cut:
        yield key
    basic = key.rstrip("0123456789")
    if basic != key and 0 < len(basic) <= 2:
        yield basic


def _bare(name: str) -> str:
    return _key(name).removeprefix("+")


def _has_model(manual: Manual, profile: Profile) -> bool:
    return not manual.models or names_model(profile, with_variants(manual, [model.model for model in manual.models]))


def _merged(models: Iterable[Model]) -> list[Model]:
    """Models that several manuals name become one."""
    merged: dict[str, Model] = {}
    for model in models:
        known = merged.get(model.model)
        merged[model.model] = (
            model
            if known is None
            else msgspec.structs.replace(
                known,
                variants=list(dict.fromkeys([*known.variants, *model.variants])),
                operators=list(dict.fromkeys([*known.operators, *model.operators])),
                firmware=known.firmware or model.firmware,
                notes=[*known.notes, *(note for note in model.notes if note not in known.notes)],
            )
        )
    return list(merged.values())


def _folded(name: str) -> str:
    """``BC95 R2.0``, ``bc95-r2.0`` and ``BC95R2.0`` are one."""
    return re.sub(r"[\s_-]", "", name.casefold())


def _either(names: Sequence[str]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
