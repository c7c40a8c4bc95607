from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell.catalog.profile import Profile
from atshell.emulator.clock import ManualClock
from atshell.emulator.device import MAX_INPUT, MAX_URCS, PROFILE, SHORT, Device, EmulatorOptions, split_words
from atshell.emulator.radio import RELEASE
from atshell.emulator.saving import Granted
from atshell.errors import AtshellError

from .conftest import Bench, Toy


async def turns() -> None:
    """Let the loop go round until what is ready has run."""
    for _ in range(5):
        await asyncio.sleep(0)


# -- Lines and results


def test_a_conversation(bench: Bench) -> None:
    bench.dialogue(
        """
        > AT
        < AT\r
        < OK
        > ATE0
        < ATE0\r
        < OK
        > AT
        < OK
        > AT+SAY=one,two
        < one
        < two
        < OK
        > at+say=1;+say=2
        < 1
        < 2
        < OK
        > AT+SAY=1;+FAIL;+SAY=2
        < 1
        < ERROR
        > AT+CMEE=1;+FAIL
        < +CME ERROR: 50
        > AT+CMEE=2;+FAIL
        < +CME ERROR: Incorrect parameters
        > AT+CIS
        < +CIS ERROR: 601
        > AT+CMEE=0;+CIS
        < ERROR
        > AT+NOPE
        < ERROR
        > AT+CMEE=1;+NOPE
        < ERROR
        > AT+SAY="unclosed;+SAY=2
        < unclosed;+SAY=2
        < OK
        """
    )


def test_the_bytes_of_an_answer(bench: Bench) -> None:
    assert bench.feed(b"AT+SAY=x\r") == b"AT+SAY=x\r\r\nx\r\n\r\nOK\r\n"
    assert bench.feed(b"ATE0\r") == b"ATE0\r\r\nOK\r\n"
    assert bench.feed(b"AT+SAY=x\r\n") == b"\r\nx\r\n\r\nOK\r\n"


def test_echo_comes_byte_by_byte(bench: Bench) -> None:
    assert [bench.feed(bytes([byte])) for byte in b"AT+SX\x08\r"] == [
        *(b"A", b"T", b"+", b"S", b"X", b"\b \b", b"\r\r\nERROR\r\n")
    ]


def test_repeat(bench: Bench) -> None:
    bench.feed(b"ATE0\rAT+SAY=7\r")
    assert bench.feed(b"A/") == b"\r\n7\r\n\r\nOK\r\n"
    assert bench.feed(b"a/") == b"\r\n7\r\n\r\nOK\r\n"


def test_numeric_results(bench: Bench) -> None:
    assert bench.feed(b"ATE0V0\r") == b"ATE0V0\r0\r"
    assert bench.feed(b"AT+SAY=x\r") == b"x\r\n0\r"
    assert bench.feed(b"AT+FAIL\r") == b"4\r"
    assert bench.feed(b"AT+CMEE=1;+FAIL\r") == b"+CME ERROR: 50\r\n"
    assert bench.feed(b"ATV1\r") == b"\r\nOK\r\n"


def test_quiet_suppresses_results_and_urcs(bench: Bench) -> None:
    assert bench.feed(b"ATE0Q1\r") == b"ATE0Q1\r"
    assert bench.feed(b"AT+SAY=x\r") == b"\r\nx\r\n"
    assert bench.feed(b"AT+URC\r") == b"\r\n+URC: 0\r\n"
    assert bench.feed(b"AT+FAIL\r") == b""
    bench.device.emit("+URC: 1")
    assert bench.hear() == b""
    assert bench.feed(b"ATQ0\r") == b"\r\nOK\r\n"


def test_registers_frame_results(bench: Bench) -> None:
    assert bench.feed(b"ATE0S3=33\r") == b"ATE0S3=33\r!\nOK!\n"
    assert bench.feed(b"AT!") == b"!\nOK!\n"


def test_a_line_that_is_too_long_is_an_error(bench: Bench) -> None:
    bench.feed(b"ATE0\r")
    assert bench.feed(b"AT+SAY=" + b"x" * 9000 + b"\rAT\r") == b"\r\nERROR\r\n\r\nOK\r\n"


