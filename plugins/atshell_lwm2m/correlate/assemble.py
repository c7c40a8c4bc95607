"""Lines, messages and notes to one timeline in the order of time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from atshell.session.intent import Intent
from atshell.transcript.entry import Entry
from atshell_lwm2m.correlate.clock import Fit
from atshell_lwm2m.correlate.join import Join
from atshell_lwm2m.correlate.traffic import Traffic
from atshell_lwm2m.correlate.words import describe
from atshell_lwm2m.message import Message
from atshell_lwm2m.timeline import ClockFit, Event, EventKind, EventLink, Timeline

RANKS: dict[EventKind, int] = {"at": 0, "operation": 1, "urc": 2, "note": 3}
"""What comes first at equal times: cause before effect."""


@dataclass(slots=True)
class _Draft:
    """An event before its place is known; links are told by drafts."""

    time: float
    kind: EventKind
    summary: str
    entries: tuple[int, ...] = ()
    frames: tuple[int, ...] = ()
    claims: bool = False
    """It says that there is a message."""


def assemble(
    notes: Iterable[Entry],
    intents: Sequence[Intent],
    messages: Sequence[Message],
    traffic: Traffic,
    fit: Fit,
    joins: Iterable[Join],
    started: float,
) -> Timeline:
    drafts, line_drafts = _lines(intents, fit)
    operation_drafts = range(len(drafts), len(drafts) + len(messages))
    drafts += [
        _Draft(operation.time, "operation", describe(message, operation), frames=(message.frame,))
        for message, operation in zip(messages, traffic.operations, strict=True)
    ]
    drafts += [_Draft(fit.at(note.t), "note", _note(note), (note.line,) if note.line else ()) for note in notes]
    links = _links((line_drafts[join.intent], operation_drafts[join.operation], join) for join in joins)
    order = sorted(range(len(drafts)), key=lambda number: (drafts[number].time, RANKS[drafts[number].kind], number))
    place = {number: index for index, number in enumerate(order)}
    events = [_event(drafts[number], links.get(number, {}), place, started) for number in order]
    return Timeline(
        ClockFit(round(fit.offset, 6), round(fit.drift * 1e6, 3), round(fit.residual, 6), len(fit.anchors)),
        events,
        [],
        _summary(events, [drafts[number] for number in order]),
    )


def _lines(intents: Sequence[Intent], fit: Fit) -> tuple[list[_Draft], list[int]]:
    """A draft for each line, and which draft each intent is in: the commands of one command line are one event."""
    drafts: list[_Draft] = []
    number_of: list[int] = []
    commands: dict[tuple[float, str, tuple[int, ...]], int] = {}
    for intent in intents:
        key = (intent.time, intent.line, intent.entries)
        number = commands.get(key) if intent.kind == "at" else None
        if number is None:
            number = len(drafts)
            drafts.append(_Draft(fit.at(intent.time), intent.kind, intent.line, intent.entries))
            if intent.kind == "at":
                commands[key] = number
        if intent.summary:
            drafts[number].summary += f"  {intent.summary}"
        drafts[number].claims |= bool(intent.operations)
        number_of.append(number)
    return drafts, number_of


def _note(note: Entry) -> str:
    return note.data if note.kind in ("", "comment") else f"{note.kind}: {note.data}"


def _links(joins: Iterable[tuple[int, int, Join]]) -> dict[int, dict[int, Join]]:
    """Both directions; of several joins of the same two events the surest."""
    links: dict[int, dict[int, Join]] = {}
    for line, operation, join in joins:
        for one, other in ((line, operation), (operation, line)):
            known = links.setdefault(one, {}).get(other)
            if known is None or known.confidence < join.confidence:
                links[one][other] = join
    return links


def _event(draft: _Draft, links: dict[int, Join], place: dict[int, int], started: float) -> Event:
    return Event(
        round(started + draft.time, 6),
        draft.kind,
        draft.summary,
        list(draft.entries),
        list(draft.frames),
        [
            EventLink(place[other], list(join.why), round(join.confidence, 2))
            for other, join in sorted(links.items(), key=lambda item: place[item[0]])
        ],
    )


def _summary(events: Sequence[Event], drafts: Sequence[_Draft]) -> dict[str, int]:
    """``linked`` and ``unlinked`` count lines of the session that claim a message."""
    kinds = Counter(event.kind for event in events)
    claims = [event for event, draft in zip(events, drafts, strict=True) if draft.claims]
    linked = sum(bool(event.links) for event in claims)
    counts = {"events": len(events)} | {str(kind): kinds[kind] for kind in RANKS}
    return counts | {"linked": linked, "unlinked": len(claims) - linked, "findings": 0}
