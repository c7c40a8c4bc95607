"""Every line to its message, once the clock is known.

First the lines that carry a message ID: the nearest message with that ID that nothing speaks against. Then those
without one, in order (``chain``), each kind of operation for itself. Last the lines that share the message of
another. What cannot be joined is left alone: in the field messages are lost, and a missing link is a fact too.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from atshell.session.intent import Intent
from atshell_lwm2m.correlate.chain import Option, best_chain
from atshell_lwm2m.correlate.clock import Fit
from atshell_lwm2m.correlate.evidence import Evidence, weigh
from atshell_lwm2m.correlate.index import Index
from atshell_lwm2m.correlate.traffic import EXCHANGE_LIFETIME, Operation

TRANSMIT_SPAN = 45.0
"""Seconds for which a message is sent again (RFC 7252, 4.8.2: MAX_TRANSMIT_SPAN). What the module has told already
can come again, and the capture may have only that."""
KEPT_BACK = 86400.0
"""Seconds for which a module may keep a request back until it is fetched (OneMO 4.2)."""
ANSWERED_BEFORE = 60.0
"""Seconds by which a module's own answer may precede the command that gives it once more (OneMO 3.17, 3.19)."""
SEQUENCE = 120.0
"""Seconds that a login may take until its registration is sent: bootstrap comes first."""
FAILURE = 300.0
"""Seconds until a request without answer is given up (RFC 7252, 4.8.2: MAX_TRANSMIT_WAIT is 93) and tried anew."""
UNKNOWN_DELAY, SHORTEST_DELAY, LONGEST_DELAY = 30.0, 1.0, 60.0
"""Seconds between a line and its message: without anchors to learn from, and the bounds of what is learned."""
UNKNOWN_SLACK, SHORTEST_SLACK, LONGEST_SLACK = 1.0, 0.001, 10.0
"""The same for how far a message may lie on the side of the line where causality does not put it."""
TEACHERS = 5
"""Anchors from which delays are learned; with fewer they are not known."""
COPIED_WITHIN = 0.5
"""Seconds between notifications of the same values to several observations."""
NEAREST = 24
"""Messages that are options for one line."""


@dataclass(frozen=True, slots=True)
class Join:
    intent: int
    operation: int
    why: tuple[str, ...]
    confidence: float


def join(intents: Sequence[Intent], index: Index, fit: Fit) -> list[Join]:
    """Joins by intent; ``intents`` are in the order of time."""
    joiner = _Joiner(intents, index, fit)
    joiner.by_message_id()
    joiner.in_order()
    joiner.copies()
    joiner.shared()
    return joiner.joins()