def test_a_handler_that_fails_is_an_error_and_a_line_in_the_log(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    bench.feed(b"ATE0\rAT+CMEE=1\r")
    assert bench.feed(b"AT+BUG;+SAY=1\r") == b"\r\nERROR\r\n"
    assert bench.feed(b"AT\r") == b"\r\nOK\r\n"
    assert [(record.levelno, record.getMessage()) for record in caplog.records] == [
        (logging.ERROR, "a command handler failed")
    ]


# -- URCs


def test_a_urc_comes_at_once_or_after_the_final_result(bench: Bench) -> None:
    bench.device.emit("+X: 1")
    assert bench.hear() == b"\r\n+X: 1\r\n"
    bench.feed(b"ATE0\r")
    assert bench.feed(b"AT+URC;+SAY=1\r") == b"\r\n+URC: 0\r\n\r\n1\r\n\r\nOK\r\n\r\n+MORE: 1\r\n"


def test_while_a_command_is_carried_out_urcs_and_input_wait(make_bench: Callable[[], Bench]) -> None:
    async def scenario() -> None:
        bench = make_bench()
        bench.feed(b"ATE0\r")
        assert bench.feed(b"AT+SLOW;+SAY=then\rAT+SAY=next\r") == b""
        bench.device.emit("+X: 1")
        bench.device.feed(b"AT+SAY=last\r")
        await turns()
        assert bench.hear() == b""
        bench.toy.slow[0].set_result(["slow"])
        await turns()
        assert bench.hear().split() == b"slow then OK +X: 1 next OK last OK".split()

    asyncio.run(scenario())


def test_what_waits_has_a_cap(make_bench: Callable[[], Bench]) -> None:
    async def scenario() -> None:
        bench = make_bench()
        bench.feed(b"ATE0\rAT+SLOW\r")
        for index in range(MAX_URCS + 5):
            bench.device.emit(f"+X: {index}")
        bench.device.feed(b"AT+SAY=1\r" + b"\n" * MAX_INPUT + b"AT+SAY=2\r")
        bench.toy.slow[0].set_result([])
        await turns()
        said = bench.hear().split(b"\r\n\r\n")
        assert said[1] == b"+X: 5"
        assert said[MAX_URCS:] == [b"+X: 1004", b"1", b"OK\r\n"]

    asyncio.run(scenario())


def test_slow_commands_can_fail(make_bench: Callable[[], Bench]) -> None:
    async def scenario() -> None:
        bench = make_bench()
        bench.feed(b"ATE0\r")
        bench.feed(b"AT+SLOW\rAT+SLOW\rAT\r")
        bench.toy.slow[0].cancel()
        await turns()
        assert bench.hear() == b"\r\nERROR\r\n"
        bench.toy.slow[1].set_exception(RuntimeError("gone"))
        await turns()
        assert bench.hear() == b"\r\nERROR\r\n\r\nOK\r\n"

    asyncio.run(scenario())


# -- Power


def test_reboot_answers_first_and_forgets(bench: Bench) -> None:
    bench.feed(b"ATE0\rAT+CMEE=2\r")
    assert bench.feed(b"AT+REBOOT\rAT\r") == b"\r\nOK\r\n"
    assert bench.toy.reboots == 1
    assert not bench.device.running
    assert not bench.device.radio.attached
    bench.device.emit("+X: 1")
    assert bench.feed(b"AT\r") == b""
    bench.clock.advance(0.1)
    assert bench.device.radio.attached
    assert bench.hear() == b""
    assert bench.feed(b"AT+FAIL\r") == b"AT+FAIL\r\r\nERROR\r\n"


def test_defaults_are_what_a_pack_put_into_the_settings(bench: Bench) -> None:
    bench.device.settings.cmee = 1
    assert b"+CME ERROR: 50" in bench.feed(b"AT+FAIL\r")
    bench.feed(b"AT+CMEE=0\rATS3=33\r")
    bench.device.reset()
    assert b"+CME ERROR: 50\r\n" in bench.feed(b"AT+FAIL\r")
    bench.feed(b"AT+CMEE=0\rAT+REBOOT\r")
    bench.clock.advance(1)
    assert b"+CME ERROR: 50" in bench.feed(b"AT+FAIL\r")


def test_the_radio_stays_as_it_is_when_the_defaults_come_back(bench: Bench) -> None:
    bench.feed(b"AT\r")
    bench.device.settings.cfun = 0
    bench.device.reset()
    assert bench.device.settings.cfun == 0


@pytest.mark.parametrize("speed", [0.01, 1, 1000])
def test_boot_and_attach_take_well_under_a_second_of_real_time(speed: float) -> None:
    clock = ManualClock()
    device = Device(Profile("X"), EmulatorOptions("X", speed=speed), clock)
    device.reboot()
    assert not device.running
    clock.advance(0.2 * speed)
    assert device.radio.attached


def test_power_and_network(make_bench: Callable[[], Bench]) -> None:
    async def scenario() -> None:
        bench = make_bench()
        device = bench.device
        bench.feed(b"AT+SLOW\r")
        assert await device.operate("power off") == {"power": "off"}
        assert await device.operate("power off") == {"power": "off"}
        await turns()
        assert bench.toy.slow[0].cancelled()
        assert bench.feed(b"AT\r") == b""
        device.reboot()
        bench.clock.advance(5)
        assert not device.running
        assert await device.operate(" power  on\n") == {"power": "on"}
        assert await device.operate("power on") == {"power": "on"}
        bench.clock.advance(0.1)
        assert bench.feed(b"AT\r") == b"AT\r\r\nOK\r\n"
        assert await device.operate("network lost") == {"network": "lost"}
        assert not device.radio.attached
        assert await device.operate("network found") == {"network": "found"}
        bench.clock.advance(0.1)
        assert device.radio.attached

    asyncio.run(scenario())


def test_power_cut_while_it_boots(make_bench: Callable[[], Bench]) -> None:
    bench = make_bench()
    bench.device.reboot()
    bench.device.power(False)
    bench.clock.advance(5)
    assert not bench.device.running
    bench.device.power(True)
    bench.device.reboot()
    bench.clock.advance(0.05)
    assert bench.device.running


# -- People


def test_operate_asks_the_packs(make_bench: Callable[[], Bench]) -> None:
    async def scenario() -> None:
        bench = make_bench()
        assert await bench.device.operate('read /3/0 "a  b"') == {"read": "/3/0"}
        assert bench.toy.operated == [["read", "/3/0", '"a  b"']]
        for line in ("power", "power up", "network", "fly", "", '"'):
            assert list(await bench.device.operate(line)) == ["error"]

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", []),
        (' write /3/0/15 "a b" ', ["write", "/3/0/15", '"a b"']),
        ('a="b c"d', ['a="b c"d']),
        ('write "open and more', ["write", '"open', "and", "more"]),
    ],
)
def test_words(line: str, words: list[str]) -> None:
    assert split_words(line) == words


