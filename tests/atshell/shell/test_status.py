"""The words at the toolbar's right end."""

from __future__ import annotations

import pytest

from atshell.assist.situation import NOTHING, Pending, Situation
from atshell.catalog.model import Text
from atshell.catalog.profile import Profile
from atshell.shell.status import clock, counts_down, status

EN, ZH = Profile("MN316"), Profile("MN316", language="zh")
REGISTERED = Situation(Text("registered", "已注册"), until=300.0)
ASKED = Situation(
    Text("registered", "已注册"), 300.0, pending=(Pending(7, Text("the platform reads /3", "平台读取 /3"), 105.0),)
)


@pytest.mark.parametrize(
    ("situation", "profile", "now", "words"),
    [
        (NOTHING, EN, 0.0, ""),
        (REGISTERED, EN, 139.0, "MN316 registered 2:41 left"),
        (REGISTERED, ZH, 139.0, "MN316 已注册 剩余 2:41"),
        (REGISTERED, EN, 301.0, "MN316 registered · lifetime over"),
        (Situation(Text("logging in", "正在登录")), EN, 1.0, "MN316 logging in"),
        (Situation(reboot_needed=True), EN, 1.0, "a reboot is needed"),
        (ASKED, EN, 100.5, "5 s left · the platform reads /3"),
        (ASKED, ZH, 100.5, "剩余 5 秒 · 平台读取 /3"),
        (ASKED, EN, 105.5, "MN316 registered 3:14 left"),
    ],
)
def test_what_matters_now(situation: Situation, profile: Profile, now: float, words: str) -> None:
    assert status(situation, profile, now) == words


def test_only_what_changes_counts_down() -> None:
    assert not counts_down(NOTHING, 0.0)
    assert counts_down(REGISTERED, 299.0)
    assert not counts_down(REGISTERED, 302.0)
    assert counts_down(Situation(pending=ASKED.pending), 104.0)
    assert not counts_down(Situation(Text("logging in", "正在登录")), 0.0)


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "0:00"), (161.9, "2:41"), (3725, "1:02:05"), (86400 * 3 + 4 * 3600, "3 d 4 h")]
)
def test_clock(seconds: float, shown: str) -> None:
    assert clock(seconds) == shown
