"""Errors as results: what happened and what to do."""

from __future__ import annotations

from atshell.errors import AtshellError
from atshell.shell.failure import failure


def test_what_a_user_can_mend_is_said_in_one_line() -> None:
    shown = failure(AtshellError("the port is taken", "close the other program"))
    assert (shown.text, shown.stream) == ("the port is taken: close the other program", "error")
    assert shown.data == {"error": "the port is taken", "hint": "close the other program"}
    assert failure(AtshellError("no")).text == "no"


def test_a_fault_says_where_it_is() -> None:
    try:
        {}["x"]
    except KeyError as error:
        shown = failure(error)
    assert "KeyError: 'x' (test_failure.py, line " in shown.text
