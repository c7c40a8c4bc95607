"""Names and forms."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from atshell.assist.check import Caution, check
from atshell.assist.learn import learned_manual
from atshell.assist.situation import Situation
from atshell.catalog.lookup import Catalog
from atshell.catalog.profile import Profile
from atshell.host import host


def one(line: str, profile: Profile = Profile("MN316")) -> Caution:
    (found,) = check(host().catalog, profile, line)
    return found


@pytest.mark.parametrize(
    ("line", "fix"),
    [
        ("AT+MIPLNOTFY=0", "did you mean AT+MIPLNOTIFY"),
        ("at+miplclos=0", "did you mean AT+MIPLCLOSE"),
    ],
)
def test_did_you_mean_and_nothing_else(line: str, fix: str) -> None:
    found = one(line)
    assert (found.rule, found.severity, found.fix) == ("unknown", "warning", fix)


@pytest.mark.parametrize("line", ["AT+MREBOOT", "AT+NRB", "AT+QRST=1", "AT+FOOBAR=1,2", "ATS24=1", "ATK"])
def test_what_is_like_nothing_may_be_a_maker_s_own(line: str) -> None:
    found = one(line)
    assert (found.rule, found.severity, found.fix) == ("unknown", "note", "")


def test_what_the_module_lists_is_its_own() -> None:
    listed = Situation(listed=("+MIPLNOTFY",))
    assert check(host().catalog, Profile("MN316"), "AT+MIPLNOTFY=0", listed) == []
    assert len(check(host().catalog, Profile("MN316"), "AT+MIPLNOTF=0", listed)) == 1


def test_another_model_s_command() -> None:
    found = one("AT+QSREGENABLE=1", Profile("BC25"))
    assert (found.rule, found.fix) == ("model", "it is for BC260Y-CN")
    assert check(host().catalog, Profile("MN318"), "AT+MIPLUPDATESET=0,1") == []
    assert check(host().catalog, Profile(), "AT+MIPLUPDATESET=0,1") == []


def test_a_misprint_is_read_as_what_is_meant() -> None:
    found = check(host().catalog, Profile("MN316"), "AT+MIPDELETE")
    assert [caution.rule for caution in found] == ["misspelt", "form"]


def test_firmware_that_is_not_known_breaks_no_condition() -> None:
    for firmware, rules in (("", []), ("BC28JAR01A10_ONT", []), ("BC28JAR01A10", ["firmware"])):
        found = check(host().catalog, Profile("BC28", firmware), "AT+DMPCONFIG?")
        assert [caution.rule for caution in found] == rules


@pytest.mark.parametrize(
    ("line", "fix"),
    [
        ("AT+MIPLDELETE", "it is AT+MIPLDELETE=<ref>"),
        ("AT+CSQ?", "it is AT+CSQ=? or AT+CSQ"),
        ("ATE=1", "it is ATE[<value>]"),
        ("AT+MIPLOPEN=?", "it is AT+MIPLOPEN=<ref>,<lifetime>[,<timeout>] or AT+MIPLOPEN?"),
    ],
)
def test_a_form_that_is_not_there(line: str, fix: str) -> None:
    found = one(line)
    assert (found.rule, found.fix) == ("form", fix)


def test_a_standard_has_the_forms_that_a_vendor_s_manual_leaves_out(
    made: Callable[..., Catalog], command: Callable[..., str]
) -> None:
    vendor = command("AT+X", 'forms.write = ["AT+X=<n>"]', n='type = "integer"\nrange = [0, 1]')
    standard = command(
        "AT+X", 'forms.read = ["AT+X?"]\nforms.write = ["AT+X=<n>"]', n='type = "integer"\nrange = [0, 9]'
    )
    catalog = made(vendor, standard)
    for line, rules in (("AT+X?", []), ("AT+X=1", []), ("AT+X=2", ["above"]), ("AT+X=?", ["form"])):
        assert [caution.rule for caution in check(catalog, Profile("A1"), line)] == rules


def test_what_was_learned_from_the_module_is_only_noted() -> None:
    catalog = Catalog([learned_manual({"+QX": ["+QX: (0-3),(1,2)"]})])
    assert check(catalog, Profile(), "AT+QX?") == []
    assert check(catalog, Profile(), "AT+QX=1,2") == []
    assert [caution.severity for caution in check(catalog, Profile(), "AT+QX=7")] == ["note"]
