from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell.emulator.clock import ManualClock
from atshell.emulator.radio import RELEASE, Radio
from atshell.emulator.saving import HOLD, Granted, PowerSaving

PSM = Granted(active=20, periodic=600)


class Bench:
    def __init__(self) -> None:
        self.clock = ManualClock()
        self.radio = Radio(self.clock, attach_delay=1.0)
        self.told: list[tuple[float, str]] = []
        self.busy = False
        self.saving = PowerSaving(
            self.clock,
            self.radio,
            fell=lambda: self.told.append((self.clock.now(), "fell")),
            woke=lambda: self.told.append((self.clock.now(), "woke")),
            busy=lambda: self.busy,
        )

    def until_asleep(self) -> None:
        self.saving.grant(PSM)
        self.clock.advance(RELEASE + 20)
        assert self.saving.asleep


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_without_psm_it_never_sleeps(bench: Bench) -> None:
    bench.radio.traffic()
    bench.clock.advance(1e6)
    assert bench.told == []


def test_a_day_in_psm(bench: Bench) -> None:
    """What is granted brings up a connection (the update in which it is agreed). When that is let go, T3324 runs, and
    T3412 until the next update, which begins all of it again."""
    bench.saving.grant(PSM)
    bench.clock.advance(1300)
    assert bench.told == [(30, "fell"), (610, "woke"), (640, "fell"), (1220, "woke"), (1250, "fell")]
    assert bench.radio.attached


def test_traffic_and_the_host_put_sleep_off(bench: Bench) -> None:
    bench.saving.grant(PSM)
    bench.clock.advance(25)
    bench.saving.stir(host=True)
    bench.clock.advance(19)
    bench.saving.stir()
    bench.radio.traffic()
    bench.clock.advance(RELEASE + 19.9)
    assert bench.told == []
    bench.clock.advance(0.1)
    assert bench.told == [(44 + RELEASE + 20, "fell")]


def test_it_wakes_when_there_is_something_to_do(bench: Bench) -> None:
    bench.until_asleep()
    bench.clock.advance(5)
    bench.saving.stir()
    bench.clock.advance(20)
    assert bench.told[1:] == [(35, "woke"), (55, "fell")]


def test_the_host_has_time_to_speak_however_short_the_active_time(bench: Bench) -> None:
    bench.saving.grant(Granted(active=0))
    bench.clock.advance(RELEASE)
    assert bench.saving.asleep
    bench.saving.stir(host=True)
    bench.clock.advance(HOLD - 0.1)
    assert not bench.saving.asleep
    bench.clock.advance(0.1)
    assert bench.saving.asleep


def test_a_busy_module_sleeps_when_it_is_done(bench: Bench) -> None:
    bench.saving.grant(PSM)
    bench.busy = True
    bench.clock.advance(100)
    assert bench.told == []
    bench.busy = False
    bench.saving.stir()
    bench.clock.advance(20)
    assert bench.told == [(120, "fell")]


def test_a_network_that_is_lost_in_sleep_is_missed_after_it(bench: Bench) -> None:
    bench.until_asleep()
    bench.radio.cover(False)
    assert bench.radio.attached
    bench.saving.stir()
    assert not bench.radio.attached
    bench.clock.advance(1000)
    assert not bench.saving.asleep  # a module that searches does not sleep
    bench.radio.cover(True)
    bench.clock.advance(1 + RELEASE + 20)
    assert bench.saving.asleep


def test_a_power_cut_ends_it(bench: Bench) -> None:
    bench.until_asleep()
    bench.saving.stop()
    bench.radio.switch(False)
    bench.radio.switch(True)
    bench.clock.advance(1000)
    assert bench.radio.attached
    assert bench.saving.granted == Granted()
    assert bench.told == [(30, "fell")]


def test_when_something_can_reach_it(bench: Bench) -> None:
    assert bench.saving.paging() == 0
    bench.until_asleep()
    assert bench.saving.paging() is None


def test_paging_in_edrx(bench: Bench) -> None:
    bench.saving.grant(Granted(cycle=81.92, window=10.24))
    assert bench.saving.paging() == 0  # there is a connection still
    bench.clock.advance(RELEASE)
    assert bench.saving.paging() == 0
    bench.clock.advance(0.25)
    assert bench.saving.paging() == pytest.approx(81.92 - 10.25)
    bench.clock.advance(81.92 - 10.25)
    assert bench.saving.paging() == 0


@given(st.lists(st.tuples(st.sampled_from(["host", "stir", "traffic", "cover", "advance"]), st.floats(0, 500))))
def test_it_sleeps_only_when_it_may(steps: list[tuple[str, float]]) -> None:
    bench = Bench()
    bench.saving.grant(PSM)
    network, spoke = True, 0.0
    for action, value in steps:
        if action == "advance":
            bench.clock.advance(value)
        elif action == "cover":
            network = value > 250
            bench.radio.cover(network)
        elif action == "traffic":
            bench.saving.stir()
            bench.radio.traffic()
        else:
            bench.saving.stir(host=action == "host")
            spoke = bench.clock.now()
        if bench.saving.asleep:
            assert not bench.radio.connected
            assert bench.clock.now() >= spoke + 20
    if network:
        bench.clock.advance(1 + RELEASE + 20 + 1e-3)  # sums of times are not exact
        awake_since = [moment for moment, what in bench.told if what == "woke"]
        assert bench.saving.asleep or bench.clock.now() - awake_since[-1] <= RELEASE + 20
