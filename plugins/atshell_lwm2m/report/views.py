"""Decoded traffic seen in different ways: each view is an ``atshell.hooks.Report``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from atshell.styled import Fragments
from atshell_lwm2m.message import Message, Seconds, to_json

Files = Iterable[tuple[Path, Iterable[Message]]]
"""Each capture with its messages, to be read once and in order."""
Sources = Iterable[tuple[Path | None, Iterable[Message]]]
"""The same, or a session, which has no path."""
Wanted = Callable[[Message], bool]
T = TypeVar("T")


def one_line(line: Fragments) -> Fragments:
    """What came from outside can't begin a line of its own."""
    return [(style, text.replace("\n", "\\x0a") if "\n" in text else text) for style, text in line]


class DetailReport:
    """Messages with each of their bytes; for programs, the messages."""

    def __init__(self, pairs: Iterable[tuple[Message, bytes | None]], warnings: Sequence[str] = ()) -> None:
        self._pairs = pairs
        self._warnings = warnings

    def text(self) -> Iterator[Fragments]:
        from atshell_lwm2m.report.details import lines

        return map(one_line, lines(self._pairs))

    def json(self) -> Iterator[str]:
        return (to_json(message).decode() for message, _ in self._pairs)

    def records(self) -> Iterator[object]:
        return (message for message, _ in self._pairs)

    @property
    def warnings(self) -> Sequence[str]:
        return self._warnings


class RecordReport:
    """Records that are made of the messages when they are asked for."""

    def __init__(
        self,
        records: Callable[[], Iterable[T]],
        lines: Callable[[Iterable[T]], Iterator[Fragments]],
        record: Callable[[T], object],
        warnings: Sequence[str],
    ) -> None:
        self._lines: Callable[[], Iterator[Fragments]] = lambda: lines(records())
        self._records: Callable[[], Iterator[object]] = lambda: map(record, records())
        self._warnings = warnings

    def text(self) -> Iterator[Fragments]:
        return map(one_line, self._lines())

    def json(self) -> Iterator[str]:
        return (_encoder.encode(record).decode() for record in self._records())

    def records(self) -> Iterator[object]:
        return self._records()

    @property
    def warnings(self) -> Sequence[str]:
        return self._warnings


def _encode_other(value: object) -> object:
    if isinstance(value, Seconds):
        return msgspec.Raw(value.digits.encode())
    raise TypeError(type(value).__name__)


_encoder = msgspec.json.Encoder(enc_hook=_encode_other)


def exchange_report(files: Sources, wanted: Wanted, warnings: Sequence[str]) -> RecordReport:
    """Exchanges of which at least one message is wanted."""
    from atshell_lwm2m.report.exchangelines import lines
    from atshell_lwm2m.report.exchanges import exchanges, record

    return RecordReport(lambda: exchanges(_chained(files), wanted), lines, record, warnings)


def registration_report(files: Sources, wanted: Wanted, warnings: Sequence[str]) -> RecordReport:
    from atshell_lwm2m.report.lifelines import lines
    from atshell_lwm2m.report.registrations import Life, lives

    def same(life: Life) -> object:
        return life

    return RecordReport(lambda: lives(filter(wanted, _chained(files))), lines, same, warnings)


def stats_report(files: Sources, wanted: Wanted, warnings: Sequence[str]) -> RecordReport:
    from atshell_lwm2m.report.statlines import lines
    from atshell_lwm2m.report.stats import Stats, statistics

    def same(stats: Stats) -> object:
        return stats

    def every(found: Iterable[Stats]) -> Iterator[Fragments]:
        for stats in found:
            yield from lines(stats)

    return RecordReport(lambda: [statistics(pairs(files, wanted))], every, same, warnings)


REPORTS: dict[str, Callable[[Sources, Wanted, Sequence[str]], RecordReport]] = {
    "exchanges": exchange_report,
    "registrations": registration_report,
    "stats": stats_report,
}


def pairs(files: Sources, wanted: Wanted) -> Iterator[tuple[Message, bytes | None]]:
    """The wanted messages with the bytes that they came in."""
    from atshell_lwm2m.report.raw import paired

    for path, messages in files:
        found = filter(wanted, messages)
        yield from paired(path, found) if path is not None else ((message, None) for message in found)


def _chained(files: Sources) -> Iterator[Message]:
    for _, messages in files:
        yield from messages
