"""TOML manuals to records, with errors that name file and key, and a cache that loads in milliseconds."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from atshell.catalog.model import Manual
from atshell.errors import AtshellError


class CatalogError(AtshellError):
    """A manual's file is wrong: the text names the file and the key."""


def load_manual(path: Path) -> Manual:
    """Read one TOML manual. Raises CatalogError."""
    raise NotImplementedError


def load_manuals(paths: Iterable[Path], *, cache: Path | None = None) -> list[Manual]:
    """Read manuals, through ``cache`` (a folder) when given: JSON keyed by the sources' content."""
    raise NotImplementedError
