from __future__ import annotations

import asyncio
from collections.abc import Awaitable

from hypothesis import given
from hypothesis import strategies as st

from atshell.at.command import Command
from atshell.emulator.clock import ManualClock
from atshell.emulator.emulation import CommandError, Lines, Settings
from atshell.emulator.faults.faults import Faults
from atshell.emulator.interpreter import MAX_INPUT, Interpreter
from atshell.emulator.voice import Voice


class Bench:
    def __init__(self, *faults: str) -> None:
        self.clock = ManualClock()
        self.settings = Settings(echo=False, cmee=1)
        self.said = bytearray()
        self.ended: list[bool] = []
        self.unplugged = 0
        self.slow: list[asyncio.Future[Lines]] = []
        known = Faults(faults)
        self.voice = Voice(self.clock, known, lambda: self.settings)
        self.voice.connect(self.said.extend)
        self.interpreter = Interpreter(
            self.clock,
            known,
            self.voice,
            lambda: self.settings,
            describe={"50": "incorrect parameters"}.get,
            ended=self.ended.append,
            unplug=self._unplug,
        )
        self.interpreter.learn({"+SAY": lambda command: [str(one) for one in command.arguments], "+BAD": self._fail})
        self.interpreter.learn({"+SLOW": self._wait, "+RESTART": self._restart, "": lambda command: ()})

    def _unplug(self) -> None:
        self.unplugged += 1

    def _fail(self, command: Command) -> Lines:
        raise CommandError(50)

    def _restart(self, command: Command) -> Lines:
        self.interpreter.restart_afterwards()
        return ()

    def _wait(self, command: Command) -> Awaitable[Lines]:
        self.slow.append(asyncio.get_running_loop().create_future())
        return self.slow[-1]

    def ask(self, line: str) -> list[str]:
        self.interpreter.feed(line.encode() + b"\r")
        return self.hear()

    def hear(self) -> list[str]:
        self.voice.flush()
        said = self.said.decode("latin-1").split("\r\n")
        self.said.clear()
        return [line for line in said if line]


def test_a_line_is_done_from_left_to_right_up_to_the_first_error() -> None:
    bench = Bench()
    assert bench.interpreter.commands == ["", "+BAD", "+RESTART", "+SAY", "+SLOW"]
    assert bench.ask("AT+SAY=1;+SAY=2") == ["1", "2", "OK"]
    assert bench.ask("AT+SAY=1;+BAD;+SAY=2") == ["1", "+CME ERROR: 50"]
    bench.settings.cmee = 2
    assert bench.ask("AT+BAD") == ["+CME ERROR: incorrect parameters"]
    assert bench.ask("AT+NOPE") == ["ERROR"]
    assert bench.ended == [False] * 4


def test_a_restart_waits_for_the_final_result_and_takes_the_urcs_with_it() -> None:
    bench = Bench()
    bench.interpreter.feed(b"AT+RESTART;+SAY=1\r")
    bench.voice.emit("+X")
    assert bench.hear() == ["1", "OK", "+X"]
    assert bench.ended == [True]


def test_who_stops_in_the_middle_says_no_more() -> None:
    async def scenario() -> None:
        bench = Bench()
        bench.interpreter.feed(b"AT+SLOW\rAT+SAY=1\r")
        assert bench.interpreter.busy
        (slow,) = bench.slow
        bench.interpreter.stop()
        await asyncio.sleep(0)
        assert slow.cancelled()
        assert (bench.interpreter.busy, bench.hear()) == (False, [])
        assert bench.ask("A/AT+SAY=2") == ["OK", "2", "OK"]  # there is nothing to repeat but AT

    asyncio.run(scenario())


def test_input_that_waits_has_a_cap() -> None:
    async def scenario() -> None:
        bench = Bench()
        bench.interpreter.feed(b"AT+SLOW\r")
        line = b"AT+SAY=1\r"
        for _ in range(2 * MAX_INPUT // len(line)):
            bench.interpreter.feed(line)
        bench.slow[0].set_result([])
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert bench.hear().count("1") == MAX_INPUT // len(line)

    asyncio.run(scenario())


def test_faults_of_a_line() -> None:
    bench = Bench("answer late 2s +SAY=1", "answer drop +SAY=2", "reboot +SAY=3", "unplug +SAY=4")
    assert bench.ask("AT+SAY=1") == []
    assert bench.interpreter.busy
    bench.clock.advance(2)
    assert bench.hear() == ["1", "OK"]
    assert bench.ask("AT+SAY=2") == []
    assert bench.ask("AT+SAY=3") == ["3"]
    assert bench.ended == [False, False, True]
    assert bench.ask("AT+SAY=4") == ["4", "OK"]
    assert bench.unplugged == 1


def test_a_late_answer_does_not_outlive_the_power() -> None:
    bench = Bench("answer late 2s")
    bench.ask("AT+SAY=1")
    bench.interpreter.stop()
    bench.voice.hush()
    bench.clock.advance(10)
    assert bench.hear() == []


@given(st.binary(max_size=200))
def test_noise_is_no_command(noise: bytes) -> None:
    bench = Bench()
    bench.interpreter.feed(noise)
    bench.hear()
    assert bench.ask("\rAT+SAY=alive")[-2:] == ["alive", "OK"]
