"""The page on writing a plugin: what it shows works."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from atshell import hooks
from atshell.assist.complete import complete
from atshell.catalog.load import load_manual
from atshell.catalog.lookup import Catalog
from atshell.catalog.profile import Profile


def test_the_smallest_manual_on_the_page_completes_values(tmp_path: Path) -> None:
    page = hooks.__doc__ or ""
    example = page[page.index("    # acme-x1.toml") : page.index("``atshell.catalog.model``")]
    file = tmp_path / "acme-x1.toml"
    file.write_text(dedent(example), encoding="utf-8")
    catalog = Catalog([load_manual(file)])
    line = "AT+LIGHT="
    offered = complete(catalog, Profile("X1"), line, len(line))
    assert [(one.text, one.meaning) for one in offered][:2] == [("0", "off"), ("1", "on")]


def test_every_hook_says_what_it_is_for() -> None:
    specs = [getattr(hooks, name) for name in dir(hooks) if name.startswith("atshell_")]
    assert len(specs) >= 7
    assert all(spec.__doc__ for spec in specs)
