"""A OneMO module on a bench: dialogues with it and with its embedded platform."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Callable, Coroutine
from pathlib import Path
from textwrap import dedent

import pytest

from atshell.catalog.profile import Profile
from atshell.emulator.clock import ManualClock
from atshell.emulator.device import Device, EmulatorOptions
from atshell_onemo.emulator.build import build
from atshell_onemo.emulator.module import OneMo

NAME = re.compile(r"\{(\w+)\}")
ANSWERED = re.compile(r"OK|ERROR|\+CI?ME ERROR.*|\+CIS ERROR.*")
PATIENCE = 5
"""Seconds of real time after which nothing more is expected."""


class Bench:
    """A dialogue's lines begin with

    >  what the host sends; <  what the module says;
    ?  what the operator asks of the platform; =  fields that one answer to it has, in the order asked;
    ~  seconds that pass on the device's clock; !  power or network, as the emulator takes it.

    ``{name}`` stands for a number: the first says which, the others must be the same.
    """

    def __init__(self, model: str = "MN316", platform: str = "onenet", capture: Path | None = None) -> None:
        self.clock = ManualClock()
        self.device = Device(
            Profile(model, "FW1"), EmulatorOptions(model, platform=platform, capture=capture), self.clock
        )
        self.module: OneMo = build(self.device)
        self.device.attach(self.module)
        self.device.settings.echo = False
        self.names: dict[str, str] = {}
        self._said: deque[str] = deque()
        self._more = asyncio.Event()
        self._asked: deque[asyncio.Task[dict[str, object]]] = deque()
        self.device.connect(self._hear)

    def _hear(self, data: bytes) -> None:
        self._said.extend(line for line in data.decode().split("\r\n") if line)
        self._more.set()

    async def line(self) -> str:
        async with asyncio.timeout(PATIENCE):
            while not self._said:
                self._more.clear()
                await self._more.wait()
        return self._said.popleft()

    async def play(self, script: str) -> None:
        for step in dedent(script).strip().splitlines():
            kind, _, text = step.strip().partition(" ")
            if kind != "<":
                text = NAME.sub(lambda match: self.names[match[1]], text)
            await getattr(self, _STEPS[kind])(text)
        await asyncio.sleep(0)
        said = self.rest()
        assert not said, f"the module also said {said}"

    def rest(self) -> list[str]:
        """What the module has said and nobody has heard."""
        said = list(self._said)
        self._said.clear()
        return said

    async def send(self, text: str) -> None:
        self.device.feed(text.encode() + b"\r")

    async def expect(self, text: str) -> None:
        said = await self.line()
        pattern = "".join(
            (self.names.get(part, f"(?P<{part}>[0-9]+)")) if index % 2 else re.escape(part)
            for index, part in enumerate(NAME.split(text))
        )
        match = re.fullmatch(pattern, said)
        assert match is not None, f"{text!r} was expected, the module said {said!r}"
        self.names.update(match.groupdict())

    async def ask(self, text: str) -> None:
        self._asked.append(asyncio.create_task(self.device.operate(text)))

    async def answer(self) -> dict[str, object]:
        """What has come of the first order that is open."""
        async with asyncio.timeout(PATIENCE):
            return await self._asked.popleft()

    async def result(self, text: str) -> None:
        answer = await self.answer()
        for field in text.split():
            name, _, value = field.partition("=")
            assert str(answer.get(name)).replace(", ", ",") == value, f"{field} was expected in {answer}"

    async def wait(self, text: str) -> None:
        await settle()
        self.clock.advance(float(text))
        await settle()

    async def pause(self) -> None:
        """Let what has been sent arrive: loopback sockets take a moment of real time."""
        for _ in range(5):
            await asyncio.sleep(0.002)
            await settle()

    async def switch(self, text: str) -> None:
        await self.device.operate(text)

    async def log_in(self) -> None:
        """The login of section 5.1."""
        await self.play(LOGIN)


_STEPS = {">": "send", "<": "expect", "?": "ask", "=": "result", "~": "wait", "!": "switch"}

LOGIN = """
    > AT+MIPLCREATEEX="nbiotbt.heclouds.com:5683",1,"cmiot"
    < +MIPLCREATEEX: 0
    < OK
    > AT+MIPLADDOBJ=0,3200,1,"1",0,1
    < OK
    > AT+MIPLDISCOVERRSP=0,3200,1,4,"5750"
    < OK
    > AT+MIPLOPEN=0,3000,30
    < OK
    < +MIPLEVENT: 0,2
    < +MIPLEVENT: 0,6
    < +MIPLOBSERVE: 0,{observe},1,3200,0,-1
    < +MIPLDISCOVER: 0,{discover},3200
    < +MIPLREAD: 0,{device},3,0,-1
"""


async def settle() -> None:
    """Let everything happen that is not on its way through a socket."""
    for _ in range(20):
        await asyncio.sleep(0)


Play = Callable[..., None]


@pytest.fixture
def play() -> Play:
    """Play a dialogue, or run a coroutine with the bench; ``login`` plays the login first."""

    def run(
        script: str | Callable[[Bench], Coroutine[object, object, None]],
        *,
        model: str = "MN316",
        platform: str = "onenet",
        capture: Path | None = None,
        login: bool = False,
    ) -> None:
        async def session() -> None:
            bench = Bench(model, platform, capture)
            try:
                if login:
                    await bench.log_in()
                if isinstance(script, str):
                    await bench.play(script)
                else:
                    await script(bench)
            finally:
                await bench.device.close()
                await asyncio.gather(*bench._asked, return_exceptions=True)
            assert asyncio.all_tasks() == {asyncio.current_task()}

        asyncio.run(session())

    return run
