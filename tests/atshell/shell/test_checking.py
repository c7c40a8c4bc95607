"""What the shell says before a line, what it holds back, what it remembers."""

from __future__ import annotations

from atshell.assist.situation import NOTHING, Situation
from atshell.at.reply import parse_final
from atshell.catalog.model import Text
from atshell.catalog.profile import Profile
from atshell.host import host
from atshell.session.exchange import Exchange
from atshell.shell.checking import Checker
from atshell.shell.result import Result

MN316, BC28 = Profile("MN316"), Profile("BC28")
CHINESE = Profile("MN316", language="zh")
WRONG, RIGHT = "AT+CGATT=7", "AT+CGATT=1"
EARLY = Situation(unready={"+MIPLOPEN": Text(en="no device yet", zh="尚未创建设备")})


def checker(*, strict: bool = False) -> Checker:
    made = Checker(host().catalog)
    made.strict = strict
    return made


def told(results: list[Result]) -> list[tuple[str, str]]:
    return [(result.stream, result.text) for result in results]


def exchange(line: str, final: str) -> Exchange:
    return Exchange(line, 0.0, 1.0, (), parse_final(final))


def test_warnings_as_they_stand_before_the_answer() -> None:
    one = checker()
    (result,) = one.warnings('AT+MIPLNOTIFY=0,0,3200,0,5750,1,5,"abcd",0,0', MN316, width=100)
    assert result.stream == "warning"
    assert result.text == " ! <len> is 5, the value has 4 characters (the module works it out itself, §3.9)"
    assert isinstance(result.data, list)
    assert (result.data[0]["rule"], result.data[0]["start"]) == ("length", 32)
    assert told(one.warnings(WRONG, CHINESE)) == [("warning", " ! <state> 7 大于 1（0 至 1，§10.1.9）")]
    assert one.warnings(RIGHT, MN316) == []


def test_what_to_do_stands_beside_what_does_not_say_it() -> None:
    (result,) = checker().warnings("AT+MIPLNOTFY=0", MN316)
    assert result.text == " ! no manual here has AT+MIPLNOTFY    did you mean AT+MIPLNOTIFY"


def test_several_warnings_are_one_result() -> None:
    (result,) = checker().warnings("AT+CGATT=7;+CMEE=8", MN316)
    assert [line[:3] for line in result.text.splitlines()] == [" ! ", " ! "]


def test_notes_are_said_once() -> None:
    one = checker()
    line = "AT+DMPCONFIG=0,1"
    note = " · AT+DMPCONFIG writes to NVRAM (§2.1) · AT+DMPCONFIG acts after a reboot (§2.1)"
    assert told(one.warnings(line, BC28)) == [("note", note)]
    assert one.warnings(line, BC28) == []
    assert one.warnings("AT+DMPCONFIG=5,0", BC28) == []
    assert told(checker().warnings(line, BC28)) == [("note", note)]


def test_a_note_waits_for_a_line_that_may_be_taken() -> None:
    one = checker()
    assert [stream for stream, _ in told(one.warnings("AT+DMPCONFIG=0,9", BC28))] == ["warning"]
    assert [stream for stream, _ in told(one.warnings("AT+DMPCONFIG=0,1", BC28))] == ["note"]


def test_nothing_is_held_unless_strict() -> None:
    one = checker()
    assert one.hold(WRONG, MN316) == []
    one.strict = True
    assert one.hold(RIGHT, MN316) == []
    assert one.hold("%why\n\n# AT+CGATT=7\nhello", MN316) == []
    assert one.hold("AT+DMPCONFIG=0,1", BC28) == []  # notes are no reason to ask


def test_strict_asks_and_enter_sends() -> None:
    one = checker(strict=True)
    warning, question = told(one.hold(WRONG, MN316))
    assert warning == ("warning", " ! <state> 7 is above 1 (0 to 1, §10.1.9)")
    assert question[0] == "note"
    assert "press Enter" in question[1]
    cell = one.released("  ")
    assert cell == WRONG
    assert one.hold(cell, MN316) == []
    assert one.warnings(cell, MN316) == []  # the question has shown them
    assert one.released("") == ""
    assert told(one.hold(WRONG, MN316)) == [warning, question]


def test_the_same_again_sends_too() -> None:
    one = checker(strict=True)
    cell = f"{RIGHT}\n{WRONG}\n"
    assert len(one.hold(cell, MN316)) == 2
    assert one.hold(cell.strip(), MN316) == []
    assert [one.warnings(line, MN316) for line in cell.split()] == [[], []]


def test_anything_else_drops_it() -> None:
    one = checker(strict=True)
    assert one.hold(WRONG, MN316)
    assert one.released("AT") == "AT"
    assert one.hold("AT", MN316) == []
    assert one.released("") == ""
    assert one.hold(WRONG, MN316)
    assert one.hold("AT+CMEE=9", MN316)
    assert one.released("") == "AT+CMEE=9"


def test_strict_speaks_the_profile_s_language() -> None:
    _, question = checker(strict=True).hold(WRONG, CHINESE)
    assert question.text.startswith("未发送")


def test_only_the_first_line_is_judged_by_what_the_session_knows() -> None:
    one = checker(strict=True)
    assert one.hold("AT+MIPLCREATE\nAT+MIPLOPEN=0,300", MN316, EARLY) == []
    assert len(one.hold("AT+MIPLOPEN=0,300", MN316, EARLY)) == 2
    assert one.hold("AT+MIPLOPEN=0,300\n#", MN316, NOTHING) == []


def test_only_failures_are_remembered() -> None:
    one = checker()
    one.warnings(RIGHT, MN316)
    one.ended(exchange(RIGHT, "OK"))
    assert one.failure is None
    one.warnings(WRONG, MN316)
    one.ended(exchange(WRONG, "+CME ERROR: 50"))
    one.warnings("AT", MN316)
    one.ended(exchange("AT", "OK"))
    failure = one.failure
    assert failure is not None
    assert failure.line == WRONG
    assert [caution.rule for caution in failure.cautions] == ["above"]
