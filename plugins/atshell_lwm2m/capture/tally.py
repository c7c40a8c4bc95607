"""Warnings about what a capture can do a million times: one a kind, when the capture has been read."""

from __future__ import annotations

from collections.abc import Callable

Warn = Callable[[str], None]


class Tally:
    """Kinds are few and ours; what is told of a kind is the first case and how many there were."""

    def __init__(self, warn: Warn) -> None:
        self._warn = warn
        self._seen: dict[str, tuple[str, int]] = {}

    def note(self, kind: str, text: str) -> None:
        first, count = self._seen.get(kind, (text, 0))
        self._seen[kind] = first, count + 1

    def tell(self) -> None:
        for first, count in self._seen.values():
            self._warn(f"{first} (and {count - 1} more like it)" if count > 1 else first)
        self._seen.clear()
