from __future__ import annotations

from atshell_onemo.emulator.state import OK, TABLE, State, refusal


def test_every_command_has_a_say_in_every_state():
    assert all(len(row) == len(State) for row in TABLE.values())
    assert {code for row in TABLE.values() for code in row} == {OK, 602, 651, 653}


def test_only_creating_is_allowed_without_a_device():
    allowed = [name for name in TABLE if refusal(name, State.NONE) == OK]
    assert allowed == ["+MIPLCREATE", "+MIPLCREATEEX"]
