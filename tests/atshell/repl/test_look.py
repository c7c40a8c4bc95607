"""Styles: the terminal's own colours only, so that every theme stays readable."""

from __future__ import annotations

from atshell.repl.look import LOOK, style


def test_every_style_is_understood_and_names_no_fixed_colour() -> None:
    assert not any("#" in look for look in LOOK.values())
    for name in LOOK:
        assert style().get_attrs_for_style_str(f"class:{name}") is not None
