"""What is told at each point of a session."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from atshell.assist.situation import Situation
from atshell.catalog.profile import Profile
from atshell.host import host
from atshell_onemo.advice import advise
from atshell_onemo.emulator.state import TABLE

MN316 = Profile("MN316")


def _dialogues() -> ModuleType:
    """The dialogues of the test beside this one."""
    spec = importlib.util.spec_from_file_location("situations", Path(__file__).with_name("test_situation.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


at = _dialogues()


def situation(*dialogue: str) -> Situation:
    return advise(at.facts(*dialogue), MN316)


@pytest.mark.parametrize(
    ("dialogue", "command", "reason"),
    [
        ([], "+MIPLNOTIFY", "no device was created"),
        (at.CREATED, "+MIPLCREATEEX", "there is a device"),
        (at.OBJECTS, "+MIPLNOTIFY", "AT+MIPLOPEN first"),
        (at.OPENED, "+MIPLNOTIFY", "still logging in"),
        (at.ONLINE[:-1], "+MIPLNOTIFY", "wait for +MIPLOBSERVE"),
        (at.ONLINE, "+MIPLUPDATESET", "only before the login"),
        (at.ONLINE, "+MIPLDISCOVERRSP", "only before the login"),
        (at.ONLINE, "+MIPLOPEN", "logged in already"),
        (at.ONLINE, "+MIPLREADRSP", "no read waits"),
    ],
)
def test_what_cannot_succeed_now(dialogue: list[str], command: str, reason: str) -> None:
    told = situation(*dialogue).unready[command]
    assert reason in told.en
    assert not told.zh.isascii()


def test_what_can_succeed_has_no_reason_against_it() -> None:
    assert "+MIPLNOTIFY" not in situation(*at.ONLINE).unready
    assert "+MIPLREADRSP" not in situation(*at.ONLINE, "+MIPLREAD: 0,7,3200,0,5750").unready
    assert all(name in TABLE for name in situation().unready)


def test_what_usually_comes_next() -> None:
    first = [situation(*dialogue).usual[0] for dialogue in ([], at.CREATED, at.OBJECTS, at.ONLINE)]
    assert first == ["+MIPLCREATEEX", "+MIPLADDOBJ", "+MIPLOPEN", "+MIPLNOTIFY"]
    assert situation(*at.ONLINE, "+MIPLEXECUTE: 0,8,3200,0,5750").usual[0] == "+MIPLEXECUTERSP"


def test_the_state_and_its_end() -> None:
    online = situation(*at.ONLINE)
    assert (online.state.en, online.state.zh) == ("registered", "已注册")
    assert online.until == len(at.OPENED) + 1 + 300
    assert situation().state is None
    assert situation(*at.OPENED).until is None


def test_a_read_has_its_answer_with_the_last_value_or_a_gap() -> None:
    read = "+MIPLREAD: 0,7,3200,0,5750"
    (pending,) = situation(*at.ONLINE, read).pending
    assert (pending.mid, pending.deadline) == (7, len(at.ONLINE) + 5)
    assert pending.summary.en == "the platform reads /3200/0/5750"
    assert pending.answers == ('AT+MIPLREADRSP=0,7,1,3200,0,5750,1,0,"\0",0,0', "AT+MIPLREADRSP=0,7,13")
    sent = '> AT+MIPLNOTIFY=0,0,3200,0,5750,1,4,"abcd",0,0'
    (known,) = situation(*at.ONLINE, sent, "OK", read).pending
    assert known.answers[0] == 'AT+MIPLREADRSP=0,7,1,3200,0,5750,1,4,"abcd",0,0'


def test_a_read_of_an_instance_is_answered_resource_by_resource() -> None:
    read = [*at.ONLINE, "+MIPLREAD: 0,7,3200,0,-1"]
    (first,) = situation(*read).pending
    assert first.answers[0] == 'AT+MIPLREADRSP=0,7,1,3200,0,5750,1,0,"\0",1,1'
    (second,) = situation(*read, '> AT+MIPLREADRSP=0,7,1,3200,0,5750,1,2,"ab",1,1', "OK").pending
    assert second.answers[0] == "AT+MIPLREADRSP=0,7,1,3200,0,5500,5,0,\0,0,0"


def test_values_by_the_parameters_before_them() -> None:
    values = situation(*at.ONLINE).values
    assert [(one.value, one.meaning.en) for one in values["objid"]] == [("3200", "Digital Input")]
    assert [(one.value, dict(one.when)) for one in values["resid"]] == [
        ("5750", {"objid": "3200"}),
        ("5500", {"objid": "3200"}),
    ]
    assert any(one.value == '"nbiotbt.heclouds.com:5683"' for one in values["host"])
    assert [one.value for one in situation().values.get("ref", ())] == []


def test_the_pack_speaks_for_its_models_alone() -> None:
    assert host().situation([], MN316).unready
    assert host().situation([], Profile("BC28")).unready == {}
