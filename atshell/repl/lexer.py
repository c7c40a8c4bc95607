"""Colours for the line being typed: the partial parser's tokens as prompt-toolkit styles."""

from __future__ import annotations

from collections.abc import Callable

from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.lexers import Lexer


class ATLexer(Lexer):
    def lex_document(self, document: Document) -> Callable[[int], StyleAndTextTuples]:
        lines = document.lines

        def line(number: int) -> StyleAndTextTuples:
            return styled(lines[number]) if number < len(lines) else []

        return line


def styled(text: str) -> StyleAndTextTuples:
    if not text.strip():
        return [("", text)]
    if text.lstrip().startswith("%"):
        name, blank, argument = text.partition(" ")
        return [("class:at.name", name), ("", blank + argument)]
    from atshell.at.lexer import tokens  # not before something is typed

    return [(f"class:at.{token.kind}", text[token.start : token.end]) for token in tokens(text)]
