from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atshell.emulator.clock import ManualClock
from atshell.emulator.radio import RELEASE, Radio, Registration


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def radio(clock: ManualClock) -> Radio:
    return Radio(clock, attach_delay=1.0)


def test_a_new_radio_is_attached(radio: Radio) -> None:
    assert radio.attached
    assert radio.signal == 23


def test_the_network_is_lost_at_once_and_found_after_a_moment(radio: Radio, clock: ManualClock) -> None:
    radio.cover(False)
    assert (radio.registration, radio.signal) == (Registration.SEARCHING, 99)
    radio.cover(True)
    clock.advance(0.9)
    assert not radio.attached
    clock.advance(0.1)
    assert radio.attached


def test_a_radio_that_is_off_does_not_search(radio: Radio, clock: ManualClock) -> None:
    radio.switch(False)
    radio.cover(False)
    radio.cover(True)
    clock.advance(5)
    assert (radio.registration, radio.signal) == (Registration.NOT_SEARCHING, 99)
    radio.switch(True)
    assert radio.registration is Registration.SEARCHING
    clock.advance(1)
    assert radio.attached


def test_leaving_while_it_attaches_ends_it(radio: Radio, clock: ManualClock) -> None:
    radio.cover(False)
    radio.cover(True)
    radio.want(False)
    clock.advance(5)
    assert radio.registration is Registration.NOT_SEARCHING


def test_switching_on_forgets_that_it_was_told_to_stay_away(radio: Radio, clock: ManualClock) -> None:
    radio.want(False)
    radio.switch(True)
    assert not radio.attached
    radio.switch(False)
    radio.switch(True)
    clock.advance(1)
    assert radio.attached


def test_listeners_hear_each_change_once(radio: Radio, clock: ManualClock) -> None:
    heard: list[tuple[bool, int]] = []
    end = radio.listen(lambda attached: heard.append((attached, radio.registration)))
    radio.switch(True)
    radio.cover(False)
    radio.cover(False)
    radio.cover(True)
    radio.cover(True)
    clock.advance(1)
    assert heard == [(False, 2), (True, 1)]
    end()
    end()
    radio.switch(False)
    assert len(heard) == 2


@given(st.lists(st.tuples(st.sampled_from(["switch", "want", "cover", "advance"]), st.booleans())))
def test_after_a_moment_it_is_where_the_conditions_lead(steps: list[tuple[str, bool]]) -> None:
    clock = ManualClock()
    radio = Radio(clock, attach_delay=1.0)
    on = wanted = network = True
    for action, value in steps:
        if action == "advance":
            clock.advance(0.6)
            continue
        getattr(radio, action)(value)
        if action == "switch":
            wanted = wanted or (value and not on)
            on = value
        elif action == "want":
            wanted = value
        else:
            network = value
        assert not radio.attached or (on and wanted and network)
    clock.advance(1)
    expected = Registration.NOT_SEARCHING if not (on and wanted) else Registration(1 if network else 2)
    assert radio.registration is expected


def test_a_module_that_needs_no_more_lets_the_connection_go(radio: Radio, clock: ManualClock) -> None:
    heard: list[bool] = []
    radio.on_connection(heard.append)
    radio.release()
    radio.traffic()
    radio.release()
    clock.advance(60)
    assert heard == [True, False]
    assert radio.attached


# -- The signalling connection


def test_traffic_brings_up_a_connection_that_the_network_lets_go(radio: Radio, clock: ManualClock) -> None:
    heard: list[tuple[float, bool]] = []
    end = radio.on_connection(lambda connected: heard.append((clock.now(), connected)))
    clock.advance(5)
    radio.traffic()
    clock.advance(RELEASE - 1)
    radio.traffic()
    clock.advance(100)
    assert heard == [(5, True), (4 + 2 * RELEASE, False)]
    end()
    radio.traffic()
    assert radio.connected
    assert len(heard) == 2


def test_it_ends_with_the_network(radio: Radio, clock: ManualClock) -> None:
    heard: list[bool] = []
    radio.on_connection(heard.append)
    radio.traffic()
    radio.cover(False)
    assert heard == [True, False]
    radio.traffic()
    assert not radio.connected
    radio.cover(True)
    clock.advance(1)
    assert heard == [True, False, True]  # attaching needs one
    clock.advance(RELEASE)
    assert not radio.connected


def test_a_sleeping_radio_notices_nothing(radio: Radio) -> None:
    radio.rest(True)
    radio.cover(False)
    assert radio.attached
    radio.rest(False)
    assert not radio.attached
    radio.rest(True)
    radio.switch(False)
    assert radio.registration is Registration.NOT_SEARCHING
