"""What a line means: the signature under the cursor, URCs and answers, error codes."""

from __future__ import annotations

from dataclasses import dataclass

from atshell.at.reply import Final, Information
from atshell.catalog.lookup import Catalog
from atshell.catalog.profile import Profile


@dataclass(frozen=True, slots=True)
class Signature:
    """For the toolbar."""

    notation: str
    """The form that is being typed, as the manual writes it."""
    span: tuple[int, int] | None
    """Where in ``notation`` the current parameter stands."""
    parameter: str
    """``<type> integer · data type of the resource · 1 to 6 · §3.9``; "" when the cursor is in none."""
    summary: str
    """The command's one-line description."""


def signature(catalog: Catalog, profile: Profile, line: str, cursor: int) -> Signature | None:
    raise NotImplementedError


def explain_information(catalog: Catalog, profile: Profile, information: Information) -> str:
    """A few words on a URC or answer line: ``logged in to the platform``; "" when nothing is known."""
    raise NotImplementedError


def explain_final(catalog: Catalog, profile: Profile, final: Final) -> str:
    """What an error code means and which manual says so; "" for a success."""
    raise NotImplementedError
