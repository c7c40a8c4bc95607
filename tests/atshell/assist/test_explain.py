"""What lines mean, in both languages."""

from __future__ import annotations

import pytest

from atshell.assist.explain import explain_final, explain_information, explain_success, signature
from atshell.at.reply import Final, Result, parse_information
from atshell.catalog.profile import Profile
from atshell.host import host

EN = Profile("MN316")
ZH = Profile("MN316", language="zh")


def test_the_signature_marks_the_parameter_under_the_cursor() -> None:
    line = "AT+MIPLNOTIFY=0,0,3200,0,5750,"
    shown = signature(host().catalog, EN, line, len(line))
    assert shown is not None
    assert shown.span is not None
    assert shown.notation[slice(*shown.span)].strip("[],") == "<type>"
    assert shown.parameter.startswith("<type> integer · ")
    assert shown.parameter.endswith("1 to 6 · §3.9")
    back = signature(host().catalog, EN, line, line.index("3200") + 2)
    assert back is not None
    assert back.parameter.startswith("<objid>")


def test_the_signature_speaks_chinese() -> None:
    shown = signature(host().catalog, ZH, "AT+CFUN=", 8)
    assert shown is not None
    assert "整型" in shown.parameter
    assert "可选" in shown.parameter


def test_no_signature_before_the_name_is_whole() -> None:
    assert signature(host().catalog, EN, "AT+MIPLNO", 9) is None
    assert signature(host().catalog, EN, "", 0) is None
    whole = signature(host().catalog, EN, "AT+MIPLOPEN", 11)
    assert whole is not None
    assert (whole.span, whole.parameter) == (None, "")
    assert whole.summary


@pytest.mark.parametrize(
    ("line", "meaning"),
    [
        ("+MIPLEVENT: 0,6", "logged in"),
        ("+MIPLEVENT:0,26,147", "the platform has"),
        ("+MIPLREAD: 0,39124,3200,0,5750", "the platform reads"),
    ],
)
def test_urcs_by_their_values(line: str, meaning: str) -> None:
    assert meaning in explain_information(host().catalog, EN, parse_information(line))


def test_a_special_value_alone_does_not_hide_what_happens() -> None:
    line = parse_information("+MIPLREAD: 0,39124,3,0,-1")
    assert explain_information(host().catalog, EN, line).startswith("the platform reads, ")


def test_answers_by_the_notation_of_the_answer() -> None:
    answer = explain_information(host().catalog, EN, parse_information("+CEREG: 0,1"), answer=True)
    assert "stat: registered" in answer
    urc = explain_information(host().catalog, EN, parse_information("+CEREG: 1"))
    assert urc.startswith("registered")


@pytest.mark.parametrize(
    "line", ["", "868681040124", "+NOBODY: 1", "+MIPLEVENT", "+MIPLEVENT: ", "+MIPLEVENT: 0,999,,,,"]
)
def test_what_nobody_knows_has_few_or_no_words(line: str) -> None:
    assert "6" not in explain_information(host().catalog, EN, parse_information(line))


def test_error_codes_name_the_manual() -> None:
    final = Final(Result.CIS, "602", "+CIS ERROR: 602")
    english = explain_final(host().catalog, EN, final)
    assert english.startswith("not logged in")
    assert english.endswith("§6)")
    assert not explain_final(host().catalog, ZH, final).isascii()


@pytest.mark.parametrize(
    "final", [Final(Result.OK, "", "OK"), Final(Result.ERROR, "", "ERROR"), Final(Result.CME, "9x", "")]
)
def test_what_needs_no_explanation_has_none(final: Final) -> None:
    assert explain_final(host().catalog, EN, final) == ""


def test_what_an_ok_leaves_open() -> None:
    assert "+MIPLEVENT" in explain_success(host().catalog, EN, "AT+MIPLOPEN=0,300,30")
    assert "上报" in explain_success(host().catalog, ZH, "AT+MIPLOPEN=0,300,30")
    assert explain_success(host().catalog, EN, "AT+CSQ") == ""
    assert explain_success(host().catalog, EN, "nonsense") == ""