def test_connect_starts_afresh(bench: Bench) -> None:
    bench.feed(b"ATE0\rAT+CS")
    bench.device.connect(None)
    bench.device.emit("+X: 1")
    bench.device.connect(bench.said.extend)
    assert bench.feed(b"AT\r") == b"\r\nOK\r\n"


def test_close_ends_everything_once(make_bench: Callable[[], Bench]) -> None:
    async def scenario() -> None:
        bench = make_bench()
        bench.feed(b"AT+SLOW\r")
        await bench.device.close()
        await bench.device.close()
        assert (bench.toy.closed, bench.toy.reboots) == (1, 0)
        bench.device.feed(b"AT\r")
        bench.device.emit("+X")
        assert bench.hear() == b""

    asyncio.run(scenario())


@given(st.lists(st.binary(max_size=40) | st.sampled_from([b"AT", b"AT+", b";", b"+SAY=", b'"', b"\r", b"A/"])))
def test_noise_never_raises_and_the_module_still_answers(pieces: list[bytes]) -> None:
    bench = Bench()
    for piece in pieces:
        bench.device.feed(piece)
    bench.device.settings.echo, bench.device.settings.verbose, bench.device.settings.quiet = False, True, False
    bench.device.settings.registers.update({3: 13, 4: 10, 5: 8})
    bench.device.feed(b"\r")
    bench.hear()
    assert bench.feed(b"AT\r") == b"\r\nOK\r\n"


