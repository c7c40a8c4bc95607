"""What could stand at the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from atshell.catalog.lookup import Catalog
from atshell.catalog.profile import Profile


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Replace ``line[start:cursor]`` by ``text``."""

    text: str
    start: int
    meaning: str = ""
    """One short phrase in the profile's language."""
    label: str = ""
    """What the menu shows, when it is not ``text``."""


def complete(catalog: Catalog, profile: Profile, line: str, cursor: int) -> Sequence[Suggestion]:
    """Best first. Never fails on any prefix of any line."""
    raise NotImplementedError
