"""Colours of the line being typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prompt_toolkit.document import Document

from atshell.repl.lexer import ATLexer, styled
from atshell.repl.look import LOOK, style


@pytest.mark.parametrize("text", ["", "  ", "%decode 00 ff", 'AT+X=1,"a', "# note"])
def test_nothing_of_the_text_is_lost(text: str) -> None:
    assert "".join(part[1] for part in styled(text)) == text


def test_parts_have_their_styles() -> None:
    styles = {part[1]: part[0] for part in styled('AT+X=1,"a"')}
    assert styles["+X"] == "class:at.name"
    assert styles['"a"'] == "class:at.string"
    assert all(name.removeprefix("class:") in LOOK or name in ("", "class:at.space") for name in styles.values())
    assert style().get_attrs_for_style_str("class:at.string").color == "ansigreen"


@given(st.text())
def test_any_line_is_styled(text: str) -> None:
    lines = ATLexer().lex_document(Document(text))
    for number, line in enumerate(Document(text).lines):
        assert "".join(part[1] for part in lines(number)) == line
    assert lines(10_000) == []
