from __future__ import annotations

import pytest

from atshell.emulator.clock import ManualClock
from atshell.emulator.faults.desk import Desk
from atshell.emulator.faults.faults import MAX_FAULTS, Faults
from atshell.errors import AtshellError


class Bench:
    def __init__(self, *, embedded: bool = True) -> None:
        self.clock = ManualClock()
        self.faults = Faults()
        self.happened: list[tuple[float, str]] = []
        self.desk = Desk(self.faults, self.clock, self._happen, embedded=embedded)

    def _happen(self, kind: str) -> None:
        self.happened.append((self.clock.now(), kind))


def test_what_is_said_about_them() -> None:
    bench = Bench()
    assert bench.desk.change("lose  UP once") == {
        "seed": 0,
        "faults": [{"number": 1, "fault": "lose up once", "acted": 0, "over": False}],
    }
    bench.desk.change("urc drop")
    bench.desk.change("seed 5")
    listed = bench.desk.change("off 1")
    assert listed == bench.desk.change("")
    assert (listed["seed"], len(bench.faults)) == (5, 1)
    assert bench.desk.change("off")["faults"] == []
    for line in ("off 1", "off x", "off 99999999999", "nonsense"):
        with pytest.raises(AtshellError):
            bench.desk.change(line)


def test_some_happen_when_their_time_has_come() -> None:
    bench = Bench()
    bench.clock.advance(5)
    for line in ("unplug after 10s", "reboot", "reboot AT+X", "unplug after 20s"):
        bench.desk.set(line)
    bench.clock.advance(10)
    bench.desk.change("off 4")
    bench.clock.advance(100)
    assert bench.happened == [(5, "reboot"), (15, "unplug")]


def test_too_many_are_refused_before_the_first() -> None:
    bench = Bench()
    with pytest.raises(AtshellError, match="are the most"):
        bench.desk.check(["lose"] * (MAX_FAULTS + 1))
    bench.desk.check(["lose"] * MAX_FAULTS)


def test_a_platform_elsewhere_is_not_disturbed() -> None:
    bench = Bench(embedded=False)
    with pytest.raises(AtshellError, match="no platform is embedded here for 'platform silent'"):
        bench.desk.set("platform silent")
    bench.desk.set("lose up")
