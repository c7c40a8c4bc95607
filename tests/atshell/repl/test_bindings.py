"""Keys beyond prompt-toolkit's own, pressed into a prompt of its own."""

from __future__ import annotations

from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from prompt_toolkit.shortcuts import PromptSession

from atshell.repl.bindings import bindings


def press(keys: str, *, wants_data: bool = False) -> tuple[str, list[object]]:
    said: list[object] = []
    with create_pipe_input() as source:
        source.send_text(keys)

        def give_up() -> None:
            said.append("given up")
            session.app.exit(result="")

        def manual(text: str, cursor: int) -> None:
            said.append((text, cursor))

        session: PromptSession[str] = PromptSession(
            input=source,
            output=DummyOutput(),
            key_bindings=bindings(manual=manual, give_up=give_up, wants_data=lambda: wants_data),
        )
        return session.prompt(), said


def test_f1_asks_for_the_manual_of_what_stands_under_the_cursor() -> None:
    assert press("AT+X\x1bOP\r") == ("AT+X", [("AT+X", 4)])


def test_escape_gives_data_up_and_only_then() -> None:
    assert press("abc\x1b", wants_data=True) == ("", ["given up"])
    assert press("abc\x1b[D\r")[1] == []
