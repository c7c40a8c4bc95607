"""How the session's time becomes the capture's: offset and drift from pairs that may be wrong.

A pair is a line and a message that may belong together. Right pairs agree on the difference of their times, wrong ones
scatter, so the offset is where most differences crowd. Drift is the median slope among the pairs that agree
(Theil-Sen), taken only where it stands out of the jitter. Then causality narrows the offset: a message cannot come
before the line that made it nor after the line that reports it, so the offset lies between the two. It is 0 where
that can be: the clocks of one machine agree.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

WINDOW = 6.0
"""Seconds within which the differences of right pairs lie: what a radio and a slow answer cost."""
MAX_DRIFT = 300e-6
"""Of a crystal and a PC's clock together, generously."""
MIN_DRIFT_SPAN = 60.0
"""Seconds that anchors must span before a drift is looked for."""
TIGHTEST, LOOSEST = 2.0, 30.0
"""Seconds: bounds of how far from the fit a pair may lie."""
SAMPLE = 120
"""Pairs that take part in the slopes, of which there are half the square."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A line and a message that may belong together."""

    time: float
    """Of the line, seconds since the session's start."""
    difference: float
    """Seconds that the message is later, each by its own clock."""
    weight: float
    intent: int
    operation: int
    made: bool
    """True when the line makes the message, False when it reports one."""


@dataclass(frozen=True, slots=True)
class Fit:
    offset: float = 0.0
    drift: float = 0.0
    """Seconds a second."""
    residual: float = 0.0
    anchors: tuple[Pair, ...] = ()
    """The pairs that agree, one for each line and each message."""

    def at(self, time: float) -> float:
        """The capture's time when the session's clock says ``time``."""
        return time + self.offset + self.drift * time

    def error(self, pair: Pair) -> float:
        """Seconds that the message is later than the line."""
        return pair.difference - self.offset - self.drift * pair.time


def fit_clock(pairs: Sequence[Pair]) -> Fit:
    """The best-supported fit; without anchors when there are no pairs."""
    if not pairs:
        return Fit()
    span = max(pair.time for pair in pairs) - min(pair.time for pair in pairs)
    chosen: Sequence[Pair] = _densest(pairs, WINDOW + MAX_DRIFT * span)
    fit = _line(chosen)
    for _ in range(3):
        limit = min(max(4 * _spread(fit, chosen), TIGHTEST), LOOSEST)
        near = [pair for pair in pairs if abs(fit.error(pair)) <= limit]
        if len(near) < len(chosen) / 2 and len(near) < 3:
            break
        chosen = best_each(near, fit)
        fit = _line(chosen)
    errors = [abs(fit.error(pair)) for pair in chosen]
    return Fit(fit.offset, fit.drift, median(errors), tuple(chosen))


def best_each(pairs: Iterable[Pair], fit: Fit) -> list[Pair]:
    """One pair for each line and each part of a message: the heavier, then the nearer wins."""
    taken: set[tuple[str, int]] = set()
    best = []
    for pair in sorted(pairs, key=lambda pair: (-pair.weight, abs(fit.error(pair)))):
        keys = {("line", pair.intent), ("made" if pair.made else "reported", pair.operation)}
        if not keys & taken:
            taken |= keys
            best.append(pair)
    return best


def _densest(pairs: Sequence[Pair], width: float) -> list[Pair]:
    """The pairs of the window in which most lines find a message; of equal ones that nearest to no offset."""
    ordered = sorted(pairs, key=lambda pair: pair.difference)
    counted: dict[int, list[float]] = {}
    total, first = 0.0, 0
    best: tuple[float, float, int, int] = (-1.0, 0.0, 0, 0)
    for last, pair in enumerate(ordered):
        weights = counted.setdefault(pair.intent, [])
        if not weights:
            total += pair.weight
        weights.append(pair.weight)
        while pair.difference - ordered[first].difference > width:
            gone = counted[ordered[first].intent]
            total -= gone.pop(0)
            if gone:
                total += gone[0]
            first += 1
        middle = (pair.difference + ordered[first].difference) / 2
        best = max(best, (round(total, 6), -abs(middle), first, last))
    return ordered[best[2] : best[3] + 1]


def _spread(fit: Fit, pairs: Sequence[Pair]) -> float:
    return median(abs(fit.error(pair)) for pair in pairs)


def _line(pairs: Sequence[Pair]) -> Fit:
    drift = _drift(pairs)
    made = sorted(pair.difference - drift * pair.time for pair in pairs if pair.made)
    reported = sorted(pair.difference - drift * pair.time for pair in pairs if not pair.made)
    return Fit(_between(made, reported), drift)


def _between(made: Sequence[float], reported: Sequence[float]) -> float:
    """The offset: not above any of ``made``, not below any of ``reported``; tails give way when they contradict."""
    low = reported[-1] if reported else _quantile(made, 0.05) - WINDOW
    high = made[0] if made else _quantile(reported, 0.95) + WINDOW
    if low <= 0 <= high:
        return 0.0
    if not made or not reported:
        return low if reported else high
    for tail in (0.1, 0.25, 0.5):
        if low <= high:
            break
        low, high = _quantile(reported, 1 - tail), _quantile(made, tail)
    return (low + high) / 2


def _quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def _drift(pairs: Sequence[Pair]) -> float:
    """Theil-Sen within each direction, whose delays differ; 0 where the jitter could give as much."""
    slopes: list[float] = []
    span = 0.0
    for made in (True, False):
        side = _sample([pair for pair in pairs if pair.made is made])
        if len(side) < 3:
            continue
        reach = side[-1].time - side[0].time
        span = max(span, reach)
        slopes += [
            (later.difference - earlier.difference) / (later.time - earlier.time)
            for index, earlier in enumerate(side)
            for later in side[index + 1 :]
            if later.time - earlier.time > reach / 5 > 0
        ]
    if not slopes or span < MIN_DRIFT_SPAN:
        return 0.0
    slope = median(slopes)
    if abs(slope) > MAX_DRIFT:
        return 0.0
    return slope if _stands_out(slope, pairs, span) else 0.0


def _sample(pairs: list[Pair]) -> list[Pair]:
    pairs.sort(key=lambda pair: pair.time)
    step = max(1, -(-len(pairs) // SAMPLE))
    return pairs[::step]


def _stands_out(slope: float, pairs: Sequence[Pair], span: float) -> bool:
    """True when the slope is more than three standard errors (of a line through evenly spread points)."""
    rest: list[float] = []
    for made in (True, False):
        side = [pair.difference - slope * pair.time for pair in pairs if pair.made is made]
        if side:
            middle = median(side)
            rest += [abs(value - middle) for value in side]
    sigma = 1.5 * median(rest)
    return abs(slope) > 3 * sigma * math.sqrt(12 / len(rest)) / span
