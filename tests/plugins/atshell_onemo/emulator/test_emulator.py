"""Every example dialogue of the manual, played. What comes out is compared with ``dialogues.toml`` as a whole."""

from __future__ import annotations

import asyncio
import random
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from atshell.catalog.load import load_manuals
from atshell.catalog.lookup import Catalog
from atshell_onemo.plugin import atshell_manuals

from .conftest import Bench


@dataclass(frozen=True)
class Misprint:
    line: str
    printed: str
    why: str


@dataclass(frozen=True)
class Dialogue:
    section: str
    script: str
    about: str = ""
    model: str = "MN316"
    platform: str = "onenet"
    login: bool = False
    """It begins behind the login of section 5.1."""
    theirs: list[str] = field(default_factory=list)
    misprints: list[Misprint] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.section} {self.about}".strip()


def _load() -> list[Dialogue]:
    data = tomllib.loads(Path(__file__).with_name("dialogues.toml").read_text(encoding="utf-8"))
    return [
        Dialogue(**{**one, "misprints": [Misprint(**each) for each in one.get("misprints", [])]})
        for one in data["dialogue"]
    ]


DIALOGUES = _load()
CATALOG = Catalog(load_manuals(atshell_manuals()))


class Player:
    """Plays a script and writes down what happens, in the script's own words for what is ``theirs``."""

    def __init__(self, bench: Bench, theirs: list[str]) -> None:
        self.bench = bench
        self.unknown = list(theirs)
        self.real: dict[str, str] = {}

    async def play(self, script: str) -> str:
        played = []
        for line in script.strip().splitlines():
            mark, _, text = line.partition(" ")
            if mark in ("<", "<<"):
                text = await self.hear(text)
            elif mark == "=":
                text = await self.result(text)
            else:
                await self.act(mark, text)
            played.append(f"{mark} {text}")
        await asyncio.sleep(0)
        return "\n".join([*played, *(f"< {line}" for line in self.bench.rest())]) + "\n"

    async def act(self, mark: str, text: str) -> None:
        for name, value in self.real.items():
            text = _renamed(text, name, value)
        bench = self.bench
        doing = {">": bench.send, ">>": bench.send, "?": bench.ask, "~": bench.wait, "!": bench.switch}
        await doing[mark](text)

    async def hear(self, wanted: str) -> str:
        try:
            said = await self.bench.line()
        except TimeoutError:
            return "(nothing)"
        new = sorted((name for name in self.unknown if name in wanted), key=wanted.index)
        match = re.fullmatch(_pattern(wanted, new), said)
        if match is not None:
            self.real.update(zip(new, match.groups(), strict=True))
            self.unknown = [name for name in self.unknown if name not in new]
        for name, value in self.real.items():
            said = _renamed(said, value, name)
        return said

    async def result(self, wanted: str) -> str:
        try:
            answer = await self.bench.answer()
        except TimeoutError:
            return "(nothing)"
        names = [part.partition("=")[0] for part in wanted.split()]
        return " ".join(f"{name}={answer.get(name)}" for name in names)


def _pattern(wanted: str, new: list[str]) -> str:
    """``wanted`` with a group for each of ``new``, which stand in it in that order."""
    pattern = re.escape(wanted)
    for name in new:
        pattern = pattern.replace(re.escape(name), '([^",]+)', 1)
    return pattern


def _renamed(line: str, old: str, new: str) -> str:
    return re.sub(rf"(?<![0-9A-Za-z]){re.escape(old)}(?![0-9A-Za-z])", lambda match: new, line)


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=str)
def test_the_dialogues_of_the_manual(dialogue: Dialogue) -> None:
    random.seed(1)  # aiocoap's message IDs

    async def session() -> str:
        bench = Bench(dialogue.model, dialogue.platform)
        try:
            if dialogue.login:
                await bench.log_in()
            return await Player(bench, dialogue.theirs).play(dialogue.script)
        finally:
            await bench.device.close()

    assert asyncio.run(session()) == dialogue.script


def test_what_is_misprinted_stands_in_its_dialogue_as_it_is_meant() -> None:
    for dialogue in DIALOGUES:
        lines = {line.partition(" ")[2] for line in dialogue.script.splitlines()}
        for misprint in dialogue.misprints:
            assert misprint.line in lines, dialogue.section
            assert misprint.printed not in lines, dialogue.section


def test_every_example_of_the_catalog_is_played() -> None:
    examples = [example for entry in CATALOG.entries() for example in entry.command.examples]
    examples += [example for page in CATALOG.topics("platforms") for example in page.topic.examples]
    played = {line.partition(" ")[2] for one in DIALOGUES for line in one.script.splitlines()}
    played |= {misprint.printed for one in DIALOGUES for misprint in one.misprints}
    played = {line.replace(": ", ":") for line in played}
    for example in examples:
        for line in [*example.send, *example.receive]:
            assert line.replace(": ", ":") in played, (example.section, line)
