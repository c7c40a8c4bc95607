"""Values at an argument."""

from __future__ import annotations

import pytest

from atshell.assist.context import context
from atshell.assist.offers import limits, offers
from atshell.assist.situation import NOTHING, Known, Situation
from atshell.catalog.model import Text
from atshell.catalog.profile import Profile
from atshell.host import host

EN, ZH = Profile("MN316"), Profile("MN316", language="zh")


def found(line: str, situation: Situation = NOTHING, profile: Profile = EN) -> dict[str, str]:
    place = context(host().catalog, profile, line, len(line))
    return {offer.text: offer.meaning for offer in offers(place, profile, situation)}


def known(value: str, **more: object) -> Known:
    return Known(value, Text("known", "已知"), **more)


def test_values_their_meaning_and_the_default() -> None:
    assert found("AT+CFUN=")["1"] == "full · default"
    assert found("AT+CFUN=", profile=ZH)["1"].endswith("默认")


def test_later_parameters_by_earlier_ones() -> None:
    assert set(found("AT+MIPLNOTIFY=0,0,3200,0,5750,5,1,")) == {"0", "1"}
    assert list(found('AT+MIPLCFG="binding",0,')) == ["0", "1", "2"]


def test_what_the_session_knows_comes_first() -> None:
    situation = Situation(values={"type": (known("5"),), "objid": (known("3200"),)})
    types = found("AT+MIPLNOTIFY=0,0,3200,0,5750,", situation)
    assert next(iter(types.items())) == ("5", "boolean · known")
    assert list(types)[1:] == ["1", "2", "3", "4", "6"]
    assert found("AT+MIPLNOTIFY=0,0,", situation) == {"3200": "known"}


def test_known_values_only_where_they_belong() -> None:
    situation = Situation(
        values={
            "resid": (known("5750", when={"objid": "3200"}),),
            "mid": (known("7", commands=("+MIPLREADRSP",)),),
        }
    )
    assert "5750" in found("AT+MIPLNOTIFY=0,0,3200,0,", situation)
    assert "5750" not in found("AT+MIPLNOTIFY=0,0,3303,0,", situation)
    assert "7" in found("AT+MIPLREADRSP=0,", situation)
    assert "7" not in found("AT+MIPLWRITERSP=0,", situation)


def test_a_named_value_is_not_joined_by_a_stray_one() -> None:
    assert "9" not in found("AT+MIPLNOTIFY=0,0,3200,0,5750,", Situation(values={"type": (known("9"),)}))


def test_hosts_from_the_manuals_examples_in_quotes() -> None:
    hosts = found("AT+MIPLCREATEEX=")
    assert any(text.startswith('"') and text.endswith(':5683"') for text in hosts)
    assert set(hosts.values()) == {"in an example"}


@pytest.mark.parametrize(("line", "shown"), [("AT+MIPLNOTIFY=0,", "0 to 65535"), ("AT+CFUN=", ""), ("AT+NO=", "")])
def test_ranges(line: str, shown: str) -> None:
    parameter = context(host().catalog, EN, line, len(line)).parameter
    assert (limits(parameter, EN) if parameter else "") == shown
