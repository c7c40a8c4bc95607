"""What a session has come to, told as the dialogue that led there."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from atshell.at.reply import parse_final, parse_information
from atshell.session.exchange import Exchange, Happening, Unsolicited
from atshell_onemo.emulator.state import State
from atshell_onemo.situation import Facts, Request, Sent, read_facts

CREATED = ['> AT+MIPLCREATEEX="nbiotbt.heclouds.com:5683",1', "+MIPLCREATEEX: 0", "OK"]
OBJECTS = [*CREATED, '> AT+MIPLADDOBJ=0,3200,2,"10",0,1', "OK", '> AT+MIPLDISCOVERRSP=0,3200,1,9,"5750;5500"', "OK"]
OPENED = [*OBJECTS, "> AT+MIPLOPEN=0,300,30", "OK"]
ONLINE = [*OPENED, "+MIPLEVENT: 0,2", "+MIPLEVENT: 0,6", "+MIPLOBSERVE: 0,12,1,3200,0,-1"]


def happenings(dialogue: list[str]) -> list[Happening]:
    """A second passes with each line."""
    found: list[Happening] = []
    sent: tuple[str, float] | None = None
    lines: list[str] = []
    for now, text in enumerate(map(str, dialogue)):
        if text.startswith("> "):
            sent, lines = (text[2:], float(now)), []
        elif sent is None:
            found.append(Unsolicited(float(now), parse_information(text)))
        elif (final := parse_final(text)) is not None:
            found.append(Exchange(*sent, float(now), tuple(map(parse_information, lines)), final))
            sent = None
        else:
            lines.append(text)
    return found


def facts(*dialogue: str) -> Facts:
    return read_facts(happenings(list(dialogue)))


def test_a_login_from_its_beginning() -> None:
    assert facts().state is State.NONE
    assert facts(*CREATED).state is State.CREATED
    assert facts(*CREATED).ref == 0
    opening = facts(*OPENED)
    assert opening.state is State.OPENING
    assert (opening.objects[3200].instances, opening.objects[3200].resources) == ([0], [5750, 5500])
    online = facts(*ONLINE)
    assert (online.state, online.lifetime, online.since) == (State.ONLINE, 300, len(OPENED) + 1)
    assert list(online.observed) == [(3200, 0, -1)]


def test_its_end() -> None:
    assert facts(*OPENED, "+MIPLEVENT: 0,7").state is State.CREATED
    closing = [*ONLINE, "> AT+MIPLCLOSE=0", "OK"]
    assert facts(*closing).state is State.CLOSING
    closed = facts(*closing, "+MIPLEVENT: 0,15")
    assert (closed.state, closed.observed) == (State.CREATED, {})
    assert facts(*ONLINE, "> AT+MIPLDELETE=0", "OK").state is State.NONE
    assert facts(*ONLINE, "> AT+CFUN=1,1", "OK").objects == {}
    assert facts(*ONLINE, "> AT+MREBOOT", "ERROR").state is State.ONLINE


def test_an_update_begins_the_lifetime_anew() -> None:
    asked = [*ONLINE, "> AT+MIPLUPDATE=0,600,0", "OK"]
    assert facts(*asked).lifetime == 300
    updated = facts(*asked, "+MIPLEVENT: 0,11")
    assert (updated.lifetime, updated.since) == (600, len(asked))
    left = facts(*ONLINE, "> AT+MIPLLTRDP", "+MIPLLTRDP: 77", "OK")
    assert left.lifetime == 77


def test_asking_for_the_state_does_not_begin_it_anew() -> None:
    before = facts(*ONLINE).since
    assert facts(*ONLINE, "> AT+MIPLOPEN?", "OK", "+MIPLEVENT: 0,6").since == before


def test_a_session_that_begins_in_the_middle() -> None:
    assert facts("+MIPLREAD: 0,7,3200,0,5750").state is State.ONLINE
    assert facts('> AT+MIPLADDOBJ=0,3303,1,"1",0,0', "OK").ref == 0


def test_requests_wait_until_they_are_answered() -> None:
    asked = [*ONLINE, "+MIPLREAD: 0,7,3200,0,5750", "+MIPLEXECUTE: 0,8,3200,0,5750", "+MIPLREAD: 0,9,3,0,-1"]
    waiting = facts(*asked).requests
    assert waiting == {
        7: Request("READ", 0, (3200, 0, 5750), float(len(ONLINE))),
        8: Request("EXECUTE", 0, (3200, 0, 5750), float(len(ONLINE) + 1)),
    }
    assert list(facts(*asked, '> AT+MIPLREADRSP=0,7,1,3200,0,5750,1,2,"ab",0,0', "OK").requests) == [8]
    assert list(facts(*asked, "> AT+MIPLEXECUTERSP=0,8,2", "OK").requests) == [7]
    assert list(facts(*asked, "> AT+MIPLEXECUTERSP=0,8,2", "+CIS ERROR: 653").requests) == [7]
    fetched = facts(*ONLINE, "> AT+MIPLMGR=0", "+MIPLREAD: 0,7,3200,0,5750", "OK")
    assert list(fetched.requests) == [7]


def test_values_that_are_collected_leave_the_request_waiting() -> None:
    collected = facts(
        *ONLINE, "+MIPLREAD: 0,7,3200,0,-1", '> AT+MIPLREADRSP=0,7,1,3200,0,5750,1,2,"ab",1,1', "OK"
    ).requests[7]
    assert collected.collected == {(3200, 0, 5750)}


def test_the_last_value_of_a_resource_whoever_wrote_it() -> None:
    sent = [*ONLINE, '> AT+MIPLNOTIFY=0,0,3200,0,5750,1,9,"abcd",0,0', "OK"]
    assert facts(*sent).values == {(3200, 0, 5750): Sent("1", "4", '"abcd"')}
    assert facts(*sent, "+MIPLWRITE: 0,9,3200,0,5750,1,3,xyz,0").values[3200, 0, 5750] == Sent("1", "3", '"xyz"')


def test_writes_that_the_module_answers_do_not_wait() -> None:
    ctwing = [*CREATED, '> AT+MIPLCFG="platform",0,1', "OK"]
    assert facts(*ctwing, "+MIPLWRITE: 0,9,19,1,0,2,2,AB,0").requests == {}


def test_what_grew_is_read_on_and_what_is_new_from_the_beginning() -> None:
    whole = happenings(ONLINE)
    growing = whole[:2]
    first = read_facts(growing)
    growing += whole[2:]
    assert read_facts(growing) is first
    assert first.state is State.ONLINE
    assert read_facts(happenings(CREATED)) is not first


PIECES = [*ONLINE, "> AT+MIPLREADRSP=0,7", "> AT+MIPLNOTIFY=,,,,,,,,", "+MIPLWRITE: ", "+MIPLOBSERVE: 0,1", "ERROR",
          "+MIPLREAD: 0,99999999999999999999,-5,x", '> AT+MIPLDISCOVERRSP=0,3200,1,1,";;٣;99999"', "> A/"]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=30))
@settings(max_examples=150, deadline=None)
def test_no_dialogue_makes_it_fail(dialogue: list[str]) -> None:
    found = facts(*dialogue)
    assert found.state in State
