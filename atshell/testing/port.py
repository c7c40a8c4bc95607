"""A module's serial port with a listener on the line: every line that goes over it is noted, with the device's time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from atshell.emulator.clock import Clock
from atshell.emulator.device import Device
from atshell.styled import visible

MAX_NOTED = 10_000
MAX_LINE = 4096
MAX_ECHOES = 16
"""Lines sent whose echo may still come."""
SHOWN = 30
"""Lines in a message."""


class Log:
    """Lines in the order they ended, the oldest forgotten first."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lines: deque[tuple[float, str, str]] = deque(maxlen=MAX_NOTED)
        self._open = {">": "", "<": ""}
        self.sent: deque[str] = deque(maxlen=MAX_NOTED)
        """What the module was told and nobody has asked after yet."""

    def add(self, way: str, data: bytes) -> None:
        *lines, rest = (self._open[way] + data.decode("latin-1")).replace("\n", "\r").split("\r")
        self._open[way] = rest[-MAX_LINE:]
        for line in filter(None, lines):
            self._lines.append((self._clock.now(), way, line))
            if way == ">":
                self.sent.append(line)

    def __str__(self) -> str:
        """``12.500 > AT+CSQ``, a line each; the echo of a line is left out."""
        shown = []
        echoes: list[str] = []
        for moment, way, line in self._lines:
            if way == "<" and line in echoes:
                echoes.remove(line)
                continue
            if way == ">":
                echoes = [*echoes[-MAX_ECHOES:], line]
            shown.append(f"{moment:10.3f} {way} {visible(line)}")
        return "\n".join(shown)

    def end(self) -> str:
        """The last of it, for a message."""
        return "\n".join(str(self).splitlines()[-SHOWN:])


class Port:
    """As much of a ``Device`` as whoever talks to it needs."""

    def __init__(self, device: Device, log: Log) -> None:
        self._device = device
        self._log = log

    def feed(self, data: bytes) -> None:
        self._log.add(">", data)
        self._device.feed(data)

    def connect(self, output: Callable[[bytes], None] | None, hang_up: Callable[[], None] | None = None) -> None:
        def said(data: bytes) -> None:
            self._log.add("<", data)
            if output is not None:
                output(data)

        self._device.connect(said, hang_up)
