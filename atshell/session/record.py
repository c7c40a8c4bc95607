"""What a session writes down: every byte and note, in the order of time, secrets masked, to every sink.

A sink that cannot take more (the disk is full) is dropped; the session goes on, and the next command says so once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from atshell.errors import AtshellError
from atshell.transcript.entry import Direction, Entry
from atshell.transcript.redact import Mask, MaskingSink

if TYPE_CHECKING:
    from atshell.catalog.lookup import Catalog
    from atshell.catalog.profile import Profile

Sink = Callable[[Entry], None]


class Record:
    """``catalog`` None: nothing is masked."""

    def __init__(self, catalog: Catalog | None, profile: Profile, sinks: Iterable[Sink] = ()) -> None:
        self.sinks: list[Sink] = list(sinks)
        self._catalog = catalog
        self._mask = Mask()
        self._latest = 0.0
        self._error: AtshellError | None = None
        self._masking: MaskingSink | None = None
        if catalog is not None:
            from atshell.session.redact import reveals

            self._masking = MaskingSink(self._give, self._mask, reveals(catalog, profile))

    def expect_secrets(self, line: str, profile: Profile) -> None:
        """Learn the secrets of a line before it is recorded."""
        if self._catalog is not None:
            from atshell.session.redact import remember

            remember(line, self._mask, self._catalog, profile)

    def tx(self, t: float, data: bytes) -> None:
        self._take(t, "tx", data.decode("latin-1"))

    def rx(self, t: float, data: bytes) -> None:
        self._take(t, "rx", data.decode("latin-1"))

    def note(self, t: float, text: str, kind: str) -> None:
        self._take(t, "note", text, kind)

    def check(self) -> None:
        """Raise what went wrong with a sink since the last time."""
        error, self._error = self._error, None
        if error is not None:
            raise error

    def close(self) -> None:
        """Give on what waits; the sinks stay open."""
        if self._masking is not None:
            self._masking.close()

    def _take(self, t: float, direction: Direction, data: str, kind: str = "") -> None:
        # Bytes that were read while others were being written carry an earlier stamp by some microseconds.
        self._latest = max(self._latest, t)
        entry = Entry(self._latest, direction, data, kind)
        if self._masking is not None:
            self._masking(entry)
        else:
            self._give(entry)

    def _give(self, entry: Entry) -> None:
        for sink in list(self.sinks):
            try:
                sink(entry)
            except AtshellError as error:
                self.sinks.remove(sink)
                self._error = error
