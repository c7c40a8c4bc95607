"""Suggestions as completions."""

from __future__ import annotations

from collections.abc import Sequence

from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from atshell.assist.complete import Suggestion
from atshell.repl.completer import EngineCompleter


class Engine:
    wants_data = False
    state = ""

    def complete(self, cell: str, cursor: int) -> Sequence[Suggestion]:
        return [Suggestion("+MIPLOPEN", 2, "log in", "AT+MIPLOPEN"), Suggestion("=", cursor)]


def completions(engine: Engine | None) -> list[tuple[str, int, str, str]]:
    found = EngineCompleter(lambda: engine).get_completions(Document("AT+MI"), CompleteEvent())
    return [(one.text, one.start_position, one.display_text, one.display_meta_text) for one in found]


def test_suggestions_replace_what_was_typed() -> None:
    assert completions(Engine()) == [("+MIPLOPEN", -3, "AT+MIPLOPEN", "log in"), ("=", 0, "=", "")]


def test_there_is_nothing_before_the_engine_is_there_nor_for_data() -> None:
    assert completions(None) == []
    engine = Engine()
    engine.wants_data = True
    assert completions(engine) == []
