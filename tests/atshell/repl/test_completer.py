"""Suggestions as completions."""

from __future__ import annotations

from collections.abc import Sequence

from prompt_toolkit.auto_suggest import DummyAutoSuggest
from prompt_toolkit.buffer import Buffer, CompletionState
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from atshell.assist.complete import Suggestion
from atshell.repl.completer import AnswerSuggest, EngineCompleter, place_cursor

READY = 'AT+R="",0,0'


class Engine:
    wants_data = False
    state = ""
    counts_down = False

    def ready_answer(self, typed: str) -> Suggestion | None:
        return Suggestion(READY, 0, "the platform reads", back=5) if READY.startswith(typed) else None

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


def test_a_ready_answer_stands_grey_behind_what_is_typed() -> None:
    suggest = AnswerSuggest(lambda: Engine(), DummyAutoSuggest())
    for typed in ("", "AT+"):
        buffer = Buffer()
        buffer.text = typed
        suggestion = suggest.get_suggestion(buffer, buffer.document)
        assert suggestion is not None
        assert typed + suggestion.text == READY
    assert suggest.answer("AT+C") is None
    assert AnswerSuggest(lambda: None, DummyAutoSuggest()).answer("") is None


def test_the_cursor_goes_to_the_gap_and_the_menu_stays() -> None:
    class Reading(Engine):
        def complete(self, cell: str, cursor: int) -> Sequence[Suggestion]:
            return [Suggestion(READY, 0, back=5), Suggestion("AT", 0)]

    buffer = Buffer()
    buffer.text = "A"
    buffer.cursor_position = 1
    found = list(EngineCompleter(lambda: Reading()).get_completions(buffer.document, CompleteEvent()))
    buffer.complete_state = CompletionState(buffer.document, found)
    place_cursor(buffer)
    assert buffer.cursor_position == 1
    buffer.go_to_completion(0)
    place_cursor(buffer)
    assert (buffer.document.text_before_cursor, buffer.document.text_after_cursor) == ('AT+R="', '",0,0')
    buffer.go_to_completion(1)
    place_cursor(buffer)
    assert (buffer.text, buffer.cursor_position) == ("AT", 2)
