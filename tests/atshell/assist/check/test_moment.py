"""Order, time windows, and what a command leaves behind."""

from __future__ import annotations

import pytest

from atshell.assist.check import check
from atshell.assist.situation import NOTHING, Pending, Situation
from atshell.catalog.model import Text
from atshell.catalog.profile import Profile
from atshell.host import host

READ = Pending(7, Text(en="the platform reads /3", zh="平台读取 /3"), 5.0, ("at+miplreadrsp=0,7,13",))


def rules(line: str, model: str, situation: Situation = NOTHING, now: float = 0.0) -> list[str]:
    return [one.rule for one in check(host().catalog, Profile(model), line, situation, now)]


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("AT+DMPCONFIG=0,1", True),
        ("AT+DMPCONFIG=5,4", True),
        ("AT+DMPCONFIG=4,1", False),
        ("AT+DMPCONFIG=6", False),
        ("AT+DMPCONFIG?", False),
        ("AT+DMPCONFIG=?", False),
    ],
)
def test_what_only_asks_leaves_nothing_behind(line: str, kept: bool) -> None:
    assert rules(line, "BC28") == (["nvram", "reboot"] if kept else [])


def test_only_what_acts_is_out_of_order() -> None:
    early = Situation(unready={"+MIPLOPEN": Text(en="no device yet", zh="尚未创建设备")})
    assert rules("AT+MIPLOPEN=0,300", "MN316", early) == ["order"]
    assert rules("AT+MIPLOPEN?", "MN316", early) == []
    assert rules("AT+MIPLCLOSE=0", "MN316", early) == []


@pytest.mark.parametrize(
    ("now", "found"), [(0.0, []), (3.9, []), (4.0, ["window"]), (4.9, ["window"]), (5.0, ["late"]), (9.0, ["late"])]
)
def test_the_time_for_an_answer(now: float, found: list[str]) -> None:
    assert rules("AT+MIPLREADRSP=0,7,11", "MN316", Situation(pending=(READ,)), now) == found


def test_a_request_that_nobody_knows() -> None:
    waiting = Situation(pending=(READ,))
    (found,) = check(host().catalog, Profile("MN316"), "AT+MIPLREADRSP=0,8,11", waiting, 1.0)
    assert (found.rule, found.fix) == ("not-waiting", "waiting: 7 (the platform reads /3)")
    (found,) = check(host().catalog, Profile("MN316"), "AT+MIPLREADRSP=0,8,11", waiting, 9.0)
    assert found.fix == "no request waits"
    # Nobody said that these answer it; a list of resources has no message ID.
    assert rules("AT+MIPLOBSERVERSP=0,8,1", "MN316", waiting) == []
    assert rules('AT+MIPLNOTIFY=0,8,3200,0,5750,1,1,"a",0,0', "MN316", waiting) == []
    assert rules('AT+MIPLDISCOVERRSP=0,3200,1,4,"5750"', "MN316", waiting) == []
