"""Names like a given one, for "did you mean": those it begins, those it stands in, those a few slips away."""

from __future__ import annotations

from collections.abc import Iterable

MAX_LENGTH = 64
"""Longer texts are like nothing."""


def nearest(text: str, names: Iterable[str], *, limit: int) -> list[str]:
    """At most ``limit`` of ``names``, best first. Case counts."""
    if not text or len(text) > MAX_LENGTH:
        return []
    ranked = []
    for order, name in enumerate(names):
        rank = _rank(text, name)
        if rank is not None:
            ranked.append((rank, order, name))
    return [name for _, _, name in sorted(ranked)[:limit]]


def _rank(text: str, name: str) -> tuple[int, int] | None:
    """Class (same, slips, begins, contains) and degree within it; None when unlike."""
    if text == name:
        return 0, 0
    # A third of the letters may be wrong, three at most.
    allowed = min(3, len(text) // 3)
    slips = _distance(text, name, allowed)
    if slips is not None and slips <= 1:
        return 1, slips
    if len(text) >= 2 and name.startswith(text):
        return 2, len(name)
    if slips is not None:
        return 3, slips
    if len(text) >= 3 and text in name:
        return 4, len(name)
    return None


def _distance(one: str, other: str, allowed: int) -> int | None:
    """Letters to insert, drop, change or swap (optimal string alignment); None above ``allowed``."""
    if abs(len(one) - len(other)) > allowed:
        return None
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        previous, row = row, [i]
        for j, b in enumerate(other, 1):
            cost = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > allowed:
            return None
        before = previous
    return row[-1] if row[-1] <= allowed else None