class _Joiner:
    def __init__(self, intents: Sequence[Intent], index: Index, fit: Fit) -> None:
        self._intents = intents
        self._index = index
        self._times = [fit.at(intent.time) for intent in intents]
        self._delays = {"at": _delay(fit, True), "urc": _delay(fit, False)}
        self._slack = _slack(fit)
        self._joined: dict[int, list[Join]] = {}
        self._made: set[int] = set()
        """Operations that a command line has been found for."""
        self._told: dict[int, int] = {}
        """The first line that tells an operation."""

    def joins(self) -> list[Join]:
        found = (join for number in sorted(self._joined) for join in self._joined[number])
        return [again for join in found for again in self._transmissions(join)]

    def by_message_id(self) -> None:
        late = []
        lines = [
            (number, intent)
            for number, intent in enumerate(self._intents)
            if intent.operations and intent.mid is not None and intent.shares != "earlier"
        ]
        told_by = Counter(_words(intent) for _, intent in lines)
        for number, intent in lines:
            # A user chooses the IDs of reports, often the same again: then only what is near is meant.
            again = intent.sender == "client" and told_by[_words(intent)] > 1
            nearest = self._nearest(number, intent, self._delays[intent.kind] if again else EXCHANGE_LIFETIME)
            if nearest is not None:
                self._add(number, *nearest, self._certainty(number, *nearest))
            elif intent.kind == "urc" and intent.part == "request":
                late.append(number)
        told = {join.operation for joins in self._joined.values() for join in joins}
        for number in late:
            nearest = self._nearest(number, self._intents[number], KEPT_BACK)
            if nearest is not None and nearest[0].index not in told:
                self._add(number, *nearest, 0.6)

    def in_order(self) -> None:
        """A command that starts a sequence makes each of its operations; a URC reports any one of them."""
        kinds: dict[tuple[object, ...], list[tuple[int, Intent]]] = {}
        for number, intent in enumerate(self._intents):
            if not intent.operations or intent.mid is not None or intent.shares:
                continue
            steps = [(name,) for name in intent.operations] if intent.kind == "at" else [intent.operations]
            for names in steps:
                step = replace(intent, operations=names)
                key = (names, intent.kind, intent.part, intent.sender, intent.ok)
                kinds.setdefault(key, []).append((number, step))
        for lines in kinds.values():
            self._chain(lines)

    def copies(self) -> None:
        """One line makes several notifications when several observations cover what it reports."""
        for joins in self._joined.values():
            join = joins[0]
            intent, first = self._intents[join.intent], self._index.traffic.operations[join.operation]
            if intent.kind != "at" or intent.part != "request" or not first.values or not intent.values:
                continue
            alike = self._index.candidates(replace(intent, mid=None))
            place = bisect_left(alike, first.time - COPIED_WITHIN, key=_time)
            for other in alike[place : place + NEAREST]:
                near = abs(other.time - first.time) <= COPIED_WITHIN
                if near and other.index not in self._made and other.values == first.values:
                    self._made.add(other.index)
                    joins.append(replace(join, operation=other.index, why=(*join.why, "same values")))

    def shared(self) -> None:
        following: dict[tuple[object, ...], int] = {}
        for number in range(len(self._intents) - 1, -1, -1):
            intent = self._intents[number]
            key = (intent.operations, intent.part, _instance(intent))
            if not intent.shares:
                following[key] = number
            elif intent.shares == "next" and number not in self._joined:
                self._share(number, following.get(key), again=False)
        earlier: dict[tuple[object, ...], int] = {}
        for number, intent in enumerate(self._intents):
            if intent.shares == "earlier" and intent.operations:
                self._share(number, earlier.get(_words(intent)), again=True)
            elif not intent.shares:
                earlier[_words(intent)] = number

    def _share(self, number: int, other: int | None, *, again: bool) -> None:
        """The other line's messages are this one's too; ``again`` when for the same reasons."""
        for join in self._joined.get(other, []) if other is not None else []:
            evidence = weigh(self._intents[number], self._index.traffic.operations[join.operation])
            if evidence.weight >= 0:
                why = join.why if again else (*evidence.why, "order")
                self._joined.setdefault(number, []).append(Join(number, join.operation, why, join.confidence * 0.9))

    def _add(self, number: int, operation: Operation, evidence: Evidence, confidence: float) -> None:
        intent = self._intents[number]
        if intent.kind == "at":
            self._made.add(operation.index)
        else:
            self._told[operation.index] = min(number, self._told.get(operation.index, number))
        why = evidence.why
        if intent.mid is not None:
            word = "ackid" if intent.sender == "client" and intent.kind == "at" else "mid"
            why = (f"{word} {intent.mid}", *why)
        self._joined.setdefault(number, []).append(Join(number, operation.index, why, confidence))

    def _nearest(self, number: int, intent: Intent, limit: float) -> tuple[Operation, Evidence] | None:
        best: tuple[float, Operation, Evidence] | None = None
        candidates = self._index.candidates(intent)
        for operation in (candidates[place] for place in self._around(number, candidates, self._span(intent, limit))):
            evidence = weigh(intent, operation)
            if evidence.weight < 0:
                continue
            cost = self._cost(intent, operation.time - self._times[number]) / (1 + evidence.weight)
            if best is None or cost < best[0]:
                best = cost, operation, evidence
        return best[1:] if best is not None else None

    def _certainty(self, number: int, operation: Operation, evidence: Evidence) -> float:
        """Of a join by message ID."""
        if not operation.name:
            return 0.75
        away = operation.time - self._times[number]
        if self._intents[number].kind == "urc" and away > self._slack:
            return 0.8
        return 0.99 if evidence.weight > 0 else 0.95

    def _span(self, intent: Intent, limit: float) -> tuple[float, float]:
        """Seconds around the line in which its message can be."""
        if intent.kind == "urc":
            return -limit, TRANSMIT_SPAN
        return -ANSWERED_BEFORE if intent.part == "response" else -self._slack, limit

    def _cost(self, intent: Intent, later: float) -> float:
        """The distance; on the wrong side of the line, where causality does not put it, ten times that."""
        right = later >= 0 if intent.kind == "at" else later <= 0
        return abs(later) if right else 10 * abs(later)

    def _chain(self, lines: Sequence[tuple[int, Intent]]) -> None:
        options: list[Option] = []
        known: dict[tuple[int, int], tuple[Operation, Evidence, float]] = {}
        choices: dict[int, int] = {}
        for number, intent in lines:
            for place, operation in self._options(number, intent):
                evidence = weigh(intent, operation)
                if evidence.weight < 0 or self._taken(number, operation):
                    continue
                away = min(abs(operation.time - self._times[number]) / self._limit(intent), 1.0)
                options.append(Option(number, place, 1 + evidence.weight - 0.9 * away))
                known[number, place] = operation, evidence, away
                choices[number] = choices.get(number, 0) + 1
        for option in best_chain(options):
            operation, evidence, away = known[option.line, option.message]
            reason = "order" if choices[option.line] > 1 else "time"
            outcome = (operation.label or operation.name,) if self._intents[option.line].kind == "urc" else ()
            why = (*outcome, *evidence.why, reason)
            blind = not operation.name or (self._intents[option.line].target and not evidence.weight)
            confidence = (0.5 if blind else 0.7) + 0.2 * min(evidence.weight, 1.0) - 0.2 * away
            self._add(option.line, operation, Evidence(evidence.weight, why), confidence)

    def _taken(self, number: int, operation: Operation) -> bool:
        """Another command has made it, or an earlier line has told all of it: then it does not wait."""
        intent = self._intents[number]
        if intent.kind == "at":
            return operation.index in self._made
        return intent.part == "request" and self._told.get(operation.index, number) < number

    def _options(self, number: int, intent: Intent) -> Iterator[tuple[int, Operation]]:
        """The nearest candidates with their places among all."""
        candidates = self._index.candidates(intent)
        limit = self._limit(intent)
        span = (-limit, self._slack) if intent.kind == "urc" else (-self._slack, limit)
        for place in self._around(number, candidates, span):
            yield place, candidates[place]

    def _around(self, number: int, operations: Sequence[Operation], span: tuple[float, float]) -> range:
        """The places of those in a span of seconds around a line; of many the nearest."""
        time = self._times[number]
        first = bisect_left(operations, time + span[0], key=_time)
        last = bisect_right(operations, time + span[1], key=_time)
        if last - first > NEAREST:
            middle = min(max(bisect_left(operations, time, key=_time), first), last)
            first = max(first, min(middle - NEAREST // 2, last - NEAREST))
            last = first + NEAREST
        return range(first, last)

    def _limit(self, intent: Intent) -> float:
        if intent.part == "outcome" and intent.ok is False:
            return FAILURE
        if intent.kind == "at" and intent.operations in (("Register",), ("Bootstrap-Request",)):
            return SEQUENCE
        return self._delays[intent.kind]

    def _transmissions(self, join: Join) -> Iterator[Join]:
        """The join, and its message's other transmissions; a report only knows what came before it."""
        yield join
        intent, operations = self._intents[join.intent], self._index.traffic.operations
        for number in self._index.traffic.transmissions(join.operation):
            if number == join.operation:
                continue
            if intent.kind == "at" or operations[number].time <= self._times[join.intent] + self._slack:
                yield replace(
                    join, operation=number, why=(*join.why, "retransmission"), confidence=join.confidence * 0.9
                )


def _delay(fit: Fit, made: bool) -> float:
    """What delay to expect at most, learned from the anchors of that direction."""
    delays = sorted(abs(fit.error(pair)) for pair in fit.anchors if pair.made is made)
    if len(delays) < TEACHERS:
        return UNKNOWN_DELAY
    return min(max(10 * delays[int(0.9 * len(delays))], SHORTEST_DELAY), LONGEST_DELAY)


def _slack(fit: Fit) -> float:
    if len(fit.anchors) < TEACHERS:
        return UNKNOWN_SLACK
    return min(max(3 * fit.residual, SHORTEST_SLACK), LONGEST_SLACK)


def _words(intent: Intent) -> tuple[object, ...]:
    return intent.operations, intent.part, intent.mid, intent.target


def _instance(intent: Intent) -> str:
    return "/".join((intent.target or "").split("/")[:3])


def _time(operation: Operation) -> float:
    return operation.time
