from __future__ import annotations

import pytest

from atshell.styled import to_plain
from atshell_lwm2m.message import NO_TIME, Message, Resource
from atshell_lwm2m.report.values import assignments, clock, duration


def shown(*resources: Resource, target: str = "") -> str:
    return to_plain(assignments(Message(target=target, resources=list(resources))))


@pytest.mark.parametrize(
    ("resource", "text"),
    [
        (Resource("/3303/0/5700", "Sensor Value", "float", 20.100000381469727, "Cel"), "20.1 Cel"),
        (Resource("/3303/0/5700", "Sensor Value", "float", 20.1), "20.1"),
        (Resource("/3303/0/5700", "Sensor Value", "float", 1e300), "1e+300"),
        (Resource("/3303/0/5700", "Sensor Value", "float", 1 / 3), "0.3333333333333333"),
        (Resource("/3303/0/5700", "Sensor Value", "boolean", True), "true"),
        (Resource("/0/0/5", "Secret Key", "opaque", "000102030405060708"), "0001****"),
        (Resource("/5/0/0", "Package", "opaque", "ab" * 60), "ab" * 23 + "a… (60 bytes)"),
        (Resource("/3/0/0", "Manufacturer", "string", "x" * 99), '"' + "x" * 47 + '…"'),
        (Resource("/3/0/13", "Current Time", "time", 1 << 62), str(1 << 62)),
    ],
)
def test_one_value(resource: Resource, text: str) -> None:
    assert shown(resource) == f" {resource.path} {resource.name} = {text}"


def test_several_share_their_target() -> None:
    found = [Resource(f"/3/0/{n}", f"R{n}", "integer", n) for n in range(6)]
    assert shown(*found, target="/3/0") == " /3/0 R0 = 0, R1 = 1, R2 = 2, R3 = 3 … 2 more"


def test_a_discovery() -> None:
    found = [Resource("/3/0", "Device"), Resource("/3/0/0", "Manufacturer"), Resource("/3/0/77")]
    assert shown(*found, target="/3/0") == " /3/0 0 Manufacturer, 77"


@pytest.mark.parametrize(("seconds", "text"), [(0.0008, "0.8 ms"), (0.187, "187 ms"), (4.1, "4.1 s"), (0.0, "0.0 ms")])
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_a_time_that_is_not_known() -> None:
    assert clock(NO_TIME) == "-"
