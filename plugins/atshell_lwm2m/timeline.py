"""The timeline, field by field: the object of ``atshell correlate --format json``."""

from __future__ import annotations

from typing import Literal

import msgspec

EventKind = Literal["at", "urc", "operation", "note"]


class ClockFit(msgspec.Struct, frozen=True):
    """How transcript time becomes capture time."""

    offset: float = 0.0
    """Seconds to add to transcript times (since 1970) to get capture times."""
    drift_ppm: float = 0.0
    residual: float = 0.0
    """Seconds: the median distance of the anchors from the fit."""
    anchors: int = 0


class EventLink(msgspec.Struct, frozen=True):
    to: int
    """Index of the other event."""
    why: list[str]
    confidence: float


class Event(msgspec.Struct, frozen=True):
    time: float
    """Seconds since 1970, on the capture's clock."""
    kind: EventKind
    summary: str
    entries: list[int] = []
    frames: list[int] = []
    links: list[EventLink] = []


class Finding(msgspec.Struct, frozen=True):
    rule: str
    severity: Literal["error", "warning", "note"]
    summary: str
    why: str
    fix: str
    manual: str
    entries: list[int] = []
    frames: list[int] = []


class Timeline(msgspec.Struct, frozen=True):
    clock: ClockFit
    events: list[Event]
    findings: list[Finding]
    summary: dict[str, int]
