"""Keys and passwords masked: ``95Go****``, the first four characters and four asterisks, as the modules do it.

``Mask`` knows secrets and replaces them in any text. ``MaskingSink`` stands before a transcript and masks entries as
they come. A module's bytes are cut anywhere, so the end of a chunk that may be the beginning of a secret waits for the
next chunk of that direction; it keeps its time stamp, and what came after it waits too, so that the order stays.

Some secrets are first seen when the module prints them (``+MIPLDEVINFO`` shows the key in use). The caller may hand in
``reveals``: the beginnings of such lines, and a function that finds the secrets in one. Such a line is held until it
is whole.
"""

from __future__ import annotations

import re
import string
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from atshell.transcript.entry import Entry

SHOWN = 4
"""Characters that stay readable."""
DISTINCT = 8
"""A secret of this length is masked wherever it stands, a shorter one only as a word of its own: a password ``1234``
must not tear holes into every IMEI."""
MAX_SECRET = 1024
MAX_HELD = 4096
"""Characters of a line that are held at most."""
MAX_SECRETS = 200
"""More are not remembered; the oldest goes first."""
MAX_QUEUE = 1000
"""Entries that wait at most."""
_ASTERISKS = "****"
_FOLD = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
"""ASCII only: the letters of other alphabets are several bytes here, which have no case."""
_LINE_END = re.compile(r"[\r\n]")

Sink = Callable[[Entry], None]


def masked(secret: str) -> str:
    """What is shown of a secret. Of one of four characters or less that is nothing."""
    return (secret[:SHOWN] if len(secret) > SHOWN else "") + _ASTERISKS


class Mask:
    """The secrets known so far. Case does not matter: modules print hexadecimal keys in either."""

    def __init__(self) -> None:
        self._shown: dict[str, str] = {}
        self._pattern: re.Pattern[str] | None = None

    def add(self, secret: str, shown: str | None = None) -> None:
        """Mask ``secret`` from now on; ``shown`` is what replaces it, when it is not the usual form."""
        shown = masked(secret) if shown is None else shown
        folded = secret.translate(_FOLD)
        if not secret or secret == shown or len(secret) > MAX_SECRET or folded in self._shown:
            return
        if len(self._shown) >= MAX_SECRETS:
            del self._shown[next(iter(self._shown))]
        self._shown[folded] = shown
        longest_first = sorted(self._shown, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(_as_pattern, longest_first)), re.IGNORECASE | re.ASCII)

    def text(self, text: str) -> str:
        """``text`` with every known secret masked."""
        return self._pattern.sub(lambda match: self._shown[match[0].translate(_FOLD)], text) if self._pattern else text

    def pieces(self, text: str, start: int, end: int) -> Iterator[tuple[int, int, str | None]]:
        """``text[start:end]`` cut into plain pieces and secrets: offsets, and what is shown instead of a secret.

        What precedes ``start`` and follows ``end`` is looked at to find where words end. A secret that begins in the
        range and reaches beyond it is a piece as a whole.
        """
        for match in self._pattern.finditer(text, start) if self._pattern else ():
            if match.start() >= end:
                break
            yield start, match.start(), None
            start = match.end()
            yield match.start(), start, self._shown[match[0].translate(_FOLD)]
        if start < end:
            yield start, end, None

    def open_from(self, text: str, start: int) -> int:
        """From where on ``text`` may be the beginning of a secret that the next bytes complete; its end if nowhere.

        A secret that stands whole at the end counts too: the next byte decides whether it is a word of its own.
        """
        folded = text.translate(_FOLD)
        first = max(start, len(text) - max((len(secret) for secret in self._shown), default=0))
        for offset in range(first, len(text)):
            tail = folded[offset:]
            if any(secret.startswith(tail) for secret in self._shown):
                return offset
        return len(text)


def _as_pattern(secret: str) -> str:
    escaped = re.escape(secret)
    return escaped if len(secret) >= DISTINCT else rf"(?<![0-9A-Za-z]){escaped}(?![0-9A-Za-z])"


@dataclass(frozen=True, slots=True)
class Reveals:
    """Lines in which a module prints secrets."""

    heads: tuple[str, ...] = ()
    """How such lines begin, upper case: ``+MIPLDEVINFO``."""
    secrets: Callable[[str], Iterable[str]] = lambda _: ()
    """Finds the secrets in a whole line."""


