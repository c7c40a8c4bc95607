"""Suggestions of the engine as prompt-toolkit completions, and ready answers as the grey text behind the cursor."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from prompt_toolkit.auto_suggest import AutoSuggest, Suggestion
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

if TYPE_CHECKING:
    from atshell.repl.source import Source


class Ready(Completion):
    """A completion after which typing goes on before its end: between the quotes of a value."""

    back = 0


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
            completion = Ready(
                suggestion.text,
                start_position=suggestion.start - cursor,
                display=suggestion.label or suggestion.text,
                display_meta=suggestion.meaning,
                style="class:hint" if suggestion.hint else "",
                selected_style="class:hint" if suggestion.hint else "",
            )
            completion.back = suggestion.back
            yield completion


def place_cursor(buffer: Buffer) -> None:
    """After a key: where the menu has just put a completion to be filled in, the cursor goes to its gap. The menu stays
    open, so that the next key can choose another."""
    state = buffer.complete_state
    chosen = state.current_completion if state is not None else None
    if isinstance(chosen, Ready) and chosen.back and buffer.document.is_cursor_at_the_end:
        buffer.cursor_position -= chosen.back
        buffer.complete_state = state


class ReadySuggestion(Suggestion):
    """The rest of a ready answer."""

    back = 0


class AnswerSuggest(AutoSuggest):
    """A request that waits for an answer comes before what was typed once."""

    def __init__(self, engine: Callable[[], Source | None], otherwise: AutoSuggest) -> None:
        self._engine = engine
        self._otherwise = otherwise

    def get_suggestion(self, buffer: Buffer, document: Document) -> Suggestion | None:
        return self.answer(document.text) or self._otherwise.get_suggestion(buffer, document)

    def answer(self, typed: str) -> ReadySuggestion | None:
        engine = self._engine()
        if engine is None or engine.wants_data or typed != typed.lstrip():
            return None
        ready = engine.ready_answer(typed)
        if ready is None or not ready.text.startswith(typed):
            return None
        suggestion = ReadySuggestion(ready.text[len(typed) :])
        suggestion.back = ready.back
        return suggestion
