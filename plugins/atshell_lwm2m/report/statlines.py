"""Statistics for people: what matters in the first line, tables below it."""

from __future__ import annotations

import time
from collections.abc import Iterator

from atshell.styled import Fragments
from atshell_lwm2m.codec.coap import code_name
from atshell_lwm2m.report.histogram import Timeline, bars
from atshell_lwm2m.report.stats import DeviceStats, OperationStats, Stats
from atshell_lwm2m.report.values import clock, duration

_MAX_DEVICES = 20
_NAME = 30
_NAMES = {"udp": "UDP", "dtls": "DTLS", "tcp": "TCP", "tls": "TLS", "ws": "WebSockets", "at": "AT lines"}


def lines(stats: Stats) -> Iterator[Fragments]:
    yield _summary(stats)
    if not stats.messages:
        return
    yield _when(stats)
    if stats.operations:
        yield from _operations(stats.operations)
    if stats.codes:
        yield []
        yield [("name", "codes")]
        width = len(str(max(stats.codes.values())))
        for code, count in stats.codes.items():
            style = "error" if code[0] in "45" else ""
            yield [("", f"  {count:{width}}  "), (style, f"{code} {code_name(code)}".rstrip())]
    yield from _devices(stats.devices)
    if stats.timeline is not None and stats.start is not None and stats.end is not None:
        yield from _timeline(stats.timeline, stats.start, stats.end)


def _summary(stats: Stats) -> Fragments:
    parts = [
        _count(stats.messages, "message"),
        _count(len(stats.devices), "device"),
        _count(stats.registrations, "registration"),
        _count(stats.retransmissions, "retransmission"),
    ]
    if stats.retransmissions:
        parts[-1] += f" ({100 * stats.retransmissions / stats.messages:.1f} %)"
    if stats.rtt is not None:
        parts.append(f"round trip p50 {duration(stats.rtt.p50)}  p99 {duration(stats.rtt.p99)}")
    return [("bold", " · ".join(parts))]


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _when(stats: Stats) -> Fragments:
    line: Fragments = [("dim", "at times that are not known")]
    if stats.start is not None and stats.end is not None:
        start, end = stats.start, stats.end
        line = [("dim", f"{_day(start)} {clock(start)} to {_day(end, start)}{clock(end)}, {_long(end - start)}")]
    line += [("dim", f" · {_bytes(size)} in {_NAMES.get(one, one)}") for one, size in stats.transports.items()]
    if stats.encrypted:
        line.append(("warning", f" · {stats.encrypted} encrypted"))
    if stats.errors:
        line.append(("error", f" · {_count(stats.errors, 'malformed message')}"))
    return line


def _day(moment: float, other: float | None = None) -> str:
    """The date; nothing when it is that of another moment."""
    day = _date(moment)
    if other is None:
        return day
    return "" if day == _date(other) else f"{day} "


def _date(moment: float) -> str:
    try:
        return time.strftime("%Y-%m-%d", time.localtime(moment))
    except (OverflowError, ValueError, OSError):
        return "?"


def _long(seconds: float) -> str:
    """``44 min 48 s``, ``3 h 5 min``, ``12 d 3 h``."""
    if seconds < 60:
        return duration(seconds)
    units = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))
    parts: list[str] = []
    rest = round(seconds)
    for name, size in units:
        count, rest = divmod(rest, size)
        if count or parts:
            parts.append(f"{count} {name}")
    return " ".join(parts[:2])


def _bytes(count: int) -> str:
    if count < 10_000:
        return f"{count} bytes"
    return f"{count / 1000:.1f} kB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"


def _operations(operations: list[OperationStats]) -> Iterator[Fragments]:
    width = max(len(one.operation or "other CoAP") for one in operations)
    yield []
    head = f"{'operations':{width + 2}}   count  failed  no answer       p50       p90       p99       max"
    yield [("name", head)]
    for one in operations:
        line: Fragments = [("", f"  {one.operation or 'other CoAP':{width}} {one.count:7}")]
        line.append(("error" if one.failed else "", f" {one.failed or '':7}"))
        line.append(("error" if one.unanswered else "", f" {one.unanswered or '':10}"))
        if one.rtt is not None:
            spread = (one.rtt.p50, one.rtt.p90, one.rtt.p99, one.rtt.max)
            line.append(("", "".join(f"{duration(value):>10}" for value in spread)))
        yield line


def _devices(devices: list[DeviceStats]) -> Iterator[Fragments]:
    if not devices:
        return
    shown = devices[:_MAX_DEVICES]
    width = max(_NAME, *(len(one.device) for one in shown))
    yield []
    yield [("name", f"{'devices':{width + 2}} messages   bytes up  bytes down  retransmissions")]
    for one in shown:
        numbers = f" {one.messages:8} {one.bytes_up:10} {one.bytes_down:11}"
        yield [("", f"  {one.device:{width}}{numbers}"), ("warning", f" {one.retransmissions or '':16}".rstrip())]
    if len(devices) > _MAX_DEVICES:
        yield [("dim", f"  … {len(devices) - _MAX_DEVICES} more")]


def _timeline(timeline: Timeline, start: float, end: float) -> Iterator[Fragments]:
    most = max(timeline.counts)
    yield []
    each = f"{timeline.step:g} s" if timeline.step < 60 else _long(timeline.step)
    yield [("name", "messages over time"), ("dim", f"  a column is {each}, the highest {_count(most, 'message')}")]
    yield [("dim", f"  {clock(start)[:-4]} "), ("", bars(timeline.counts)), ("dim", f" {clock(end)[:-4]}")]
