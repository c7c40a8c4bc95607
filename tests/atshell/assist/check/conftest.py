"""Catalogs of a few made-up commands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from atshell.catalog.load import load_manual
from atshell.catalog.lookup import Catalog
from atshell.catalog.model import Manual

Made = Callable[..., Catalog]
VENDOR = """
id = "acme"
title = { en = "Acme", zh = "Acme" }
vendor = "Acme"
models = [{ model = "A1", family = "A", vendor = "Acme" }, { model = "A2", family = "A", vendor = "Acme" }]
"""
STANDARD = """
id = "standard"
title = { en = "Standard", zh = "标准" }
vendor = "nobody"
"""


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A catalog of manuals, each given by its commands in TOML: a vendor's first, then a standard."""

    def make(*commands: str) -> Catalog:
        folder: Path = tmp_path_factory.mktemp("manuals")
        manuals: list[Manual] = []
        for head, text in zip((VENDOR, STANDARD), commands, strict=False):
            path = folder / f"{len(manuals)}.toml"
            path.write_text(head + text, encoding="utf-8")
            manuals.append(load_manual(path))
        return Catalog(manuals)

    return make


SUMMARY = 'summary = { en = "x", zh = "x" }'


def command(name: str, forms: str, **parameters: str) -> str:
    """One command in TOML; each parameter by the facts about it. A number at the end of a name is left out."""
    parts = [f'[[commands]]\ncommand = "{name}"\nsection = "1"\n{SUMMARY}\n{forms}']
    for parameter, facts in parameters.items():
        parts.append(f'[[commands.parameters]]\nname = "{parameter.rstrip("0123456789")}"\n{SUMMARY}\n{facts}')
    return "\n".join(parts) + "\n"


@pytest.fixture(scope="session", name="command")
def command_fixture() -> Callable[..., str]:
    return command
