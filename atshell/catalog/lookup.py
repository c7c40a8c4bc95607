"""The catalog: every manual that is installed, asked by command, model and error code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from atshell.catalog.model import Command, Manual, Model, Text
from atshell.catalog.profile import Profile


@dataclass(frozen=True, slots=True)
class Entry:
    """A command with the manual it stands in."""

    manual: Manual
    command: Command

    @property
    def models(self) -> list[str]:
        """Every model it applies to; empty for a standard command."""
        raise NotImplementedError

    def applies_to(self, profile: Profile) -> bool:
        raise NotImplementedError


class Catalog:
    def __init__(self, manuals: Iterable[Manual]) -> None:
        raise NotImplementedError

    @property
    def manuals(self) -> Sequence[Manual]:
        raise NotImplementedError

    def models(self) -> list[Model]:
        raise NotImplementedError

    def model(self, name: str) -> Model:
        """The model of that name or variant, in any case. Raises AtshellError with the nearest names."""
        raise NotImplementedError

    def entries(self, profile: Profile = Profile()) -> list[Entry]:
        """Everything that applies, commands and URCs, vendor manuals before standards."""
        raise NotImplementedError

    def find(self, name: str, profile: Profile = Profile()) -> Entry | None:
        """The command or URC of exactly that name (``+MIPLOPEN`` finds ``AT+MIPLOPEN``) or of a misspelling that
        a manual prints; a vendor's manual wins over a standard."""
        raise NotImplementedError

    def urc(self, prefix: str, profile: Profile = Profile()) -> Entry | None:
        """What is known of a line that begins with ``prefix``: the URC, in any spelling that a manual prints."""
        raise NotImplementedError

    def lookup(self, text: str, profile: Profile = Profile()) -> list[Entry]:
        """What a person means by ``text``: any case, with or without AT and +, misspelled. Best first, maybe empty."""
        raise NotImplementedError

    def near(self, text: str, profile: Profile = Profile(), *, limit: int = 3) -> list[str]:
        """Names like ``text``, for "did you mean"."""
        raise NotImplementedError

    def error(self, code: str, profile: Profile = Profile()) -> tuple[Manual, Text] | None:
        """What an error code means for this model."""
        raise NotImplementedError
