"""A report by itself; its schedules are in ``test_registrar``."""

from __future__ import annotations

import json

from atshell.emulator.clock import ManualClock
from atshell_quectel.assumed import Report
from atshell_quectel.emulator.means import Means
from atshell_quectel.emulator.procedure import Procedure
from atshell_quectel.emulator.reporting import Reporter, Reporting

from .conftest import INTERNAL, Server, Sky, obliging, piggybacked, silent

PAUSE, UPDATE = 100.0, 1000.0


class Module:
    def __init__(self, server: Server, *, wakes: bool = True) -> None:
        self.clock = ManualClock()
        self.sky = Sky(self.clock, server)
        self.asleep = False
        self.known = False
        procedure = Procedure("cucc", (3.0, 6.0), rounds=1, pause=PAUSE, update=UPDATE, once=True, wakes=wakes)
        means = Means(self.clock, self.sky, procedure, lambda: self.asleep)
        reporter = Reporter(lambda reason: Report(reason, "Q", "M", "F", "1", "2", "3"), lambda: self.known, self.learn)
        self.reporting = Reporting(means, "server.example", reporter)
        self.reporting.start()

    def learn(self) -> None:
        self.known = True

    @property
    def reasons(self) -> list[tuple[float, str]]:
        return [(time, json.loads(data[8:].partition(b"\xff")[2])["reason"]) for time, data in self.sky.sent]


def test_the_packet() -> None:
    module = Module(obliging)
    (_, data), *_ = module.sky.sent
    assert data[:2] + data[8:23] == b"\x44\x02\xbcselfregister\x11\x32"
    assert module.sky.asked == [("server.example", 5683)]
    assert module.known


def test_updates_after_a_success() -> None:
    module = Module(obliging)
    module.clock.advance(2 * UPDATE)
    assert module.reasons == [(0, "register"), (UPDATE, "update"), (2 * UPDATE, "update")]


def test_updates_where_it_was_reported_before_the_boot() -> None:
    module = Module(obliging)
    module.reporting.stop()
    module.reporting.start()
    module.clock.advance(UPDATE)
    assert module.reasons == [(0, "register"), (UPDATE, "update")]


def test_an_update_that_fails_has_no_rounds() -> None:
    module = Module(obliging)
    module.sky.server = silent
    module.clock.advance(2.5 * UPDATE)
    assert module.sky.times[1:] == [UPDATE, UPDATE + 3, 2 * UPDATE + 9, 2 * UPDATE + 12]


def test_a_refusal_ends_a_round_at_once() -> None:
    module = Module(lambda data: piggybacked(data, INTERNAL))
    module.clock.advance(100 * UPDATE)
    assert module.sky.times == [0, PAUSE]
    assert not module.known


def test_after_the_rounds_nothing_follows() -> None:
    module = Module(silent)
    module.clock.advance(100 * UPDATE)
    assert module.sky.times == [0, 3, 9 + PAUSE, 12 + PAUSE]


def test_an_update_that_is_left_out_in_deep_sleep() -> None:
    module = Module(obliging, wakes=False)
    module.asleep = True
    module.clock.advance(1.5 * UPDATE)
    module.asleep = False
    module.clock.advance(UPDATE)
    assert module.sky.times == [0, 2 * UPDATE]
