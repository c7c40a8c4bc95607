"""Keys beyond prompt-toolkit's own."""

from __future__ import annotations

from collections.abc import Callable

from prompt_toolkit.application import get_app
from prompt_toolkit.filters import Condition
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

from atshell.repl.completer import ReadySuggestion


def bindings(
    *, manual: Callable[[str, int], None], give_up: Callable[[], None], wants_data: Callable[[], bool]
) -> KeyBindings:
    """``manual`` shows the page on what stands at a cursor, ``give_up`` leaves a data prompt."""
    keys = KeyBindings()
    menu_open = Condition(lambda: get_app().current_buffer.complete_state is not None)

    @keys.add("f1")
    def _(event: KeyPressEvent) -> None:
        manual(event.current_buffer.text, event.current_buffer.cursor_position)

    @keys.add("escape", filter=Condition(wants_data), eager=True)
    def _(event: KeyPressEvent) -> None:
        give_up()

    @keys.add("escape", filter=menu_open & ~Condition(wants_data), eager=False)
    def _(event: KeyPressEvent) -> None:
        event.current_buffer.cancel_completion()

    ready = Condition(lambda: isinstance(get_app().current_buffer.suggestion, ReadySuggestion))

    @keys.add("right", filter=suggestion_available & ready)
    @keys.add("c-f", filter=suggestion_available & ready)
    @keys.add("c-e", filter=suggestion_available & ready)
    @keys.add("end", filter=suggestion_available & ready)
    def _(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        suggestion = buffer.suggestion
        if isinstance(suggestion, ReadySuggestion):
            buffer.insert_text(suggestion.text)
            buffer.cursor_position -= suggestion.back

    return keys


@Condition
def suggestion_available() -> bool:
    """There is grey text behind the cursor, which stands at the end."""
    buffer = get_app().current_buffer
    return buffer.suggestion is not None and bool(buffer.suggestion.text) and buffer.document.is_cursor_at_the_end
