"""Model, firmware and language: what decides which facts apply."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Profile:
    """``model`` is a catalog name ("MN316"), "" when not known: then everything applies."""

    model: str = ""
    firmware: str = ""
    language: str = "en"
