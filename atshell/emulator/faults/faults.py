"""The faults of one module, and what they make of what happens to it.

Decisions only: nothing here sends, waits or reads a clock. Who carries a packet, a line or a byte asks what becomes of
it, with the time on the device's clock, and does that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from atshell.emulator.faults import kinds
from atshell.emulator.faults.active import Active
from atshell.emulator.faults.fault import Fault
from atshell.emulator.faults.line import READ_AT, WRITTEN_AT, changed, misread
from atshell.emulator.faults.spec import parse
from atshell.errors import AtshellError

MAX_FAULTS = 100
MAX_COPIES = 16
"""Of one packet."""


@dataclass(frozen=True, slots=True)
class Passage:
    """What becomes of a packet."""

    delays: tuple[float, ...] = (0.0,)
    """Seconds, one for each time that it arrives; none when it is lost."""
    overtaken: bool = False
    """The next packet that way goes first."""


@dataclass(frozen=True, slots=True)
class Reaction:
    """What a platform does with a request, when it does not do what it should."""

    delay: float = 0.0
    """Seconds before it looks at it."""
    silent: bool = False
    refuse: bool = False
    """It answers with a CoAP reset."""
    code: str = ""
    """It answers this and does nothing."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What becomes of a URC."""

    dropped: bool = False
    delay: float = 0.0
    inside: bool = False
    """It does not wait for the end of an answer, but for an answer to break into."""


@dataclass(frozen=True, slots=True)
class Answering:
    """What becomes of a command and its answer."""

    dropped: bool = False
    delay: float = 0.0
    reboot: bool = False
    unplug: bool = False


AS_USUAL, AS_TOLD, AS_SAID = Passage(), Telling(), Answering()


