from __future__ import annotations

from atshell.catalog.profile import Profile
from atshell.emulator.clock import ManualClock
from atshell.emulator.device import Device, EmulatorOptions
from atshell.testing.port import MAX_LINE, SHOWN, Log, Port


def test_every_line_with_its_moment_and_no_echo() -> None:
    clock = ManualClock()
    device = Device(Profile("MN316"), EmulatorOptions("MN316"), clock)
    log, said = Log(clock), bytearray()
    port = Port(device, log)
    port.connect(said.extend)
    clock.advance(1.25)
    port.feed(b"AT+N")
    port.feed(b"OSUCH\rATV1\r")
    assert said.startswith(b"AT+NOSUCH\r\r\nERROR\r\n")
    assert str(log).splitlines()[:3] == ["     1.250 > AT+NOSUCH", "     1.250 > ATV1", "     1.250 < ERROR"]
    assert list(log.sent) == ["AT+NOSUCH", "ATV1"]
    port.connect(None)
    port.feed(b"AT\r")
    assert str(log).endswith("> AT\n     1.250 < ERROR")  # what is said to nobody is noted too


def test_what_is_noted_is_bounded_and_cannot_disturb_a_terminal() -> None:
    log = Log(ManualClock())
    log.add(">", b"x" * 3 * MAX_LINE)
    log.add(">", b"\x1b[31m\xff\r")
    assert str(log).endswith("x\\x1b[31m\xff")
    assert len(str(log)) < 2 * MAX_LINE
    for number in range(20_000):
        log.add("<", f"{number}\r\n".encode())
    assert len(str(log).splitlines()) == 10_000
    assert log.end().splitlines()[0] == f"     0.000 < {20_000 - SHOWN}"
