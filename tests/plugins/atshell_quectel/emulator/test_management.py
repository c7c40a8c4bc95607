"""China Mobile's self-registration by itself; its schedules are in ``test_registrar``."""

from __future__ import annotations

import pytest

from atshell.emulator.clock import ManualClock
from atshell_quectel.emulator.management import Account, Management, State
from atshell_quectel.emulator.means import Means
from atshell_quectel.emulator.procedure import Procedure

from .conftest import CHANGED, CREATED, NOT_FOUND, Server, Sky, obliging, piggybacked

PERIOD, LIFETIME = 1000.0, 1300.0


class Desk:
    def __init__(self) -> None:
        self.paths = ["/3/0"]
        self.heard: list[bytes] = []
        self.cleared = 0

    def received(self, data: bytes) -> None:
        self.heard.append(data)

    def clear(self) -> None:
        self.cleared += 1

    async def close(self) -> None: ...


class Module:
    def __init__(self, server: Server = obliging) -> None:
        self.clock = ManualClock()
        self.sky = Sky(self.clock, server)
        self.desk = Desk()
        self.states: list[tuple[float, State]] = []
        means = Means(self.clock, self.sky, Procedure("cmcc", (2.0, 4.0)), lambda: False)
        account = Account("117.161.2.41", 5683, PERIOD)
        self.management = Management(means, "urn:imei:1", lambda: account, self.desk, self.show)

    def show(self, state: State) -> None:
        self.states.append((self.clock.now(), state))


def test_states_have_the_manuals_numbers() -> None:
    assert [state.value for state in State] == [0, 4, 5, 6, 7, 8, 9, 11, 12, 13]


def test_a_life() -> None:
    module = Module()
    module.management.start()
    module.clock.advance(PERIOD)
    module.management.stop()
    module.clock.advance(10 * PERIOD)
    assert module.states == [
        (0, State.CONNECT_SUCCESS),
        (0, State.REG_SUCCESS),
        (PERIOD, State.UPDATE_SUCCESS),
        (PERIOD, State.INITIAL),
    ]
    assert len(module.sky.sent) == 2


def test_a_registration_without_a_location_is_updated_where_it_was_made() -> None:
    module = Module(lambda data: piggybacked(data, CREATED))
    module.management.start()
    module.sky.server = obliging
    module.clock.advance(PERIOD)
    assert module.sky.sent[1][1][8:] == b"\xb2rd"


def test_a_platform_that_has_forgotten_it() -> None:
    """Its update is refused; when its lifetime is over and the next update is due it registers anew."""
    module = Module()
    module.management.start()
    module.sky.server = lambda data: piggybacked(data, NOT_FOUND)
    module.clock.advance(PERIOD)
    module.sky.server = obliging
    module.clock.advance(2 * PERIOD)
    assert module.states[2:] == [
        (PERIOD, State.UPDATE_FAILED),
        (LIFETIME, State.LIFETIME_TIMEOUT),
        (2 * PERIOD, State.CONNECT_SUCCESS),
        (2 * PERIOD, State.REG_SUCCESS),
        (3 * PERIOD, State.UPDATE_SUCCESS),
    ]


def test_a_platform_that_is_gone_for_good() -> None:
    module = Module()
    module.management.start()
    module.sky.server = lambda data: None
    module.clock.advance(100 * PERIOD)
    assert module.states[2:] == [
        (PERIOD + 6, State.UPDATE_TIMEOUT),
        (LIFETIME, State.LIFETIME_TIMEOUT),
        (2 * PERIOD, State.CONNECT_SUCCESS),
        (2 * PERIOD + 6, State.REG_TIMEOUT),
    ]


def test_a_reset_is_a_refusal() -> None:
    module = Module(lambda data: b"\x70\x00" + data[2:4])
    module.management.start()
    assert module.states == [(0, State.CONNECT_SUCCESS), (0, State.REG_FAILED)]


@pytest.mark.parametrize("data", [b"\x40\x01\x00\x01\xb1\x33", b"", b"\xff\xff"])
def test_what_is_no_answer_goes_to_the_desk(data: bytes) -> None:
    module = Module()
    module.management.start()
    module.sky.arrive(data)
    assert module.desk.heard == [data]
    assert CHANGED == 0x44
