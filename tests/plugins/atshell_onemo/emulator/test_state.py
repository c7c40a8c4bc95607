from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass

from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from hypothesis.strategies import DataObject, booleans, data, sampled_from

from atshell_onemo.emulator.state import OK, TABLE, State, refusal

from .conftest import Bench


def test_every_command_has_a_say_in_every_state():
    assert all(len(row) == len(State) for row in TABLE.values())
    assert {code for row in TABLE.values() for code in row} == {OK, 602, 651, 653}


def test_only_creating_is_allowed_without_a_device():
    allowed = [name for name in TABLE if refusal(name, State.NONE) == OK]
    assert allowed == ["+MIPLCREATE", "+MIPLCREATEEX"]


OBJECTS = (3200, 3303, 3311)
KEPT, KEPT_BYTES = 40, 2048
READ, EXECUTE = "READ", "EXECUTE"
RARELY = sampled_from((False,) * 5 + (True,))
"""Whether a login is ended: else nothing would go on long enough."""


@dataclass
class Asked:
    """What the platform has asked and nobody has answered."""

    number: int
    kind: str
    size: int
    direct: bool
    mid: str = ""
    """Unknown until the MCU has been told."""


class Module(RuleBasedStateMachine):
    """The module against the rules of the manual, written down a second time and as briefly as they are there:
    who may do what when (3.1 to 3.9, chapter 6), and what is kept for the MCU (4.2 to 4.4)."""

    def __init__(self) -> None:
        super().__init__()
        random.seed(1)
        self.runner = asyncio.Runner()
        self.bench = self.run(self._make())
        self._off()

    def _off(self) -> None:
        """A module that has just booted."""
        self.created = self.online = False
        self.mode = 0
        self.objects: list[int] = []
        self._alone()

    def _alone(self) -> None:
        """Without a login."""
        self.observed: set[int] = set()
        self.asked: list[Asked] = []
        self.dropped = 0

    async def _make(self) -> Bench:
        return Bench()

    def run(self, work):  # type: ignore[no-untyped-def]
        return self.runner.run(work)

    def says(self, line: str, *wanted: str) -> None:
        self.run(self.bench.play("\n".join([f"> {line}", *(f"< {one}" for one in wanted)])))

    def allowed(self, *, created: int = 0, online: int = 0, offline: int = 0) -> list[str]:
        """The answer as the state has it: errors for a device that is not there, or is on line, or is not."""
        code = created if not self.created else online if self.online else offline
        return [f"+CIS ERROR: {code}" if code else "OK"]

    def teardown(self) -> None:
        async def end() -> None:
            await self.bench.device.close()
            await asyncio.gather(*self.bench._asked, return_exceptions=True)

        self.run(end())
        self.runner.close()

    # The device and its objects

    @initialize(logged_in=sampled_from((True, True, False)))
    def begin(self, logged_in: bool) -> None:
        if logged_in:
            self.create()
            for number in OBJECTS[:2]:
                self.add_object(number)
            self.log_in()

    @rule()
    def create(self) -> None:
        line = 'AT+MIPLCREATEEX="nbiotacc.heclouds.com",0'
        if self.created:
            self.says(line, "+CIS ERROR: 653")
        else:
            self.says(line, "+MIPLCREATEEX: 0", "OK")
            self.created = True

    @rule(really=RARELY)
    def delete(self, really: bool) -> None:
        if self.online and not really:
            return
        self.says("AT+MIPLDELETE=0", *self.allowed(created=653))
        mode = self.mode
        self._off()
        self.mode = mode

    @rule(number=sampled_from(OBJECTS))
    def add_object(self, number: int) -> None:
        there = 653 if number in self.objects else 0
        self.says(f'AT+MIPLADDOBJ=0,{number},1,"1",0,0', *self.allowed(created=653, online=there, offline=there))
        if self.created and not there:
            self.objects.append(number)

    @rule(number=sampled_from(OBJECTS))
    def delete_object(self, number: int) -> None:
        missing = 0 if number in self.objects else 653
        self.says(f"AT+MIPLDELOBJ=0,{number}", *self.allowed(created=653, online=missing, offline=missing))
        if number in self.objects:
            self.objects.remove(number)
            self.observed.discard(number)
            self.asked = [one for one in self.asked if one.number != number]
            self.run(self.bench.pause())

    @rule(number=sampled_from(OBJECTS))
    def tell_resources(self, number: int) -> None:
        missing = 0 if number in self.objects else 653
        line = f'AT+MIPLDISCOVERRSP=0,{number},1,4,"5750"'
        self.says(line, *self.allowed(created=653, online=651, offline=missing))

    # The login

    @rule()
    def log_in(self) -> None:
        answer = self.allowed(created=653, online=651)
        told = []
        if answer == ["OK"]:
            observations = [f"+MIPLOBSERVE: 0,{{o{number}}},1,{number},0,-1" for number in self.objects]
            discoveries = [f"+MIPLDISCOVER: 0,{{d{number}}},{number}" for number in self.objects]
            told = ["+MIPLEVENT: 0,6", *observations, *discoveries, "+MIPLREAD: 0,{device},3,0,-1"]
            self.bench.names.clear()
            self.online, self.observed = True, set(self.objects)
        self.says("AT+MIPLOPEN=0,86400,30", *answer, *told)

    @rule()
    def query(self) -> None:
        self.says("AT+MIPLOPEN?", *(["OK", "+MIPLEVENT: 0,6"] if self.online else ["+CIS ERROR: 602"]))

    @rule()
    def update(self) -> None:
        answer = self.allowed(created=653, offline=602)
        self.says("AT+MIPLUPDATE=0,86400,1", *answer, *(["+MIPLEVENT: 0,11"] if self.online else []))

    @rule(really=RARELY)
    def log_out(self, really: bool) -> None:
        if self.online and not really:
            return
        answer = self.allowed(created=653, offline=602)
        self.says("AT+MIPLCLOSE=0", *answer, *(["+MIPLEVENT: 0,15"] if self.online else []))
        self.online = False
        self._alone()

    @rule(really=RARELY)
    def reboot(self, really: bool) -> None:
        if self.online and not really:
            return
        self.run(self.bench.play("> AT+MREBOOT\n< OK\n~ 1\n< +MATREADY"))
        self._off()

    @rule(number=sampled_from(OBJECTS))
    def notify(self, number: int) -> None:
        wrong = 653 if number not in self.objects else 0 if number in self.observed else 651
        line = f'AT+MIPLNOTIFY=0,0,{number},0,5750,1,4,"abcd",0,0'
        self.says(line, *self.allowed(created=653, offline=602, online=wrong))

    @rule(line=sampled_from(["AT+MIPLOPEN=0", "AT+MIPLCLOSE=", 'AT+MIPLADDOBJ=0,3200,2,"1",0,0', "AT+MIPLNMI=0,3,0"]))
    def malformed(self, line: str) -> None:
        self.says(line, "+CIS ERROR: 601")

    # What the platform asks

    @rule(mode=sampled_from((0, 1, 2)))
    def control(self, mode: int) -> None:
        self.says(f"AT+MIPLNMI=0,{mode},0", *self.allowed(created=653))
        if self.created:
            self.mode = mode

    @precondition(lambda self: self.objects and self.online)
    @rule(
        data=data(),
        kind=sampled_from((READ, EXECUTE)),
        size=sampled_from((0, 3, 700, 1000)),
        times=sampled_from((1, 1, 1, 15)),
    )
    def ask(self, data: DataObject, kind: str, size: int, times: int) -> None:
        number = data.draw(sampled_from(self.objects))
        for _ in range(times):
            self._ask(Asked(number, kind, 0 if kind == READ else size, direct=self.mode == 0))

    def _ask(self, one: Asked) -> None:
        order = f"read /{one.number}/0" if one.kind == READ else f"execute /{one.number}/0/1 {'x' * one.size}"
        self.run(self.bench.ask(order.strip()))
        told = self._line(one) if one.direct else "+MIPLNMI: 0"
        if not one.direct and sum(known.size for known in self.asked) + one.size > KEPT_BYTES:
            self.dropped += 1
            told = ""
        else:
            self.asked.append(one)
        if len(self.asked) > KEPT:
            del self.asked[0]
            self.dropped += 1
        if told and self.mode != 2:
            self.bench.names.clear()
            self.run(self.bench.play(f"< {told}"))
            one.mid = self.bench.names.get("mid", "")
        else:
            self.run(self.bench.pause())
        assert not self.bench.rest()

    def _line(self, one: Asked) -> str:
        tail = "-1" if one.kind == READ else f"1,{one.size},{'x' * one.size}" if one.size else "1"
        return f"+MIPL{one.kind}: 0,{one.mid or '{mid}'},{one.number},0,{tail}"

    @rule()
    def fetch(self) -> None:
        answer = self.allowed(created=653, offline=602)
        kept = next((one for one in self.asked if not one.direct), None)
        if kept is None or self.mode == 0:
            self.says("AT+MIPLMGR=0", *answer)
            return
        self.bench.names.clear()
        self.says("AT+MIPLMGR=0", self._line(kept), "OK")
        kept.mid = self.bench.names.get("mid", kept.mid)

    @rule()
    def statistics(self) -> None:
        answer = self.allowed(created=653, offline=602)
        held = sum(one.size for one in self.asked)
        line = f"+MIPLQMGR: 0,QUEUES={len(self.asked)},DROPPED={self.dropped},BUFFERS={held}"
        self.says("AT+MIPLQMGR=0", *([line] if self.online else []), *answer)

    @precondition(lambda self: any(one.mid for one in self.asked))
    @rule(data=data(), right=booleans())
    def answer(self, data: DataObject, right: bool) -> None:
        """What is answered with the wrong command is not answered."""
        one = data.draw(sampled_from([one for one in self.asked if one.mid]))
        by = one.kind if right else {READ: EXECUTE, EXECUTE: READ}[one.kind]
        self.says(f"AT+MIPL{by}RSP=0,{one.mid},11", "OK" if right else "+CIS ERROR: 653")
        if right:
            self.asked.remove(one)
            self.run(self.bench.pause())

    @rule()
    def answer_nothing(self) -> None:
        self.says("AT+MIPLWRITERSP=0,1,2", *self.allowed(created=653, offline=602, online=653))


TestModule = Module.TestCase
TestModule.settings = settings(max_examples=30, stateful_step_count=40, deadline=None)
