from __future__ import annotations

from atshell.catalog.profile import Profile
from atshell.emulator.clock import ManualClock
from atshell.emulator.device import Device, EmulatorOptions
from atshell_lwm2m.endpoint.air import CLEAR, Air


def test_everything_arrives_in_clear_air() -> None:
    arrived: list[object] = []
    CLEAR.carry(True, b"up", arrived.append)
    CLEAR.carry(False, b"down", arrived.append)
    CLEAR.later(5, lambda: arrived.append("later"))
    assert arrived == [b"up", b"down", "later"]
    assert not CLEAR.rebinds(b"")
    assert CLEAR.reaction("register") is None


def test_a_device_has_such_an_air() -> None:
    air: Air = Device(Profile("MN316"), EmulatorOptions("MN316"), ManualClock()).air
    assert air.reaction("register") is None
