"""Pairs of lines and messages that content alone makes likely, and what they prove.

A message ID with operation and target is strong: it hardly repeats within a session. A value at a path is as strong
as it is rare. That some login follows some AT+MIPLOPEN is weak, and any two recordings have that in common; so weak
pairs help to find the clock but never prove alone that transcript and capture belong together, unless the clocks
agree by themselves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from atshell.session.intent import Intent
from atshell_lwm2m.correlate.clock import TIGHTEST, Fit, Pair, best_each, fit_clock
from atshell_lwm2m.correlate.evidence import weigh
from atshell_lwm2m.correlate.index import Index
from atshell_lwm2m.correlate.traffic import Operation, Traffic

STRONG = 0.5
"""A pair of at least this weight counts as content."""
ENOUGH = 1.6
"""Weight that proves a common origin: two message IDs, or one with the value that it carried."""
WEAK_AT_MOST = 0.6
"""What all weak pairs together can add to that."""
SAME_CLOCK = 10.0
"""Seconds; within these the clocks agree, and little proof is needed."""
ENOUGH_SAME_CLOCK = 0.2
COVERAGE = 0.15
"""Share of what could have matched while both were recorded; the field loses some, chance matches few."""
COMPARABLE = 3
"""Fewer than these that could have matched tell nothing."""
OWN_SHARE = 0.25
"""The same for one device among several."""
MANY = 20
"""Candidates of a line that are looked at, and lines that ask the same; of more only a sample: they prove little."""
MANY_PAIRS = 200_000
"""Where only a sample of the lines is looked at, all their candidates are, but no more than these together: a sample
of both sides would miss the pairs that belong together."""


@dataclass(frozen=True, slots=True)
class Match:
    """The clock, and whose traffic it is."""

    fit: Fit
    devices: frozenset[str]


NO_MATCH = Match(Fit(), frozenset())


def match(intents: Sequence[Intent], traffic: Traffic) -> Match:
    """Fit the clock and find the session's devices; NO_MATCH when nothing proves that the two belong together."""
    pairs = list(_pairs(intents, traffic))
    fit = fit_clock(pairs)
    if not fit.anchors or not _proves(fit, intents, traffic):
        return NO_MATCH
    return Match(fit, _devices(fit, pairs, intents, traffic))


