"""Results on the terminal."""

from __future__ import annotations

from io import StringIO

from atshell.repl.screen import Screen


def test_colours_are_there_only_when_wanted_and_hostile_text_never_steers() -> None:
    plain, coloured = StringIO(), StringIO()
    Screen(color=False, output=plain).show([("error", "no\x1b[2J"), ("", "\nx")])
    Screen(color=True, output=coloured).show([("error", "no")])
    assert plain.getvalue() == "no\\x1b[2J\nx\n"
    assert coloured.getvalue() == "\x1b[31mno\x1b[0m\n"


def test_flushing_nothing_writes_nothing() -> None:
    output = StringIO()
    Screen(color=False, output=output).flush()
    assert output.getvalue() == ""