@dataclass(slots=True)
class _Waiting:
    """An entry that is not wholly given on yet."""

    entry: Entry
    text: str = ""
    """What is certain of it, already masked."""
    open: bool = False
    """More of it is undecided."""


class _Direction:
    """The undecided bytes of one direction, and the entries that they came in."""

    def __init__(self, mask: Mask, reveals: Reveals) -> None:
        self._mask = mask
        self._reveals = reveals
        self._text = ""
        """Maybe one decided character, which tells whether a word begins; then the undecided ones."""
        self._from = 0
        """Where the undecided ones begin."""
        self._line: int | None = 0
        """Where the current line begins; None when its beginning is given on already."""
        self._owners: list[tuple[int, _Waiting]] = []
        """The offsets at which the undecided entries end, in order."""

    def feed(self, waiting: _Waiting) -> None:
        waiting.open = True
        self._text += waiting.entry.data
        self._owners.append((len(self._text), waiting))
        self._settle(self._certain())

    def flush(self) -> None:
        """Nothing more will come: decide everything."""
        self._learn(len(self._text))
        self._settle(len(self._text))

    def _certain(self) -> int:
        """Up to where the text is decided."""
        whole = max(self._text.rfind("\r", self._from), self._text.rfind("\n", self._from)) + 1
        if whole:
            self._learn(whole)
            self._line = whole
        if self._line is not None and self._may_reveal(self._text[self._line :]):
            return self._mask.open_from(self._text[: self._line], self._from)
        return self._mask.open_from(self._text, self._from)

    def _may_reveal(self, line: str) -> bool:
        start = line.lstrip(" ").upper()
        fits = any(start.startswith(head) or head.startswith(start) for head in self._reveals.heads)
        return fits and 0 < len(line) <= MAX_HELD

    def _learn(self, end: int) -> None:
        """The secrets of the lines that are whole, up to ``end``."""
        start = self._text.find("\n", self._from) if self._line is None else self._line
        for line in _LINE_END.split(self._text[max(start, 0) : end]) if self._reveals.heads else ():
            if line.strip().upper().startswith(self._reveals.heads):
                for secret in self._reveals.secrets(line.strip()):
                    self._mask.add(secret)

    def _settle(self, end: int) -> None:
        """Give the characters before ``end`` to their entries, masked, and forget them."""
        for start, stop, shown in self._mask.pieces(self._text, self._from, end):
            self._give(start, stop, shown)
            end = max(end, stop)
        while self._owners and self._owners[0][0] <= end:
            self._owners.pop(0)[1].open = False
        cut = max(end - 1, 0)
        self._text = self._text[cut:]
        self._from = end - cut
        self._owners = [(stop - cut, waiting) for stop, waiting in self._owners]
        self._line = self._line - cut if self._line is not None and self._line >= end else None

    def _give(self, start: int, stop: int, shown: str | None) -> None:
        """What a secret is replaced by goes to the entry in which it begins; plain text is shared out."""
        for end, waiting in self._owners:
            if start < end:
                waiting.text += self._text[start : min(stop, end)] if shown is None else shown
                start = stop if shown is not None else min(stop, end)
            if start >= stop:
                return


class MaskingSink:
    """Masks entries on their way to ``sink``. ``close`` gives on what still waits; it does not close ``sink``."""

    def __init__(self, sink: Sink, mask: Mask, reveals: Reveals = Reveals()) -> None:
        self._sink = sink
        self._mask = mask
        self._directions = {direction: _Direction(mask, reveals) for direction in ("tx", "rx")}
        self._queue: deque[_Waiting] = deque()

    def __call__(self, entry: Entry) -> None:
        if entry.dir == "note":
            self._queue.append(_Waiting(entry, self._mask.text(entry.data)))
        elif entry.data:
            self._queue.append(waiting := _Waiting(entry))
            self._directions[entry.dir].feed(waiting)
        if len(self._queue) > MAX_QUEUE:
            self.close()
        self._drain()

    def close(self) -> None:
        for direction in self._directions.values():
            direction.flush()
        self._drain()

    def _drain(self) -> None:
        while self._queue:
            waiting = self._queue[0]
            if waiting.text or waiting.entry.dir == "note":
                self._sink(replace(waiting.entry, data=waiting.text))
                waiting.text = ""
            if waiting.open:
                return
            self._queue.popleft()
