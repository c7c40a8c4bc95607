"""Any line, field by field."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atshell.assist.line import MAX_COMMANDS, Account, cleaned, explain_line
from atshell.catalog.profile import Profile
from atshell.host import host

EN, ZH = Profile("MN316"), Profile("MN316", language="zh")


def one(line: str, profile: Profile = EN) -> Account:
    (account,) = explain_line(host().catalog, profile, line)
    return account


def fields(line: str) -> dict[str, str]:
    return {field.name: f"{field.value} {field.meaning}" for field in one(line).fields}


def test_a_urc() -> None:
    told = one("+MIPLEVENT: 0,26,147")
    assert told.source.endswith("§3.20")
    assert [(field.name, field.value) for field in told.fields] == [
        ("<ref>", "0"),
        ("<evtid>", "26"),
        ("<ackid>", "147"),
    ]
    assert "the platform has" in told.fields[1].meaning
    assert not one("+MIPLEVENT: 0,26,147", ZH).fields[1].meaning.isascii()


def test_a_urc_and_an_answer_of_the_same_name_are_told_apart_by_their_values() -> None:
    assert list(fields("+CEREG: 0,1")) == ["<n>", "<stat>"]
    assert one("+CEREG: 0,1").summary.startswith("answer of AT+CEREG")
    assert list(fields('+CEREG: 1,"1A2B","0012ABCD",9')) == ["<stat>", "<tac>", "<ci>", "<AcT>"]
    assert list(fields("+CEREG: 5")) == ["<stat>"]


def test_errors_of_this_model() -> None:
    told = one("+CIS ERROR: 602")
    assert (told.name, told.fields[0].value) == ("+CIS ERROR", "602")
    assert "not logged in" in told.fields[0].meaning
    assert "OneMO" in told.source
    assert "AT+CMEE=1" in one("ERROR").summary
    assert one("602").name == "error 602"
    assert one("+CME ERROR: 99999").fields == ()


def test_a_command_with_what_it_leaves_out_and_what_follows() -> None:
    told = one("AT+MIPLOPEN=0,300")
    assert fields("AT+MIPLOPEN=0,300")["<lifetime>"].startswith("300 s ")
    assert "<timeout> is not given: 30 by default" in told.remarks
    assert "+MIPLEVENT follows" in told.remarks
    assert "<lifetime> is missing" in one("AT+MIPLOPEN=0").remarks


def test_several_commands_and_what_nobody_has() -> None:
    assert [account.name for account in explain_line(host().catalog, EN, "AT+CSQ;+CFUN=1")] == ["AT+CSQ", "AT+CFUN"]
    assert "did you mean AT+MIPLNOTIFY" in one("AT+MIPNOTFY=1").summary
    assert explain_line(host().catalog, EN, "hello") == []


def test_values_that_are_not_as_the_manual_has_them_are_marked() -> None:
    wrong = {field.name for field in one('AT+MIPLNOTIFY=0,70000,3200,0,5750,9,4,"abcd",0,0').fields if field.wrong}
    assert wrong == {"<mid>", "<type>"}
    assert one("AT+MIPLCLOSE=0,1").fields[1].wrong


def test_secrets_are_masked() -> None:
    told = one('AT+MIPLCREATEEX="a.example:5683",1,"code12345"')
    assert [field.value for field in told.fields] == ['"a.example:5683"', "1", "code****"]


@pytest.mark.parametrize(
    "line",
    ["+CSQ: 23,99", " +CSQ: 23,99\r", "[12:00:01.123]收←+CSQ: 23,99", "12:01 RX> +CSQ: 23,99", "<< +CSQ: 23,99"],
)
def test_what_a_log_puts_around_it_is_no_part_of_it(line: str) -> None:
    assert fields(line)["<rssi>"].startswith("23 ")


def test_a_line_of_a_thousand_commands() -> None:
    assert len(explain_line(host().catalog, EN, "AT+CSQ" + ";+CSQ" * 1000)) == MAX_COMMANDS


def test_a_line_in_a_value_is_no_line() -> None:
    assert cleaned('AT+X="+CSQ: 1"') == 'AT+X="+CSQ: 1"'


@given(st.text(max_size=40) | st.text('+AT:=,"?();CEREGMIPL0 19', max_size=40))
@settings(max_examples=200, deadline=None)
def test_no_line_makes_it_fail(line: str) -> None:
    for account in explain_line(host().catalog, EN, line):
        assert account.name
