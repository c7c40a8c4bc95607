"""Tables that a hostile capture can't fill: the oldest entry goes when there are too many."""

from __future__ import annotations

from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


def keep(table: dict[K, V], key: K, value: V, cap: int) -> None:
    """Set an entry as the newest."""
    table.pop(key, None)
    if len(table) >= cap:
        del table[next(iter(table))]
    table[key] = value
