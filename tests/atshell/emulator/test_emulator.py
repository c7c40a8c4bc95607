"""Whole modules with their platforms: each fault that acts on the way between them, and sleep, as a dialogue."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Coroutine
from pathlib import Path
from textwrap import dedent

import pytest

from atshell.emulator.device import EmulatorOptions
from atshell.emulator.pace import DeviceLoop, device_loop
from atshell.emulator.place import Place
from atshell.host import host

SETUP = (
    "ATE0",
    'AT+MIPLCREATEEX="192.0.2.2:5683",0',
    'AT+MIPLADDOBJ=0,3200,1,"1",0,1',
    'AT+MIPLDISCOVERRSP=0,3200,1,4,"5750"',
)


class Bench:
    """A module that is ready to log in without a bootstrap.

    Of a dialogue, ``>`` is sent, ``~`` lets so many seconds pass, ``?`` is asked of the platform, ``!`` happens to the
    module, ``<`` is what it says; message IDs are left out.
    """

    def __init__(self, *faults: str, model: str = "MN316", capture: Path | None = None) -> None:
        self.loop = device_loop()
        self.place = Place(self.loop.clock)
        options = EmulatorOptions(model, faults=faults, capture=capture)
        self.device = host().emulate(options, self.place)
        self.said = bytearray()
        self.device.connect(self.said.extend)
        for line in SETUP:
            self.device.feed(line.encode() + b"\r")
        self.said.clear()

    def hear(self) -> list[str]:
        said = [line for line in self.said.decode("latin-1").split("\r\n") if line]
        self.said.clear()
        return said

    async def close(self) -> None:
        await self.device.close()
        await self.place.close()

    async def played(self, script: str) -> str:
        lines = []
        for line in script.splitlines():
            if line.startswith("<"):
                continue
            lines.append(line)
            await self._do(line[0], line[2:])
            lines += [f"< {_without_mid(said)}" for said in self.hear()]
        return "\n".join(lines)

    async def _do(self, kind: str, text: str) -> None:
        if kind == ">":
            self.device.feed(text.encode() + b"\r")
            await self.loop.rest()
        elif kind == "~":
            await self.loop.turn(float(text))
        else:
            operation = asyncio.create_task(self.device.operate(text))
            await self.loop.rest()
            if kind == "!":
                await operation

    async def dialogue(self, script: str) -> None:
        script = dedent(script).strip()
        assert await self.played(script) == script


def _without_mid(line: str) -> str:
    """``+MIPLREAD: 0,18172,3,0,-1``: the platform's own."""
    name, _, values = line.partition(": ")
    if name not in ("+MIPLOBSERVE", "+MIPLDISCOVER", "+MIPLREAD"):
        return line
    ref, _, *rest = values.split(",")
    return f"{name}: {','.join([ref, *rest])}"


Act = Callable[[], Coroutine[object, object, None]]


def run(act: Act) -> None:
    with asyncio.Runner(loop_factory=DeviceLoop) as runner:
        runner.run(act())


def play(script: str, *faults: str) -> None:
    async def act() -> None:
        bench = Bench(*faults)
        await bench.dialogue(script)
        await bench.close()

    run(act)


LOGIN = """
    < OK
    < +MIPLEVENT: 0,6
    < +MIPLOBSERVE: 0,1,3200,0,-1
    < +MIPLDISCOVER: 0,3200
    < +MIPLREAD: 0,3,0,-1
"""


@pytest.mark.parametrize(
    ("fault", "script"),
    [
        ("lose up", "> AT+MIPLOPEN=0,3000,30\n< OK\n~ 30\n< +MIPLEVENT: 0,7"),
        ("lose down", "> AT+MIPLOPEN=0,3000,30\n< OK\n~ 30\n< +MIPLEVENT: 0,7"),
        ('lose up with "rd"', "> AT+MIPLOPEN=0,3000,30\n< OK\n~ 30\n< +MIPLEVENT: 0,7"),
        ("delay down 40s", "> AT+MIPLOPEN=0,3000,30\n< OK\n~ 30\n< +MIPLEVENT: 0,7"),
        ("platform silent", "> AT+MIPLOPEN=0,3000,30\n< OK\n~ 30\n< +MIPLEVENT: 0,7"),
        ("platform late 40s register", "> AT+MIPLOPEN=0,3000,30\n< OK\n~ 30\n< +MIPLEVENT: 0,7"),
        ("platform 4.03 register", "> AT+MIPLOPEN=0,3000,30\n< OK\n< +MIPLEVENT: 0,7"),
        ("platform 5.03", "> AT+MIPLOPEN=0,3000,30\n< OK\n< +MIPLEVENT: 0,7"),
        ("platform refuse", "> AT+MIPLOPEN=0,3000,30\n< OK\n< +MIPLEVENT: 0,7"),
    ],
)
def test_a_login_that_fails(fault: str, script: str) -> None:
    play(script, fault)


