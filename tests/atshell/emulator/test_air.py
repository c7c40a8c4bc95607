from __future__ import annotations

import pytest

from atshell.emulator.air import OVERTAKEN, Air
from atshell.emulator.clock import ManualClock
from atshell.emulator.faults.faults import Faults, Reaction
from atshell.emulator.radio import RELEASE, Radio
from atshell.emulator.saving import Granted, PowerSaving


class Bench:
    def __init__(self, *faults: str) -> None:
        self.clock = ManualClock()
        self.radio = Radio(self.clock, attach_delay=1.0)
        self.saving = PowerSaving(self.clock, self.radio, fell=lambda: None, woke=lambda: None, busy=lambda: False)
        self.faults = Faults(faults)
        self.air = Air(self.clock, self.radio, self.saving, self.faults)
        self.arrived: list[tuple[float, bytes]] = []

    def up(self, *packets: bytes) -> None:
        for packet in packets:
            self.air.carry(True, packet, self._arrive)

    def down(self, *packets: bytes) -> None:
        for packet in packets:
            self.air.carry(False, packet, self._arrive)

    def _arrive(self, data: bytes) -> None:
        self.arrived.append((self.clock.now(), data))


def test_packets_arrive_at_once_while_there_is_a_network() -> None:
    bench = Bench()
    bench.up(b"a")
    bench.down(b"b")
    assert bench.arrived == [(0, b"a"), (0, b"b")]
    assert bench.radio.connected
    bench.radio.cover(False)
    bench.up(b"c")
    bench.down(b"d")
    bench.clock.advance(100)
    assert len(bench.arrived) == 2


def test_deep_sleep_loses_what_comes_and_ends_with_what_goes() -> None:
    bench = Bench()
    bench.saving.grant(Granted(active=20))
    bench.clock.advance(RELEASE + 20)
    bench.down(b"lost")
    assert bench.saving.asleep
    assert bench.arrived == []
    bench.up(b"out")
    assert not bench.saving.asleep
    bench.down(b"in")
    assert [data for _, data in bench.arrived] == [b"out", b"in"]


def test_edrx_delays_until_the_window() -> None:
    bench = Bench()
    bench.saving.grant(Granted(cycle=20.48, window=5.12))
    bench.clock.advance(RELEASE)
    bench.down(b"a", b"b")
    bench.clock.advance(30)
    assert bench.arrived == [(pytest.approx(20.48), b"a"), (pytest.approx(20.48), b"b")]
    bench.down(b"c")
    assert bench.arrived[-1][0] == pytest.approx(20.48)  # the first of them has brought up a connection
    bench.clock.advance(10)
    assert bench.arrived[-1][1] == b"c"


def test_what_faults_do_on_the_way() -> None:
    bench = Bench("lose up #1", "duplicate up #1", "delay down 2s")
    bench.up(b"a", b"b")
    bench.down(b"c")
    assert bench.arrived == [(0, b"b"), (0, b"b")]
    bench.clock.advance(2)
    assert bench.arrived[2:] == [(2, b"c")]


def test_a_delayed_packet_finds_no_module_that_has_gone_meanwhile() -> None:
    bench = Bench("delay 2s")
    bench.up(b"a")
    bench.down(b"b")
    bench.radio.cover(False)
    bench.clock.advance(2)
    assert bench.arrived == [(2, b"a")]


def test_the_next_packet_overtakes() -> None:
    bench = Bench("reorder up")
    bench.up(b"a", b"b", b"c", b"d", b"e")
    assert [data for _, data in bench.arrived] == [b"b", b"a", b"d", b"c"]
    bench.down(b"z")
    assert bench.arrived[-1][1] == b"z"
    bench.clock.advance(OVERTAKEN)
    assert bench.arrived[-1] == (OVERTAKEN, b"e")
    bench.clock.advance(100)
    assert len(bench.arrived) == 6


def test_a_packet_that_is_lost_overtakes_nothing() -> None:
    bench = Bench("reorder up #1", "lose up #2")
    bench.up(b"a", b"b", b"c")
    assert [data for _, data in bench.arrived] == [b"c", b"a"]


def test_questions_of_those_below() -> None:
    bench = Bench("rebind after 5s", "platform 4.04 update after 5s")
    assert not bench.air.rebinds(b"")
    assert bench.air.reaction("update") is None
    called: list[float] = []
    bench.air.later(5, lambda: called.append(bench.clock.now()))
    bench.clock.advance(5)
    assert called == [5]
    assert bench.air.rebinds(b"")
    assert bench.air.reaction("update") == Reaction(code="4.04")
    assert bench.air.reaction("register") is None
