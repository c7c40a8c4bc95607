"""Suggestions of the engine as prompt-toolkit completions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

if TYPE_CHECKING:
    from atshell.repl.source import Source


class EngineCompleter(Completer):
    """Asks the engine once it is there; until then there is nothing to suggest."""

    def __init__(self, engine: Callable[[], Source | None]) -> None:
        self._engine = engine

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        engine = self._engine()
        if engine is None or engine.wants_data:
            return
        cursor = document.cursor_position
        for suggestion in engine.complete(document.text, cursor):
            yield Completion(
                suggestion.text,
                start_position=suggestion.start - cursor,
                display=suggestion.label or suggestion.text,
                display_meta=suggestion.meaning,
            )