# -- Faults


def test_answers_that_are_late_or_never_come(make_bench: Callable[..., Bench]) -> None:
    bench = make_bench("answer late 5s +SAY once", "answer drop AT+CIS")
    bench.feed(b"ATE0\r")
    bench.dialogue(
        """
        > AT+SAY=1;+SAY=2
        ~ 4.9
        > AT+SAY=3
        ~ 0.1
        < 1
        < 2
        < OK
        < 3
        < OK
        > AT+CIS
        > AT
        < OK
        """
    )


def test_the_echo_of_a_late_answer_is_not_late(make_bench: Callable[..., Bench]) -> None:
    bench = make_bench("answer late 5s")
    assert bench.feed(b"AT\r") == b"AT\r"
    bench.device.emit("+X")
    assert bench.hear() == b""
    bench.clock.advance(5)
    assert bench.hear() == b"\r\nOK\r\n\r\n+X\r\n"


def test_a_late_answer_of_one_that_takes_its_time(make_bench: Callable[..., Bench]) -> None:
    async def scenario() -> None:
        bench = make_bench("answer late 5s")
        bench.feed(b"ATE0\r")
        bench.clock.advance(5)
        bench.feed(b"AT+SLOW\r")
        bench.hear()
        bench.clock.advance(100)
        bench.toy.slow[0].set_result(["slow"])
        await turns()
        assert bench.hear() == b""
        bench.clock.advance(5)
        assert bench.hear().split() == b"slow OK".split()

    asyncio.run(scenario())


def test_a_restart_in_the_middle_of_a_command(make_bench: Callable[..., Bench]) -> None:
    bench = make_bench("reboot +SAY")
    bench.feed(b"ATE0\r")
    bench.dialogue(
        """
        > AT+SAY=1
        < 1
        > AT
        ~ 0.05
        > AT+SAY=1
        < AT+SAY=1\r
        < 1
        < OK
        """
    )
    assert bench.toy.reboots == 1


def test_faults_whose_time_comes(make_bench: Callable[..., Bench]) -> None:
    bench = make_bench("reboot after 5s", "unplug after 10s")
    hung_up: list[float] = []
    bench.device.connect(bench.said.extend, lambda: hung_up.append(bench.clock.now()))
    bench.feed(b"ATE0\r")
    bench.clock.advance(5)
    assert bench.toy.reboots == 1
    bench.clock.advance(6)
    assert hung_up == [10]
    assert bench.feed(b"AT\r") == b""
    assert bench.device.running


def test_unplugged_by_a_command(make_bench: Callable[..., Bench]) -> None:
    bench = make_bench("unplug +SAY")
    hung_up: list[bool] = []
    bench.device.connect(bench.said.extend, lambda: hung_up.append(True))
    bench.feed(b"AT+SAY=1\rAT+SAY=2\r")
    assert (hung_up, bench.hear()) == ([True], b"")


def test_a_bad_fault_is_told_at_once_and_keeps_no_folder(make_bench: Callable[..., Bench], tmp_path: Path) -> None:
    with pytest.raises(AtshellError, match="did you mean lose"):
        make_bench("los", state=tmp_path)
    bench = make_bench("lose", state=tmp_path)
    bench.device.disturb("delay 2s")
    assert len(bench.device.faults) == 2


def test_faults_by_operation(make_bench: Callable[..., Bench]) -> None:
    async def scenario() -> None:
        bench = make_bench()
        assert await bench.device.operate("fault urc drop") == {
            "seed": 0,
            "faults": [{"number": 1, "fault": "urc drop", "acted": 0, "over": False}],
        }
        bench.device.emit("+X")
        assert bench.hear() == b""
        assert await bench.device.operate("fault off") == {"seed": 0, "faults": []}
        with pytest.raises(AtshellError):
            await bench.device.operate("fault nonsense")
        await bench.device.close()

    asyncio.run(scenario())


