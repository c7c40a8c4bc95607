"""Dialogues with a module, read into intents."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from atshell.at.reply import Final, Result, parse_information
from atshell.session.exchange import Exchange, Unsolicited
from atshell.session.intent import Intent
from atshell_onemo.intents import read_intents

OK = Final(Result.OK, text="OK")
REFUSED = Final(Result.CIS, "602", "+CIS ERROR: 602")


@pytest.fixture
def play() -> Callable[..., list[Intent]]:
    """Intents of a dialogue: commands, URCs, ``!`` before a command that is refused; one a second."""

    def play(*lines: str) -> list[Intent]:
        happenings = []
        for number, line in enumerate(lines):
            entries = (number + 2,)
            if line.lstrip("!").upper().startswith("AT"):
                final = REFUSED if line.startswith("!") else OK
                happenings.append(Exchange(line.lstrip("!"), number, number + 0.1, (), final, entries=entries))
            else:
                happenings.append(Unsolicited(number, parse_information(line), entries=entries))
        return read_intents(happenings)

    return play
