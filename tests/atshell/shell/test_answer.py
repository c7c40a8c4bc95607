"""Exchanges and URCs as results."""

from __future__ import annotations

import pytest

from atshell.at.reply import parse_final, parse_information
from atshell.catalog.profile import Profile
from atshell.host import host
from atshell.session.exchange import Exchange, Garbage, Outcome, Unsolicited
from atshell.shell.answer import answer, meaning_of, unasked

EN = Profile("MN316")
ZH = Profile("MN316", language="zh")


def exchange(line: str, final: str | None, outcome: Outcome = Outcome.DONE, *lines: str) -> Exchange:
    said = tuple(parse_information(one) for one in lines)
    return Exchange(line, 1.0, 1.25, said, parse_final(final) if final else None, outcome)


def shown(spoken: Exchange, profile: Profile = EN) -> str:
    return answer(host().catalog, profile, spoken, width=80).text


def test_an_answer_with_its_meaning_and_the_time_it_took() -> None:
    first, last = shown(exchange("AT+CFUN?", "OK", Outcome.DONE, "+CFUN: 4")).splitlines()
    assert first.startswith("+CFUN: 4            ")
    assert "radio off" in first
    assert last == f"OK{'250 ms':>78}"


@pytest.mark.parametrize(
    ("outcome", "english", "chinese"),
    [(Outcome.TIMEOUT, "no answer", "没有应答"), (Outcome.LOST, "the link is lost", "连接已断开")],
)
def test_no_answer_says_what_to_do(outcome: Outcome, english: str, chinese: str) -> None:
    assert shown(exchange("AT", None, outcome)).startswith(english)
    assert shown(exchange("AT", None, outcome), ZH).startswith(chinese)
    assert answer(host().catalog, EN, exchange("AT", None, outcome), width=80).stream == "error"


def test_urcs_with_what_a_pack_reads_from_them() -> None:
    read = Unsolicited(3.0, parse_information("+MIPLREAD: 0,39124,3200,0,5750"))
    assert "/3200/0/5750" in meaning_of(host(), EN, read)
    assert "/3200/0/5750" in meaning_of(host(), ZH, read)
    assert not meaning_of(host(), ZH, read).isascii()
    result = unasked(read, "the platform reads", after=0.5, width=80)
    assert result.stream == "urc"
    assert result.text.endswith("+0.50 s")
    assert result.data["values"][1] == "39124"


def test_late_lines_and_garbage_say_what_they_are() -> None:
    late = Unsolicited(3.0, parse_information("+CSQ: 1,2"), late=True)
    assert "late answer" in unasked(late, "", after=None, width=80).text
    garbage = unasked(Garbage(3.0, "\x1b[2J" + "x" * 5000), "", after=1.0, width=80)
    assert garbage.stream == "warning"
    assert "\x1b" not in garbage.text
    assert len(garbage.text) < 400
