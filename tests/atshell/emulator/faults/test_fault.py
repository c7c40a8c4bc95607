from __future__ import annotations

import pytest

from atshell.emulator.faults.fault import Fault


@pytest.mark.parametrize(
    ("fault", "line"),
    [
        (Fault("platform CODE", code="5.03", about="update"), "platform 5.03 update"),
        (Fault("delay", way="up", time=1.5, share=12.3456), "delay up 1500ms 12.3456%"),
        (Fault("rebind", times=1), "rebind"),
        (Fault("lose", times=1), "lose once"),
        (Fault("urc drop", about="with"), 'urc drop "with"'),
        (Fault("answer drop", about='AT+X="a b"'), 'answer drop "AT+X=\\"a b\\""'),
    ],
)
def test_how_it_is_written(fault: Fault, line: str) -> None:
    assert str(fault) == line


def test_some_wait_for_nothing() -> None:
    assert not Fault("unplug", after=10, times=1).waits
    assert Fault("unplug", about="AT", times=1).waits
    assert Fault("reboot", nth=2, times=1).waits
    assert Fault("lose", times=1).waits
