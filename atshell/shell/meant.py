"""What a person who mistyped may have meant."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from atshell.shell.cell import HELPING, LEAVING
from atshell.shell.magics import MAGICS

if TYPE_CHECKING:
    from atshell.catalog.lookup import Catalog
    from atshell.catalog.profile import Profile


def magic_meant(name: str) -> str:
    """What to do about ``%name``, which is no magic."""
    close = get_close_matches(name, MAGICS, n=1)
    return f"did you mean %{close[0]}" if close else "%help lists what is"


def line_meant(catalog: Catalog, profile: Profile, text: str) -> str:
    """What to do about a line that is no command."""
    close = get_close_matches(text.lower(), [*LEAVING, *HELPING, *MAGICS], n=1, cutoff=0.75)
    if close:
        return f"did you mean {close[0] if close[0] in (*LEAVING, *HELPING) else f'%{close[0]}'}"
    word = next(iter(text.replace("=", " ").replace("?", " ").split()), "")
    known = catalog.lookup(word, profile) if len(word) > 1 else []
    names = [known[0].command.command] if known else []
    if word and not names:
        names = catalog.near(word, profile)
    return f"did you mean {' or '.join(names)}" if names else "%help tells what can be typed"