class Faults:
    """Raises AtshellError for a line that is no fault. ``now`` is device time."""

    def __init__(self, lines: Iterable[str] = (), now: float = 0.0) -> None:
        self._active: list[Active] = []
        self.seed = 0
        for line in lines:
            self.add(line, now)

    # -- The list

    def __iter__(self) -> Iterator[Active]:
        return iter(self._active)

    def __len__(self) -> int:
        return len(self._active)

    def add(self, line: str, now: float) -> Active | None:
        """Set a fault; None for a seed, which is kept in ``seed``."""
        fault = parse(line)
        if fault.kind == kinds.SEED:
            self.seed = fault.number
            for active in self._active:
                active.restart(self.seed)
            return None
        self.check_room(1)
        twins = sum(active.fault == fault for active in self._active)
        active = Active(fault, now, self.seed, twins)
        self._active.append(active)
        return active

    def check_room(self, count: int) -> None:
        """Raises AtshellError when so many more are too many."""
        if len(self._active) + count > MAX_FAULTS:
            raise AtshellError(
                f"{MAX_FAULTS} faults are the most, {len(self._active)} are there", "take some away first"
            )

    def remove(self, number: int | None = None) -> list[Fault]:
        """Take away the one with that number, counted from 1, or all; those that are gone."""
        if number is None:
            gone, self._active = self._active, []
        elif 1 <= number <= len(self._active):
            gone = [self._active.pop(number - 1)]
        else:
            known = f"1 to {len(self._active)}" if self._active else "none is active"
            raise AtshellError(f"there is no fault {number}", known)
        return [active.fault for active in gone]

    def described(self, now: float) -> list[dict[str, object]]:
        """The list as data."""
        return [
            {"number": number, "fault": str(active.fault), "acted": active.done, "over": active.is_over(now)}
            for number, active in enumerate(self._active, 1)
        ]

    def _acting(self, *names: str) -> Iterator[Active]:
        return (active for active in self._active if active.fault.kind in names)

    # -- Packets

    def datagram(self, up: bool, data: bytes, now: float) -> Passage:
        """``up`` is from the module to the network."""
        if not self._active:
            return AS_USUAL
        way = kinds.PACKET[not up]
        delays, overtaken = [0.0], False
        for active in self._acting(kinds.LOSE, kinds.DELAY, kinds.DUPLICATE, kinds.REORDER):
            fault = active.fault
            if fault.way not in ("", way) or not _chosen(fault, data) or not active.acts(now, way):
                continue
            if fault.kind == kinds.LOSE:
                return Passage(())
            if fault.kind == kinds.DELAY:
                delays = [delay + fault.time for delay in delays]
            elif fault.kind == kinds.DUPLICATE:
                delays = [*delays, delays[-1]][:MAX_COPIES]
            else:
                overtaken = True
        return Passage(tuple(delays), overtaken)

    def rebinds(self, data: bytes, now: float) -> bool:
        """Whether the module has another address from this packet on."""
        found = [_chosen(active.fault, data) and active.acts(now) for active in self._acting(kinds.REBIND)]
        return any(found)

    def platform(self, operation: str, now: float) -> Reaction | None:
        """``operation`` is one of ``OPERATIONS``; None when nothing is wrong."""
        delay, found = 0.0, False
        for active in self._acting(kinds.SILENT, kinds.REFUSE, kinds.LATE, kinds.CODE):
            fault = active.fault
            if fault.about not in ("", operation) or not active.acts(now):
                continue
            found = True
            if fault.kind != kinds.LATE:
                return Reaction(delay, fault.kind == kinds.SILENT, fault.kind == kinds.REFUSE, fault.code)
            delay += fault.time
        return Reaction(delay) if found else None

    # -- The serial line

    def urc(self, line: str, now: float) -> Telling:
        if not self._active:
            return AS_TOLD
        delay, inside = 0.0, False
        for active in self._acting(kinds.URC_DROP, kinds.URC_DELAY, kinds.URC_INSIDE):
            fault = active.fault
            if not _squeezed(line).startswith(_squeezed(fault.about)) or not active.acts(now):
                continue
            if fault.kind == kinds.URC_DROP:
                return Telling(dropped=True)
            delay += fault.time
            inside |= fault.kind == kinds.URC_INSIDE
        return Telling(False, delay, inside)

    def command(self, line: str, now: float) -> Answering:
        """``line`` is a whole command line, from its AT on."""
        if not self._active:
            return AS_SAID
        acting = [
            active.fault
            for active in self._acting(kinds.ANSWER_DROP, kinds.ANSWER_LATE, kinds.REBOOT, kinds.UNPLUG)
            if active.fault.waits and _begins(line, active.fault.about) and active.acts(now)
        ]
        names = {fault.kind for fault in acting}
        return Answering(
            kinds.ANSWER_DROP in names,
            sum(fault.time for fault in acting),
            kinds.REBOOT in names,
            kinds.UNPLUG in names,
        )

    def heard(self, data: bytes, now: float) -> bytes:
        """What reaches the module of what was written to it."""
        return self._spoilt("in", data, READ_AT, WRITTEN_AT, now) if self._active else data

    def said(self, data: bytes, now: float) -> bytes:
        """What reaches the host of what the module writes."""
        return self._spoilt("out", data, WRITTEN_AT, READ_AT, now) if self._active else data

    def _spoilt(self, way: str, data: bytes, written: int, read: int, now: float) -> bytes:
        for active in self._acting(kinds.GARBLE, kinds.NOISE):
            if active.fault.way not in ("", way):
                continue
            if active.fault.kind == kinds.GARBLE:
                data = bytes(changed(byte, active.chance(way)) if active.acts(now, way) else byte for byte in data)
            elif active.acts(now, way):
                data = misread(data, written, read)
        return data


def _chosen(fault: Fault, data: bytes) -> bool:
    """By what is in the packet."""
    return fault.holding in data and (not fault.over or len(data) > fault.over)


def _begins(line: str, about: str) -> bool:
    """``+MIPLOPEN`` stands for ``AT+MIPLOPEN`` too."""
    wanted = _squeezed(about)
    line = _squeezed(line)
    return line.startswith((wanted, f"at{wanted}"))


def _squeezed(text: str) -> str:
    return text.replace(" ", "").casefold()
