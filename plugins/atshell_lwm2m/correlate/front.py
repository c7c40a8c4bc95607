"""From files to a report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from atshell_lwm2m.correlate.core import correlate
from atshell_lwm2m.message import NO_TIME, Message

if TYPE_CHECKING:
    from atshell.hooks import DecodeOptions
    from atshell.session.intent import Intent
    from atshell.transcript.file import Transcript
    from atshell_lwm2m.report.timeline import TimelineReport
    from atshell_lwm2m.timeline import Timeline


def correlate_captures(
    transcript: Transcript, intents: Sequence[Intent], captures: Sequence[Path], options: DecodeOptions
) -> TimelineReport:
    """Put a session beside its captured traffic. Raises AtshellError when a file is no capture."""
    from atshell_lwm2m.analyzer import messages
    from atshell_lwm2m.correlate.lines import with_other_lines
    from atshell_lwm2m.report.timeline import TimelineReport

    lines = with_other_lines(intents, transcript)
    warnings = list(transcript.warnings)
    seen = _timed(messages(captures, options, warnings), warnings)
    timeline = correlate(transcript.entries, lines, seen, transcript.header.started)
    return TimelineReport(timeline, [*warnings, *shortcomings(timeline)])


def _timed(messages: Iterable[Message], warnings: list[str]) -> list[Message]:
    """Those whose time the captures tell: the others have no place beside a session."""
    found = list(messages)
    timed = [message for message in found if message.time is not NO_TIME]
    if len(timed) < len(found):
        warnings.append(f"messages without a time in the captures, which are left out: {len(found) - len(timed)}")
    return timed


def shortcomings(timeline: Timeline) -> list[str]:
    """What a reader of the timeline should know first."""
    kinds = timeline.summary
    if not kinds["operation"]:
        return ["the captures have no CoAP messages: name the port with --port"]
    if not timeline.clock.anchors:
        return [
            "nothing in the captures belongs to this session: no message ID, value or login agrees; "
            "times are of two clocks that may differ"
        ]
    return []
