"""Notes, intents and messages to one timeline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from atshell.session.intent import Intent
from atshell.transcript.entry import Entry
from atshell_lwm2m.correlate.anchors import match
from atshell_lwm2m.correlate.assemble import assemble
from atshell_lwm2m.correlate.devices import name_devices
from atshell_lwm2m.correlate.index import Index
from atshell_lwm2m.correlate.join import join
from atshell_lwm2m.correlate.traffic import read_traffic
from atshell_lwm2m.message import Message
from atshell_lwm2m.timeline import Timeline


def correlate(
    notes: Iterable[Entry], intents: Iterable[Intent], messages: Iterable[Message], started: datetime
) -> Timeline:
    """``notes`` are the transcript's entries of that kind; others among them are left out.

    Where nothing proves that both sides belong together, there are no anchors and no links, and the session keeps its
    own clock.
    """
    begin = started.timestamp()
    lines = sorted(intents, key=lambda intent: intent.time)
    seen: Sequence[Message] = list(messages)
    traffic = read_traffic(seen, begin)
    name_devices(traffic, seen)
    found = match(lines, traffic)
    joins = join(lines, Index(traffic, found.devices), found.fit) if found.devices else []
    kept = [note for note in notes if note.dir == "note"]
    return assemble(kept, lines, seen, traffic, found.fit, joins, begin)