@pytest.mark.parametrize(
    "fault", ["duplicate", "platform silent bootstrap", "platform 4.04 update", "rebind", "seed 7"]
)
def test_a_login_that_succeeds_all_the_same(fault: str) -> None:
    play(f"> AT+MIPLOPEN=0,3000,30{dedent(LOGIN)}", fault)


@pytest.mark.parametrize("fault", ["lose up #1", "lose down #1", "platform late 5s register", "delay up 2s once"])
def test_a_login_that_takes_longer(fault: str) -> None:
    """The request is sent again (RFC 7252 section 4.2), or the answer comes in the end."""

    async def act() -> None:
        bench = Bench(fault)
        assert (await bench.played("> AT+MIPLOPEN=0,3000,30\n~ 1")).splitlines()[-1] == "~ 1"
        assert "< +MIPLEVENT: 0,6" in await bench.played("~ 10")
        await bench.close()

    run(act)


def test_the_platform_forgets() -> None:
    async def act() -> None:
        bench = Bench("platform 4.04 update once")
        await bench.played("> AT+MIPLOPEN=0,3000,30")
        await bench.dialogue(
            """
            > AT+MIPLUPDATE=0,3000,0
            < OK
            < +MIPLEVENT: 0,31
            """
        )
        await bench.close()

    run(act)


def test_the_address_changes() -> None:
    """The platform answers to the new address, and the module has noticed nothing."""

    async def act() -> None:
        bench = Bench()
        await bench.played("> AT+MIPLOPEN=0,3000,30\n~ 10")
        before = (await bench.device.operate("clients"))["clients"]
        bench.device.disturb("rebind")
        assert "< +MIPLEVENT: 0,11" in await bench.played("> AT+MIPLUPDATE=0,3000,0")
        after = (await bench.device.operate("clients"))["clients"]
        assert isinstance(before, list)
        assert isinstance(after, list)
        assert before[0]["address"] != after[0]["address"]
        assert "< +MIPLREAD: 0,3200,0,5750" in await bench.played("? read /3200/0/5750")
        await bench.close()

    run(act)


def test_a_run_can_be_repeated() -> None:
    heard: list[tuple[str, str]] = []

    async def act() -> None:
        for seed in (5, 5, 6):
            random.seed(seed)  # from which message IDs and the times of retransmissions come, as in ``atshell emulate``
            bench = Bench("lose 50%", "urc drop 50%", f"seed {seed}")
            said = await bench.played("> AT+MIPLOPEN=0,3000,300\n~ 300\n> AT+MIPLUPDATE=0,3000,0\n~ 100")
            heard.append((said, str(await bench.device.operate("fault"))))
            await bench.close()

    run(act)
    assert heard[0] == heard[1]
    assert heard[0] != heard[2]


def test_a_module_asleep_is_not_reached(tmp_path: Path) -> None:
    async def act() -> None:
        bench = Bench(capture=tmp_path / "c.pcap")
        await bench.played("> AT+MIPLOPEN=0,86400,30\n~ 5")
        await bench.dialogue(
            """
            > AT+CPSMS=1,,,"01000011","00000101"
            < OK
            ~ 60
            ? read /3200/0/5750
            ~ 60
            > AT
            ~ 0.05
            > AT
            < OK
            ? read /3200/0/5750
            < +MIPLREAD: 0,3200,0,5750
            """
        )
        await bench.close()

    run(act)


def test_edrx_keeps_what_comes_until_the_window() -> None:
    async def act() -> None:
        bench = Bench()
        await bench.played('> AT+MIPLOPEN=0,86400,30\n~ 5\n> AT+CEDRXS=1,5,"0101"\n~ 15')
        assert not bench.device.radio.connected
        waited = 81.92 - bench.loop.clock.now()
        said = await bench.played(f"? read /3200/0/5750\n~ {waited - 1}\n~ 1.1")
        assert said.splitlines()[-2:] == ["~ 1.1", "< +MIPLREAD: 0,3200,0,5750"]
        await bench.close()

    run(act)


@pytest.mark.parametrize(
    ("model", "line"),
    [
        *((model, "AT+NRB") for model in ("BC35-G", "BC28", "BC95 R2.0", "BC25", "BC32")),
        *((model, "AT+QRST=1") for model in ("BC26", "BC20", "BC260Y-CN", "BC25", "BC32")),
        *((model, "AT+MREBOOT") for model in ("MN316", "ML307R")),
        *((model, "AT+CFUN=1,1") for model in ("BC28", "BC26", "BC25", "BC260Y-CN", "MN316")),
    ],
)
def test_every_family_restarts(model: str, line: str) -> None:
    async def act() -> None:
        bench = Bench(model=model)
        bench.device.feed(line.encode() + b"\r")
        assert not bench.device.running
        assert bench.hear() == ["OK"]
        await bench.loop.turn(1)
        assert bench.device.running
        assert bench.device.settings.echo
        await bench.close()

    run(act)