@given(st.lists(st.binary(max_size=40), max_size=12), st.integers(0, 9))
def test_whatever_comes_over_a_bad_line_the_module_lives(pieces: list[bytes], seed: int) -> None:
    bench = Bench("garble 20%", "noise in 10%", "urc inside", "answer late 1s 30%", "answer drop 20%", f"seed {seed}")
    for piece in pieces:
        bench.device.feed(piece + b"AT+URC\r")
        bench.clock.advance(0.5)
    bench.clock.advance(100)
    bench.device.faults.remove()
    bench.device.feed(b"\rATE0V1Q0S3=13\rAT+SAY=alive\r")
    bench.clock.advance(1)
    assert b"alive" in bench.hear()


# -- Deep sleep


class Sleepy(Toy):
    def __init__(self, device: Device) -> None:
        super().__init__(device)
        self.told: list[str] = []

    def sleep(self) -> None:
        self.told.append("sleep")

    def wake(self) -> None:
        self.told.append("wake")


def asleep(bench: Bench) -> Sleepy:
    toy = Sleepy(bench.device)
    bench.device.attach(toy)
    bench.feed(b"ATE0\r")
    bench.device.saving.grant(Granted(active=20, periodic=3600))
    bench.clock.advance(RELEASE + 20)
    assert bench.device.asleep
    return toy


def test_the_first_characters_to_a_sleeping_module_are_lost(bench: Bench) -> None:
    toy = asleep(bench)
    assert not bench.device.running
    assert bench.feed(b"AT\r") == b""
    assert bench.device.running
    assert bench.feed(b"AT\r") == b""  # it takes a moment to wake
    bench.clock.advance(SHORT)
    assert bench.feed(b"AT\r") == b"\r\nOK\r\n"  # what was set outlasts the sleep
    bench.clock.advance(20)
    assert toy.told == ["sleep", "wake", "sleep"]


def test_a_module_that_wakes_by_itself_hears_all(bench: Bench) -> None:
    toy = asleep(bench)
    bench.device.emit("+X")
    assert bench.hear() == b""
    bench.device.wake()
    bench.device.emit("+Y")
    assert bench.feed(b"AT\r") == b"\r\n+Y\r\n\r\nOK\r\n"
    assert toy.told == ["sleep", "wake"]
    bench.device.wake()
    assert toy.told == ["sleep", "wake"]


def test_a_module_at_work_does_not_sleep(make_bench: Callable[..., Bench]) -> None:
    async def scenario() -> None:
        bench = make_bench()
        bench.feed(b"ATE0\r")
        bench.device.saving.grant(Granted(active=20))
        bench.feed(b"AT+SLOW\r")
        bench.clock.advance(1000)
        bench.toy.slow[0].set_result(["slow"])
        await turns()
        assert bench.hear().split() == b"slow OK".split()
        bench.clock.advance(20)
        assert bench.device.asleep

    asyncio.run(scenario())


def test_a_power_cut_in_sleep(bench: Bench) -> None:
    asleep(bench)
    bench.device.power(False)
    bench.device.power(True)
    bench.clock.advance(SHORT)
    assert bench.feed(b"AT\r") == b"AT\r\r\nOK\r\n"
    bench.clock.advance(SHORT)
    assert bench.device.radio.attached


# -- What AT&W keeps


def test_a_kept_profile_outlasts_the_power_and_the_process(make_bench: Callable[..., Bench], tmp_path: Path) -> None:
    async def scenario() -> None:
        bench = make_bench(state=tmp_path)
        bench.feed(b"ATE0\rAT+CMEE=2\r")
        bench.device.keep()
        bench.feed(b"AT+CMEE=1\r")
        bench.device.power(False)
        bench.device.power(True)
        bench.clock.advance(SHORT)
        assert bench.feed(b"AT+FAIL\r") == b"\r\n+CME ERROR: Incorrect parameters\r\n"
        bench.device.reset()
        assert bench.device.settings.echo
        bench.device.reset(kept=True)
        assert (bench.device.settings.echo, bench.device.settings.cmee) == (False, 2)
        await bench.device.close()
        again = make_bench(state=tmp_path)
        assert again.feed(b"AT+FAIL\r") == b"\r\n+CME ERROR: Incorrect parameters\r\n"
        again.device.storage.write({PROFILE: ("nonsense",)})
        await again.device.close()
        for _ in range(2):  # the folder is let go
            with pytest.raises(AtshellError, match="cannot have kept such a profile"):
                make_bench(state=tmp_path)

    asyncio.run(scenario())
