"""What can stand behind a magic."""

from __future__ import annotations

from pathlib import Path

import pytest

from atshell.assist.situation import NOTHING, Known, Situation
from atshell.catalog.model import Text
from atshell.catalog.profile import Profile
from atshell.host import host
from atshell.shell.arguments import MAX_FILES, arguments, files

EN = Profile("MN316")
NAME = Text("a name", "名称")
SITUATION = Situation(
    values={
        "objid": (Known("3200", NAME),),
        "insid": (Known("0", NAME, {"objid": "3200"}),),
        "resid": (Known("5750", NAME, {"objid": "3200"}),),
    }
)


def texts(magic: str, typed: str, situation: Situation = NOTHING) -> list[str]:
    return [typed[: one.start] + one.text for one in arguments(magic, typed, host().catalog, EN, situation)]


@pytest.mark.parametrize(
    ("magic", "typed", "wanted"),
    [
        ("help", "miplno", "at+miplnotify"),
        ("help", "+MIPLEV", "+MIPLEVENT:"),
        ("explain", "AT+CFUN=", "AT+CFUN=1"),
        ("explain", "+CERE", "+CEREG:"),
        ("wait", "", "+MIPLEVENT:"),
        ("wait", "+MIPLEVENT: 0,", "+MIPLEVENT: 0,6"),
        ("platform", "re", "read"),
        ("platform", "network ", "network lost"),
        ("strict", "o", "on"),
        ("fault", "lo", "lose"),
        ("fault", "o", "off"),
        ("fault", "lose ", "lose up"),
        ("fault", "lose up 30% a", "lose up 30% after"),
        ("fault", "platform 4.04 up", "platform 4.04 update"),
        ("fault", "urc drop +MIPLEV", "urc drop +MIPLEVENT"),
        ("fault", "reboot AT+MIPLOP", "reboot AT+MIPLOPEN"),
    ],
)
def test_arguments(magic: str, typed: str, wanted: str) -> None:
    assert wanted in texts(magic, typed)


def test_paths_of_what_was_registered() -> None:
    assert texts("platform", "read /3", SITUATION) == ["read /3200", "read /3200/0", "read /3200/0/5750"]
    assert texts("platform", "write /3200/0/5750 a", SITUATION) == []
    assert texts("platform", "clients ", SITUATION) == []


def test_magics_that_take_anything_have_none() -> None:
    assert texts("note", "AT") == []
    assert texts("nothing", "") == []


def test_captures_and_folders(tmp_path: Path) -> None:
    for name in ("a.pcap", "a b.pcap", "a.txt", ".hidden.pcap", "\x1b.pcap", "A.PCAPNG"):
        (tmp_path / name).touch()
    (tmp_path / "more").mkdir()
    assert files(f"{tmp_path}/", (".pcap", ".pcapng")) == [
        f"{tmp_path}/A.PCAPNG",
        f"{tmp_path}/a.pcap",
        f"{tmp_path}/more/",
    ]
    assert texts("timeline", f"x.pcap {tmp_path}/m") == [f"x.pcap {tmp_path}/more/"]
    assert files(f"{tmp_path}/nowhere/", (".pcap",)) == []
    assert files("a\0b/", (".pcap",)) == []
    for number in range(MAX_FILES + 5):
        (tmp_path / f"n{number}.pcap").touch()
    assert len(files(f"{tmp_path}/n", (".pcap",))) == MAX_FILES
