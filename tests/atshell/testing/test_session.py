from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Mapping, Sequence

import pytest

from atshell.emulator.device import Handler
from atshell.testing import Emulator, Session

LOGIN = """
    > AT+MIPLCREATEEX="nbiotbt.heclouds.com:5683",1,"cmiot"
    < +MIPLCREATEEX: 0
    < OK
    > AT+MIPLADDOBJ=0,3200,1,"1",0,1
    < OK
    > AT+MIPLDISCOVERRSP=0,3200,1,4,"5750"
    < OK
    > AT+MIPLOPEN=0,3000,30
    < OK
    < +MIPLEVENT: 0,2
    < +MIPLEVENT: 0,6
    < +MIPLOBSERVE: 0,{observe},1,3200,0,-1
    < +MIPLDISCOVER: 0,{discover},3200
    < +MIPLREAD: 0,{device},3,0,-1
"""


class Never:
    """A command whose answer does not come."""

    @property
    def handlers(self) -> Mapping[str, Handler]:
        return {"+LONG": lambda command: asyncio.get_running_loop().create_future()}

    async def operate(self, words: Sequence[str]) -> dict[str, object] | None:
        return None

    def reboot(self) -> None: ...

    async def close(self) -> None: ...


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator("MN316") as emulator:
        yield emulator


@pytest.fixture
def session(emulator: Emulator) -> Session:
    return emulator.session()


def test_replies(session: Session) -> None:
    reply = session.send("AT+CGSN")
    assert (reply.ok, reply.lines, reply.result) == (True, ("869975030000461",), "OK")
    assert reply.text == "869975030000461\nOK"
    assert repr(reply) == "<AT+CGSN -> 869975030000461 / OK>"
    wrong = session.send("AT+NOSUCH")
    assert (wrong.ok, wrong.lines, wrong.result) == (False, (), "ERROR")


def test_the_manual_s_login_as_a_dialogue(session: Session) -> None:
    known = session.dialogue(LOGIN)
    assert int(known["observe"]) < int(known["discover"]) < int(known["device"])


def test_a_dialogue_shows_where_it_went_another_way(session: Session) -> None:
    with pytest.raises(AssertionError) as failure:
        session.dialogue("> ATE0\n< OK\n> AT+CFUN?\n< +CFUN: 4\n< OK\n> AT\n< OK")
    assert str(failure.value).splitlines() == [
        "the dialogue went another way (- meant, + was):",
        "  > ATE0",
        "  < OK",
        "  > AT+CFUN?",
        "- < +CFUN: 4",
        "?          ^",
        "+ < +CFUN: 1",
        "?          ^",
        "  < OK",
    ]


@pytest.mark.parametrize(
    ("script", "difference"),
    [
        ("> AT\n< OK\n< OK", "- < OK"),
        ("> AT\n> AT\n< OK", "+ < OK"),
        ("> AT\n< OK\n> AT+CFUN?\n< +CFUN: 1", "+ < OK"),
    ],
)
def test_a_dialogue_is_whole(session: Session, script: str, difference: str) -> None:
    with pytest.raises(AssertionError) as failure:
        session.dialogue(script)
    assert difference in str(failure.value).splitlines()


def test_a_step_that_is_none(session: Session) -> None:
    with pytest.raises(ValueError, match="begins with >, < or ~"):
        session.dialogue("AT\nOK")


def test_expecting_passes_time_and_takes_what_fits(session: Session, emulator: Emulator) -> None:
    session.dialogue(LOGIN)
    for _ in range(3):
        assert session.send("AT+MIPLUPDATE=0,3000,0").ok
    assert session.expect(re.compile(r"\+MIPLEVENT: 0,(11|12)")).values == ("0", "11")
    assert session.expect("+MIPLEVENT:0,11").text == "+MIPLEVENT: 0,11"
    assert session.expect("+miplevent").name == "+MIPLEVENT"
    assert emulator.now == 0
    emulator.network(False)
    assert session.send("AT+MIPLOPEN?").ok  # it is on line still, as far as it knows
    with pytest.raises(AssertionError):
        session.expect("+MIPLEVENT: 0,7", timeout=50)
    assert emulator.now == 50


def test_what_is_missed_is_told_with_what_came(session: Session) -> None:
    session.send("ATE0")
    session.send('AT+MIPLCREATEEX="192.0.2.99",0')
    session.send("AT+MIPLOPEN=0,300,30")
    with pytest.raises(AssertionError) as failure:
        session.expect("+MIPLEVENT: 0,6", timeout=60)
    text = str(failure.value)
    assert text.startswith(
        "within 60 s the module did not say '+MIPLEVENT: 0,6'\nnearest to it was:\n- +MIPLEVENT: 0,6\n"
    )
    assert "+ +MIPLEVENT: 0,7\n" in text
    assert "     0.000 > AT+MIPLOPEN=0,300,30\n     0.000 < OK\n    30.000 < +MIPLEVENT: 0,7" in text


def test_expecting_nothing(session: Session, emulator: Emulator) -> None:
    session.expect_nothing(86400)
    assert emulator.now == 86400
    session.send("AT+MREBOOT")
    with pytest.raises(AssertionError, match="unasked"):
        session.expect_nothing(60)
    assert emulator.now < 86460
    assert session.unread


def test_the_microcontroller_answers_by_itself(session: Session, emulator: Emulator) -> None:
    session.dialogue(LOGIN)
    session.on("+MIPLREAD", 'AT+MIPLREADRSP=0,{1},1,{2},{3},5750,1,4,"abcd",0,0')
    session.on("+MIPLWRITE", lambda urc: f"AT+MIPLWRITERSP=0,{urc.values[1]},2")
    assert emulator.platform.read("/3200/0/5750").value == "abcd"
    assert emulator.platform.write("/3200/0/5750", "on").code == "2.04"
    assert session.unread == ()
    assert emulator.now == 0


def test_an_answer_that_takes_its_time_is_waited_for_in_device_time(emulator: Emulator, session: Session) -> None:
    emulator._device.attach(Never())
    reply = session.send("AT+LONG", timeout=75)
    assert (reply.ok, reply.result, emulator.now) == (False, "", 75)
    assert repr(reply) == "<AT+LONG -> nothing in 75 s>"
