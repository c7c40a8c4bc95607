"""What needs a memory: collected values, states asked for, numbers of sent messages. And lines of any kind."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atshell.at.reply import Final, Result, parse_information
from atshell.session.exchange import Exchange, Outcome, Unsolicited
from atshell.session.intent import Intent
from atshell_onemo.intents import read_intents

OK = Final(Result.OK, text="OK")


def test_collected_values_leave_with_the_last_line(play):
    first, second, last = play(
        'AT+MIPLNOTIFY=0,0,3200,0,5500,5,1,"0",2,1',
        'AT+MIPLNOTIFY=0,0,3200,0,5501,3,3,"-12",1,2',
        'AT+MIPLNOTIFY=0,0,3200,0,5750,1,4,"test",0,0,9',
    )
    assert [first.shares, second.shares, last.shares] == ["next", "next", ""]
    assert [first.mid, second.mid, last.mid] == [None, None, 9]
    assert first.operations == second.operations == ("Notify",)


def test_collected_values_that_nothing_sends(play):
    (intent, _) = play('AT+MIPLNOTIFY=0,0,3200,0,5500,5,1,"0",2,1', 'AT+MIPLNOTIFY=0,0,3300,0,5500,5,1,"0",0,0')
    assert intent.operations == ()


def test_collected_answers_share_the_message_id(play):
    first, last = play(
        'AT+MIPLREADRSP=0,18172,1,3200,0,5500,5,1,"0",2,1', 'AT+MIPLREADRSP=0,18172,1,3200,0,5750,1,4,"test",0,0'
    )
    assert (first.shares, first.mid, first.values) == ("next", 18172, (("/3200/0/5500", False),))
    assert (last.shares, last.mid, last.values) == ("", 18172, (("/3200/0/5750", "test"),))


@pytest.mark.parametrize("line", ["AT", "AT+CEREG?", "ATE0", "+CEREG: 1", "+CME ERROR: 50", "AT+", "x"])
def test_other_packs_lines(play, line):
    assert play(line) == []


def test_state_that_was_asked_for(play):
    """AT+MIPLOPEN? is answered with event 6, for which no message comes (3.6)."""
    *_, login, _, asked = play("AT+MIPLOPEN=0,300,30", "+MIPLEVENT: 0,6", "AT+MIPLOPEN?", "+MIPLEVENT: 0,6")
    assert (login.shares, asked.shares) == ("", "earlier")
    *_, again = play("AT+MIPLOPEN?", "AT+MIPLOPEN=0,300,30", "+MIPLEVENT: 0,6")
    assert again.shares == ""


def test_sent_reports_name_their_command(play):
    """4.10: 18173 & 127 is 125."""
    notify, sent, response, answered, failed, unknown = play(
        'AT+MIPLNOTIFY=0,0,3200,0,5750,1,4,"test",0,0',
        "+MIPLNSMI: 0,1,0",
        "AT+MIPLWRITERSP=0,18173,2",
        "+MIPLNSMI: 0,1,125",
        "+MIPLNSMI: 0,0,125",
        "+MIPLNSMI: 0,1,3",
    )
    assert (sent.kind, sent.shares, sent.values) == ("urc", "earlier", notify.values)
    assert (answered.operations, answered.part, answered.mid) == (response.operations, "response", 18173)
    assert failed.operations == unknown.operations == ()


def test_fetched_requests_are_lines_of_an_answer():
    """4.3: AT+MIPLMGR gives what waits; +MIPLNMI only says that something does."""
    lines = (parse_information("+MIPLWRITE: 0,8173,3200,0,5750,1,4,test,0"),)
    waiting, fetch, write = read_intents(
        [
            Unsolicited(1.0, parse_information("+MIPLNMI: 0"), entries=(2,)),
            Exchange("AT+MIPLMGR=0", 2.0, 2.5, lines, OK, entries=(3, 4)),
        ]
    )
    assert waiting.operations == ("Read", "Write", "Execute")
    assert (waiting.mid, waiting.sender) == (None, "server")
    assert (fetch.kind, fetch.operations) == ("at", ())
    assert (write.kind, write.time, write.mid, write.entries) == ("urc", 2.5, 8173, (3, 4))


def test_commands_of_one_line(play):
    first, second = play("AT+MIPLUPDATE=0,300,0;+MIPLCLOSE=0")
    assert (first.operations, second.operations) == (("Update",), ("De-register",))
    assert first.line == second.line
    assert first.entries == second.entries


def test_no_answer_may_still_have_been_sent():
    (intent,) = read_intents([Exchange("AT+MIPLCLOSE=0", 0, 10, outcome=Outcome.TIMEOUT)])
    assert intent.operations == ("De-register",)


HEADS = ["AT+MIPLNOTIFY=", "AT+MIPLREADRSP=", "AT+MIPLOPEN=", "+MIPLWRITE:", "+MIPLEVENT:", "+MIPOBSERVE="]
WORDS = st.sampled_from(HEADS)
REST = st.lists(st.sampled_from(["0", "-1", "0x400", "", '"', '"a', "999999999999999999", "é", "1e999", "nan", ";"]))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(WORDS, REST.map(",".join)).map("".join) | st.text(max_size=20), max_size=4))
def test_any_line_is_read(lines):
    happenings = [
        Exchange(line, 0, 1, (parse_information(line),), OK) if number % 2 else Unsolicited(0, parse_information(line))
        for number, line in enumerate(lines)
    ]
    assert all(isinstance(intent, Intent) for intent in read_intents(happenings))
