"""Asking a module for what no manual has, and keeping it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from atshell.at.reply import parse_final, parse_information
from atshell.catalog.profile import Profile
from atshell.host import host
from atshell.session.exchange import Exchange
from atshell.shell.learning import Learning

PROFILE = Profile("MN316", "V1/../x")


def learning(folder: Path | None, profile: Profile = PROFILE) -> Learning:
    return Learning(host().catalog, profile, folder)


def ask(one: Learning, name: str, *lines: str, final: str = "OK") -> bool:
    async def send(line: str) -> Exchange:
        return Exchange(line, 0.0, 0.1, tuple(map(parse_information, lines)), parse_final(final))

    return asyncio.run(one.ask(name, send))


def knows(one: Learning, name: str) -> bool:
    return one.catalog.find(f"AT{name}", PROFILE) is not None


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("AT+ACMEX=", "+ACMEX"),
        ("at+acmex=1,", "+ACMEX"),
        ("AT+CSQ;+ACMEX=", "+ACMEX"),
        ("AT+ACMEX", ""),
        ("AT+ACMEX?", ""),
        ("AT+CFUN=", ""),
        ("hello", ""),
        ("AT+ACME\x1b=", ""),
    ],
)
def test_only_what_is_typed_as_a_command_and_known_to_nobody(line: str, name: str) -> None:
    assert learning(None).unknown(line, len(line)) == name


def test_a_command_is_asked_for_once() -> None:
    one = learning(None)
    assert one.unknown("AT+ACMEX=", 9) == "+ACMEX"
    assert one.unknown("AT+ACMEX=", 9) == ""


def test_what_was_learned_is_there_the_next_time_for_this_model_and_firmware(tmp_path: Path) -> None:
    one = learning(tmp_path / "learned")
    before = one.catalog
    assert ask(one, "+ACMEX", "+ACMEX: (0,1)")
    assert one.catalog is not before
    assert knows(one, "+ACMEX")
    (file,) = (tmp_path / "learned").iterdir()
    assert file.name.startswith("mn316-")
    assert file.parent == tmp_path / "learned"
    again = learning(tmp_path / "learned")
    assert knows(again, "+ACMEX")
    assert again.unknown("AT+ACMEX=", 9) == ""
    assert not knows(learning(tmp_path / "learned", Profile("MN316", "V2")), "+ACMEX")


def test_an_error_or_nothing_teaches_nothing(tmp_path: Path) -> None:
    one = learning(tmp_path)
    assert not ask(one, "+ACMEX", final="ERROR")
    assert not ask(one, "+ACMEX")
    assert one.catalog is host().catalog
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\x00",
        b"[" * 100_000,
        b"[]",
        b'{"format": "atshell-learned", "version": 2, "commands": {"+ACMEX": ["+ACMEX: (0)"]}}',
        b'{"format": "atshell-learned", "version": 1, "commands": [1]}',
        b'{"format": "atshell-learned", "version": 1, "commands": {"rm -rf": ["x"], "+CSQ": 5, "+B": [5, null]}}',
    ],
)
def test_a_file_that_somebody_has_changed(tmp_path: Path, content: bytes) -> None:
    one = learning(tmp_path)
    ask(one, "+ACMEX", "+ACMEX: (0,1)")
    (file,) = tmp_path.iterdir()
    file.write_bytes(content)
    assert not knows(learning(tmp_path), "+ACMEX")


def test_the_file_has_the_modules_own_lines(tmp_path: Path) -> None:
    ask(learning(tmp_path), "+ACMEX", "+ACMEX: (0,1)", "\x1b[2J")
    (file,) = tmp_path.iterdir()
    assert json.loads(file.read_text())["commands"] == {"+ACMEX": ["+ACMEX: (0,1)"]}
