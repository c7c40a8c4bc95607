"""Numbers over decoded messages: operations, codes, retransmissions, round trips, devices and when it was."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable

import msgspec

from atshell_lwm2m.dissect.meaning import refuses
from atshell_lwm2m.message import NO_TIME, Message
from atshell_lwm2m.report.exchanges import asks, is_request
from atshell_lwm2m.report.histogram import Histogram, Timeline
from atshell_lwm2m.report.raw import rebuilt
from atshell_lwm2m.report.sides import Sides

MAX_DEVICES = 16_384
OTHERS = "others"
MODULE = "the module"
"""Of a session, where nobody tells its address or endpoint name."""


class Spread(msgspec.Struct):
    """Round trips, in seconds."""

    count: int
    p50: float
    p90: float
    p99: float
    max: float


class OperationStats(msgspec.Struct, omit_defaults=True):
    operation: str | None = None
    """Absent: CoAP that is no LwM2M."""
    count: int = 0
    """Requests and notifications, each once."""
    failed: int = 0
    """Answered with 4.xx or 5.xx."""
    unanswered: int = 0
    rtt: Spread | None = None


class DeviceStats(msgspec.Struct):
    device: str
    """Its endpoint name, or its address."""
    messages: int = 0
    bytes_up: int = 0
    """Sent by the device."""
    bytes_down: int = 0
    retransmissions: int = 0


class Stats(msgspec.Struct, omit_defaults=True, kw_only=True):
    messages: int
    retransmissions: int
    registrations: int
    """Answered with success."""
    errors: int
    """Messages in which something is malformed."""
    encrypted: int
    """Records that no key opens, and handshakes."""
    bytes: int
    """Of datagrams, without the headers of IP and UDP; over TCP of messages; of payloads that came alone."""
    transports: dict[str, int] = {}
    """The same apart, by transport; that of a payload in a session is ``at``."""
    start: float | None = None
    end: float | None = None
    rtt: Spread | None = None
    operations: list[OperationStats]
    codes: dict[str, int]
    types: dict[str, int]
    devices: list[DeviceStats]
    timeline: Timeline | None = None


def statistics(messages: Iterable[tuple[Message, bytes | None]]) -> Stats:
    """Of messages and the bytes that each came in."""
    collected = _Collected()
    for message, data in messages:
        collected.take(message, data)
    return collected.stats()


class _Collected:
    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._codes: Counter[str] = Counter()
        self._types: Counter[str] = Counter()
        self._transports: Counter[str] = Counter()
        self._operations: dict[str | None, OperationStats] = {}
        self._rtts: dict[str | None, array[float]] = {}
        self._devices = _Devices()
        self._histogram = Histogram()
        self._start: float | None = None
        self._end: float | None = None
        self._frame: tuple[str | None, int] | None = None

    def take(self, message: Message, data: bytes | None) -> None:
        counts = self._counts
        counts["messages"] += 1
        size = self._size(message, data)
        self._transports[message.transport or "at"] += size
        counts["errors"] += message.error is not None
        counts["retransmissions"] += message.retransmission_of is not None
        if message.time is not NO_TIME:
            self._start = message.time if self._start is None else min(self._start, message.time)
            self._end = message.time if self._end is None else max(self._end, message.time)
            self._histogram.add(message.time)
        self._devices.take(message, size)
        if message.code is None:
            counts["encrypted"] += message.transport in ("dtls", "tls")
            if not message.transport:
                self._known(message).count += 1  # the values of an operation, without its messages
            return
        self._codes[message.code] += 1
        self._types[message.type or "none"] += 1
        if message.retransmission_of is None:
            self._operation(message)

    def _size(self, message: Message, data: bytes | None) -> int:
        """Of the datagram, once, though several messages may stand in it."""
        if data is None:
            again = rebuilt(message)
            return len(again) if again is not None else len(message.payload or "") // 2
        frame = message.file, message.frame
        counted, self._frame = frame == self._frame, frame
        return 0 if counted else len(data)

    def _known(self, message: Message) -> OperationStats:
        known = self._operations.get(message.operation)
        if known is None:
            known = self._operations[message.operation] = OperationStats(message.operation)
        return known

    def _operation(self, message: Message) -> None:
        known = self._known(message)
        if is_request(message) or (message.operation == "Notify" and message.code != "0.00"):
            known.count += 1
            known.unanswered += message.response is None and asks(message) and not refuses(message)
        if not _answers(message) or any(note.id == "repeated-answer" for note in message.expert):
            return
        if message.rtt is not None:
            self._rtts.setdefault(message.operation, array("d")).append(message.rtt)
        known.failed += (message.code or "").startswith(("4.", "5."))
        self._counts["registrations"] += message.operation == "Register" and (message.code or "").startswith("2.")

    def stats(self) -> Stats:
        for operation, rtts in self._rtts.items():
            self._operations[operation].rtt = spread(rtts)
        every = array("d")
        for rtts in self._rtts.values():
            every.extend(rtts)
        return Stats(
            messages=self._counts["messages"],
            retransmissions=self._counts["retransmissions"],
            registrations=self._counts["registrations"],
            errors=self._counts["errors"],
            encrypted=self._counts["encrypted"],
            bytes=self._transports.total(),
            transports=dict(self._transports),
            start=self._start,
            end=self._end,
            rtt=spread(every),
            operations=sorted(
                (one for one in self._operations.values() if one.count),
                key=lambda one: (one.operation is None, -one.count),
            ),
            codes=dict(sorted(self._codes.items())),
            types=dict(self._types.most_common()),
            devices=self._devices.all(),
            timeline=self._histogram.timeline(),
        )


def _answers(message: Message) -> bool:
    """Whether it ends what another one began; a notification belongs to a request that was answered before."""
    own = is_request(message) or (message.operation == "Notify" and message.rtt is None)
    return message.request is not None and not own


class _Devices:
    """By endpoint name; by host where no name is known, until one is seen at that host."""

    def __init__(self) -> None:
        self._sides = Sides()
        self._devices: dict[str, DeviceStats] = {}
        self._named: dict[str, str] = {}
        """Endpoint name by address and port."""
        self._hosts: dict[str, set[str]] = {}
        """Endpoint names by host."""

    def take(self, message: Message, size: int) -> None:
        out = self._sides.outgoing(message) if message.at is None else _is_sent(message)
        address = message.src if out else message.dst
        name = message.endpoint
        if name is None:
            name = self._named.get(address)
        elif self._named.get(address) != name and len(self._named) < MAX_DEVICES:
            self._named[address] = name
            self._hosts.setdefault(address.rpartition(":")[0], set()).add(name)
        device = self._device(name or address.rpartition(":")[0])
        device.messages += 1
        device.retransmissions += message.retransmission_of is not None
        if out:
            device.bytes_up += size
        else:
            device.bytes_down += size

    def _device(self, name: str) -> DeviceStats:
        device = self._devices.get(name)
        if device is None:
            if len(self._devices) >= MAX_DEVICES:
                name = OTHERS
            device = self._devices.setdefault(name, DeviceStats(name))
        return device

    def all(self) -> list[DeviceStats]:
        """The busiest first. Nameless traffic is that of the one device at its host."""
        for host, names in self._hosts.items():
            if len(names) == 1 and host in self._devices and host not in names:
                _join(self._devices[next(iter(names))], self._devices.pop(host))
        if "" in self._devices:
            self._devices[""].device = MODULE
        return sorted(self._devices.values(), key=lambda one: -one.messages)


def _is_sent(message: Message) -> bool:
    """In a session: by a command that does not fetch what came."""
    return str(message.at).startswith("AT") and not message.src


def _join(device: DeviceStats, other: DeviceStats) -> None:
    device.messages += other.messages
    device.bytes_up += other.bytes_up
    device.bytes_down += other.bytes_down
    device.retransmissions += other.retransmissions


def spread(values: Iterable[float]) -> Spread | None:
    """Percentiles by the nearest rank: each is a value that was there."""
    ordered = sorted(values)
    if not ordered:
        return None

    def rank(percent: int) -> float:
        return ordered[max(-(-percent * len(ordered) // 100) - 1, 0)]

    return Spread(len(ordered), rank(50), rank(90), rank(99), ordered[-1])
