"""The timeline for people and for programs.

Seconds stand left, from the first event on. ``▸`` is what was sent to the module, ``◂`` what it said by itself; its
traffic is indented, ``→`` to the platform and ``←`` from it. ``⇐`` at the right says what a line comes from.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

import msgspec

from atshell.styled import Fragments, visible
from atshell_lwm2m.timeline import Event, EventKind, Timeline

MARKS: dict[EventKind, tuple[str, str]] = {"at": ("▸ ", "tx"), "urc": ("◂ ", "urc"), "note": ("· ", "note")}
"""Sign and style of the lines that are not traffic."""
INDENT = "    "
REASONS = 3
"""Reasons for a link that are shown."""
WIDEST = 88
"""Columns before the reasons; longer lines push them to the right."""


class TimelineReport:
    """Implements ``atshell.hooks.Report``."""

    def __init__(self, timeline: Timeline, warnings: Sequence[str] = ()) -> None:
        self._timeline = timeline
        self._warnings = tuple(warnings)

    @property
    def warnings(self) -> Sequence[str]:
        return self._warnings

    def records(self) -> Iterator[Timeline]:
        yield self._timeline

    def json(self) -> Iterator[str]:
        """One JSON object, an event a line, so that it can be read with the eye and compared with diff."""
        fields = {key: _encode(getattr(self._timeline, key)) for key in ("clock", "findings", "summary")}
        yield f'{{"clock": {fields["clock"]},'
        yield '"events": ['
        last = len(self._timeline.events) - 1
        for index, event in enumerate(self._timeline.events):
            yield _encode(event) + ("," if index < last else "")
        yield "],"
        yield f'"findings": {fields["findings"]},'
        yield f'"summary": {fields["summary"]}}}'

    def text(self) -> Iterator[Fragments]:
        events = self._timeline.events
        start = events[0].time if events else 0.0
        stamp = max(9, len(f"{events[-1].time - start:.3f}")) if events else 0
        rows = [_row(event) for event in events]
        widths = [_width(row) for row in rows]
        column = min(max(widths, default=0), WIDEST)
        for index, (event, row) in enumerate(zip(events, rows, strict=True)):
            line: Fragments = [("dim", f"{event.time - start:{stamp}.3f}  "), *row]
            reasons = _reasons(index, event)
            if reasons:
                line.append(("dim", f"{' ' * max(column - widths[index], 0)}   ⇐ {reasons}"))
            yield line
        yield []
        yield _clock_line(self._timeline)
        yield _count_line(self._timeline)


def _encode(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _width(row: Fragments) -> int:
    """Columns; wide characters, as Chinese has them, take two (Unicode annex 11)."""
    text = "".join(visible(text) for _, text in row)
    return len(text) if text.isascii() else sum(1 + (unicodedata.east_asian_width(char) in "WF") for char in text)


def _row(event: Event) -> Fragments:
    """The event's text. What it is on the wire and what it means stand two spaces apart."""
    text = event.summary.replace("\n", "\\n")
    wire, gap, meaning = text.partition("  ")
    if event.kind == "operation":
        style = "tx" if wire.startswith("→") else "rx"
        return [("", INDENT), (style, wire), ("", gap + meaning)]
    mark, style = MARKS[event.kind]
    if event.kind == "note":
        return [(style, mark + text)]
    return [(style, mark + wire), ("dim", gap + gap + meaning)]


def _reasons(index: int, event: Event) -> str:
    """Why the event belongs to earlier ones."""
    why = [reason for link in event.links if link.to < index for reason in link.why]
    return ", ".join(list(dict.fromkeys(why))[:REASONS])


def _clock_line(timeline: Timeline) -> Fragments:
    clock = timeline.clock
    if not clock.anchors:
        return [("warning", "clock"), ("", "  not known: nothing ties the session to the traffic")]
    drift = f", drift {clock.drift_ppm:+.1f} ppm" if clock.drift_ppm else ""
    text = f"  {clock.offset:+.3f} s from the session to the capture{drift}"
    anchors = "1 anchor" if clock.anchors == 1 else f"{clock.anchors} anchors"
    return [("name", "clock"), ("", text), ("dim", f"  {anchors}, ± {clock.residual:.3f} s")]


def _count_line(timeline: Timeline) -> Fragments:
    counts = timeline.summary
    line: Fragments = [("name", "lines"), ("", f"  {counts['linked']} linked to their messages")]
    if counts["unlinked"]:
        line.append(("warning", f", {counts['unlinked']} without a message in the capture"))
    return line
