"""Lines and messages joined in order: neither side overtakes itself.

Of all ways to pair them without crossing, the one with the greatest sum of scores. So three reports that leave
together after the radio has woken keep their order, and where a message is lost, the line next to it does not take
the message of another that fits better. It is the heaviest increasing chain, found with a tree of prefix maxima.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Option:
    """A line could be about a message; both are told by their places in time."""

    line: int
    message: int
    score: float
    """Above 0."""


def best_chain(options: Sequence[Option]) -> list[Option]:
    """The chosen ones, in order: each line and each message at most once."""
    ordered = sorted(options, key=lambda option: (option.line, -option.message))
    ranks = {message: rank for rank, message in enumerate(sorted({option.message for option in ordered}))}
    tree = _PrefixMaxima(len(ranks))
    before: list[int] = []
    for number, option in enumerate(ordered):
        # Of one line the later messages come first, so a line never follows itself.
        total, previous = tree.below(ranks[option.message])
        before.append(previous)
        tree.put(ranks[option.message], (total + option.score, number))
    chosen = []
    _, number = tree.below(len(ranks))
    while number >= 0:
        chosen.append(ordered[number])
        number = before[number]
    return chosen[::-1]


class _PrefixMaxima:
    """A Fenwick tree of (sum, option)."""

    def __init__(self, size: int) -> None:
        self._best: list[tuple[float, int]] = [(0.0, -1)] * (size + 1)

    def below(self, rank: int) -> tuple[float, int]:
        best = (0.0, -1)
        while rank > 0:
            best = max(best, self._best[rank])
            rank -= rank & -rank
        return best

    def put(self, rank: int, value: tuple[float, int]) -> None:
        rank += 1
        while rank < len(self._best):
            self._best[rank] = max(self._best[rank], value)
            rank += rank & -rank