def _pairs(intents: Sequence[Intent], traffic: Traffic) -> Iterator[Pair]:
    index = Index(traffic)
    asked = Counter(_question(intent) for intent in intents if intent.operations)
    seen: Counter[object] = Counter()
    room = MANY_PAIRS
    for number, intent in enumerate(intents):
        if not intent.operations or intent.shares or _gives_up(intent):
            continue
        question = _question(intent)
        seen[question] += 1
        often = asked[question] > MANY
        if often and seen[question] % (asked[question] // MANY):
            continue
        found = list(_pairs_of(number, intent, index, MANY_PAIRS if often and room > 0 else MANY))
        room -= len(found)
        yield from found


def _gives_up(intent: Intent) -> bool:
    """A failure is told when somebody's patience ends, which says nothing of the clocks."""
    return intent.part == "outcome" and intent.ok is False


def _question(intent: Intent) -> object:
    return intent.operations, intent.part, intent.mid, intent.target, intent.values, intent.ok


def _pairs_of(number: int, intent: Intent, index: Index, most: int) -> Iterator[Pair]:
    rare = index.with_values(intent) if intent.mid is None and intent.part == "request" else []
    candidates = rare if 0 < len(rare) <= MANY else index.candidates(intent)
    for operation in _sample(candidates, most):
        weight = _weight(intent, operation, len(rare))
        if weight > 0:
            made = intent.kind == "at"
            yield Pair(intent.time, operation.time - intent.time, weight, number, operation.index, made)


def _sample(operations: Sequence[Operation], most: int) -> Iterable[Operation]:
    return operations[:: -(-len(operations) // most)] if len(operations) > most else operations


def _weight(intent: Intent, operation: Operation, rare: int) -> float:
    evidence = weigh(intent, operation)
    if evidence.weight < 0:
        return 0.0
    if intent.mid is None:
        if rare and evidence.weight >= 1 and operation.name == "Notify":
            return 0.6 / rare
        return 0.2 + min(evidence.weight, 1.0) * 0.3
    if intent.part != "request":
        # The request with this message ID has been counted, unless it is lost.
        return 0.3 + evidence.weight * 0.3
    # A platform's message IDs begin anywhere; those of reports are chosen by hand, often the same in every session.
    chosen = 1.0 if intent.sender == "server" else 0.6
    return chosen * (1.0 if operation.name else 0.5) + max(evidence.weight - 0.5, 0.0) * 0.6


def _proves(fit: Fit, intents: Sequence[Intent], traffic: Traffic) -> bool:
    strong = [pair for pair in fit.anchors if pair.weight >= STRONG]
    rest = sum(pair.weight for pair in fit.anchors) - sum(pair.weight for pair in strong)
    total = sum(pair.weight for pair in strong) + min(rest, WEAK_AT_MOST)
    if total < (ENOUGH_SAME_CLOCK if abs(fit.offset) <= SAME_CLOCK else ENOUGH):
        return False
    could = min(_comparable(fit, intents, traffic))
    return could < COMPARABLE or sum(_tells_mid(intents[pair.intent]) for pair in strong) >= COVERAGE * could


def _comparable(fit: Fit, intents: Sequence[Intent], traffic: Traffic) -> tuple[int, int]:
    """How many lines that tell a request of the server, and such requests, lie where both were recorded."""
    lines = [fit.at(intent.time) for intent in intents if _tells_mid(intent)]
    messages = [operation.time for operation in traffic.operations if _has_mid(operation)]
    if not lines or not messages:
        return 0, 0
    start = max(min(lines), min(messages)) - fit.residual - 1
    end = min(max(lines), max(messages)) + fit.residual + 1
    return sum(start <= time <= end for time in lines), sum(start <= time <= end for time in messages)


def _tells_mid(intent: Intent) -> bool:
    return intent.sender == "server" and intent.part == "request" and intent.mid is not None and not intent.shares


def _has_mid(operation: Operation) -> bool:
    """A request whose message ID a session would tell."""
    told = operation.sender == "server" and operation.name and not operation.name.startswith("Bootstrap")
    return bool(told) and operation.part == "request" and operation.first == operation.index


def _devices(fit: Fit, pairs: Sequence[Pair], intents: Sequence[Intent], traffic: Traffic) -> frozenset[str]:
    """Those with anchors; a line that fits messages of several goes to the one with the most."""
    device_of = [operation.device for operation in traffic.operations]
    if len({operation.device for operation in traffic.operations if operation.part == "request"}) <= 1:
        return frozenset(device_of)
    limit = max(TIGHTEST, *(abs(fit.error(pair)) for pair in fit.anchors))
    own: dict[str, list[Pair]] = {}
    for pair in pairs:
        if pair.weight >= STRONG and abs(fit.error(pair)) <= limit:
            own.setdefault(device_of[pair.operation], []).append(pair)
    if not own:
        support = Counter(device_of[pair.operation] for pair in fit.anchors)
        return frozenset(device for device, _ in support.most_common(1))
    lines = {device: {pair.intent for pair in best_each(found, fit)} for device, found in own.items()}
    could = _anchorable(fit, intents, traffic)
    claimed: set[int] = set()
    devices = set()
    for device in sorted(lines, key=lambda device: (-len(lines[device]), device)):
        new = lines[device] - claimed
        if new and len(new) >= OWN_SHARE * could[device]:
            claimed |= new
            devices.add(device)
    return frozenset(devices)


def _anchorable(fit: Fit, intents: Sequence[Intent], traffic: Traffic) -> Counter[str]:
    """How many requests of each device the session should have told."""
    start, end = fit.at(intents[0].time) - fit.residual, fit.at(intents[-1].time) + fit.residual
    return Counter(op.device for op in traffic.operations if _has_mid(op) and start <= op.time <= end)
