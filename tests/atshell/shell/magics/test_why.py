"""``%why``"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from atshell.assist.situation import NOTHING, Situation
from atshell.at.reply import parse_final
from atshell.catalog.model import Text
from atshell.catalog.profile import Profile
from atshell.host import host
from atshell.session.exchange import Exchange, Outcome
from atshell.shell.checking import Checker, Failure
from atshell.shell.magics.why import explained


def failure(line: str, profile: Profile, final: str, situation: Situation = NOTHING, shown: str = "") -> Failure:
    checker = Checker(host().catalog)
    checker.warnings(line, profile, situation)
    outcome = Outcome.DONE if final else Outcome.TIMEOUT
    checker.ended(Exchange(shown or line, 0.0, 1.0, (), parse_final(final), outcome))
    assert checker.failure is not None
    return checker.failure


def rows(line: str, profile: Profile, final: str, situation: Situation = NOTHING, shown: str = "") -> Sequence[str]:
    found = failure(line, profile, final, situation, shown)
    return explained(host().catalog, profile, found).text.splitlines()


def test_what_was_wrong_why_and_what_to_do() -> None:
    line = "AT+DMPCONFIG=1,117.161.2.7,5683,200"
    assert rows(line, Profile("BC28"), "+CME ERROR: 50") == [
        line,
        " " * 32 + "^^^",
        "wrong   <updatePeriod> 200 is below 300 (300 to 4294966 s, §2.1)",
        "do      give 300 to 4294966 s",
        *[row for row in rows(line, Profile("BC28"), "+CME ERROR: 50") if row.startswith("answer")],
        "do      AT+DMPCONFIG? shows what is set now",
        "manual  %help AT+DMPCONFIG",
    ]
    assert "ncorrect parameters" in rows(line, Profile("BC28"), "+CME ERROR: 50")[4]
    chinese = rows(line, Profile("BC28", language="zh"), "ERROR")
    assert chinese[2] == "问题    <updatePeriod> 200 小于 300（300 至 4294966 s，§2.1）"
    assert chinese[3] == "处理    取值 300 至 4294966 s"
    assert "处理    AT+CMEE=1 可让模组给出错误码" in chinese


def test_a_line_that_the_manual_has_nothing_against() -> None:
    shown = rows('AT+MIPLDISCOVERRSP=0,3200,1,4,"5750"', Profile("MN316"), "+CIS ERROR: 651")
    assert shown[1] == "wrong   the manual has nothing against this line"
    assert shown[2].startswith("answer  +CIS ERROR: 651  operation not allowed")
    assert any("before logging in" in row and row.startswith("manual") for row in shown)


def test_order_comes_first() -> None:
    early = Situation(unready={"+MIPLNOTIFY": Text(en="not logged in", zh="尚未登录")})
    line = 'AT+MIPLNOTIFY=0,0,3200,0,5750,1,5,"abcd",0,0'
    shown = rows(line, Profile("MN316"), "+CIS ERROR: 602", early)
    assert shown[1] == "  " + "^" * len("+MIPLNOTIFY") + " " * 19 + "^"
    assert shown[2] == "wrong   AT+MIPLNOTIFY cannot succeed now: not logged in (§3.9)"
    assert shown[3].startswith("wrong   <len>")


def test_marks_stand_below_wide_characters() -> None:
    line = 'AT+MIPLCREATEEX="温",9'
    assert rows(line, Profile("MN316"), "ERROR")[1] == " " * 16 + "^^^^ ^"


def test_a_masked_line_has_no_marks() -> None:
    line = 'AT+DMPCONFIG=2,"a","topsecret",1,1'
    shown = rows(line, Profile("BC28"), "ERROR", shown='AT+DMPCONFIG=2,"a","tops****",1,1')
    assert "topsecret" not in "\n".join(shown)
    assert shown[1].startswith("wrong")


@pytest.mark.parametrize(
    ("language", "label"), [("en", "answer  the module did not answer"), ("zh", "应答    模组没有应答")]
)
def test_no_answer_at_all(language: str, label: str) -> None:
    assert any(row.startswith(label) for row in rows("AT+CSQ", Profile("MN316", language=language), ""))


def test_a_command_that_no_manual_has() -> None:
    assert rows("AT+FOOBAR=1", Profile("MN316"), "ERROR") == [
        "AT+FOOBAR=1",
        "wrong   no manual here has this command",
        "answer  ERROR",
    ]


def test_in_the_shell(talk, collect) -> None:
    async def body(shell, module):
        (nothing,) = await collect(shell, "%why")
        await collect(shell, "AT+CGATT=7\nAT+CSQ")
        (why,) = await collect(shell, "%why")
        return nothing, why

    nothing, why = talk(body, {"AT+CGATT=7": "\r\n+CME ERROR: 50\r\n"})
    assert (nothing.stream, nothing.text) == ("note", "no command has failed yet")
    assert why.text.splitlines()[:2] == ["AT+CGATT=7", "         ^"]
    assert why.data["cautions"][0]["rule"] == "above"
    assert why.data["answer"] == "+CME ERROR: 50"
