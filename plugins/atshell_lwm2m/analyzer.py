"""The analyzer of this pack (``atshell.hooks.Analyzer``): captures and pasted payloads to reports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, islice
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from atshell.errors import AtshellError
from atshell.hooks import DecodeOptions, Export, Exported, Report
from atshell.styled import visible
from atshell_lwm2m.message import Message, to_json

if TYPE_CHECKING:
    from atshell.session.carried import CarriedLine
    from atshell.session.intent import Intent
    from atshell.styled import Fragments
    from atshell.transcript.file import Transcript
    from atshell_lwm2m.capture.fast import Headed, Skip
    from atshell_lwm2m.dissect.dissector import Dissector
    from atshell_lwm2m.dissect.skipped import Skipped
    from atshell_lwm2m.dtls.keys import Keys
    from atshell_lwm2m.filter import Condition

_ATTEMPTS = 3
"""To leave out what can't be wanted."""


def messages(
    captures: Sequence[Path], options: DecodeOptions = DecodeOptions(), warnings: list[str] | None = None
) -> Iterator[Message]:
    """Every message that the filter lets pass, capture after capture; ``file`` is set where several are given. Raises
    AtshellError, before the first message, for a file that is not there or is no capture and for a filter that can't
    be read; what stops the reading later goes to ``warnings``."""
    warnings = [] if warnings is None else warnings
    if not options.filter.strip():
        return chain.from_iterable(one for _, one in files(captures, options, warnings))
    from atshell_lwm2m.filter import compile_condition

    condition, keys = compile_condition(options.filter), _checked(captures, options)
    return _wanted(captures, options, condition, keys, warnings)


def _wanted(
    captures: Sequence[Path], options: DecodeOptions, condition: Condition, keys: Keys | None, warnings: list[str]
) -> Iterator[Message]:
    """Without reading what can't be wanted; from the beginning again if some of that was."""
    from atshell_lwm2m.dissect.skipped import ReadAgain, Skipped

    again = options.going is None and all(path.is_file() for path in captures)
    kept: set[bytes] = set()
    given, told = 0, len(warnings)
    for attempt in range(_ATTEMPTS, -1, -1):
        skipped = Skipped(kept) if attempt and again else None
        try:
            for message in islice(_sifted(captures, options, condition, keys, warnings, skipped), given, None):
                given += 1
                yield message
        except ReadAgain:
            del warnings[told:]
        else:
            return


def _sifted(
    captures: Sequence[Path],
    options: DecodeOptions,
    condition: Condition,
    keys: Keys | None,
    warnings: list[str],
    skipped: Skipped | None,
) -> Iterator[Message]:
    from atshell_lwm2m.dissect.sifted import Wanted

    skip: Skip = {} if skipped is None else skipped.keys
    for _, dissector, batches in _dissected(captures, options, keys, warnings, skip):
        if skipped is not None:
            skipped.clear()
        yield from Wanted(dissector, condition, skipped).messages(batches)


def wanted_by(options: DecodeOptions) -> Callable[[Message], bool]:
    """Raises AtshellError for a filter that can't be read."""
    if not options.filter.strip():
        return lambda _: True
    from atshell_lwm2m.filter import compile_filter

    return compile_filter(options.filter)


def files(
    captures: Sequence[Path], options: DecodeOptions, warnings: list[str]
) -> Iterator[tuple[Path, Iterator[Message]]]:
    """Each capture with all of its messages, to be read one after the other. Raises as ``messages`` does."""
    return _files(captures, options, _checked(captures, options), warnings)


def _checked(captures: Sequence[Path], options: DecodeOptions) -> Keys | None:
    """The keys. Raises AtshellError for what can't be read."""
    from atshell_lwm2m.capture.reader import check

    keys = _keys(options)
    for path in captures if not options.live else ():
        check(path, growing=options.going is not None)
    return keys


def _keys(options: DecodeOptions) -> Keys | None:
    """Raises AtshellError for what is no key."""
    if not options.psk and not options.keylogs:
        return None
    from atshell_lwm2m.dtls.keys import read_keys

    return read_keys(options.psk, options.keylogs)


def json_lines(captures: Sequence[Path], options: DecodeOptions, warnings: list[str]) -> Iterator[list[str]]:
    """What ``to_json`` makes of every message, faster and many at once. Raises as ``messages`` does, when it is
    read."""
    from atshell_lwm2m.dissect.fast import Lines

    if options.jobs > 1 and _can_share(captures, options, warnings):
        from atshell_lwm2m.dissect.jobs import merged

        yield from merged(partial(_shared, captures, options, warnings), options.jobs)
        return
    for _, dissector, batches in _dissected(captures, options, _keys(options), warnings):
        yield from Lines(dissector).batches(batches)


def _shared(captures: Sequence[Path], options: DecodeOptions, warnings: list[str], number: int) -> Iterator[list[str]]:
    """The share of one process."""
    from atshell_lwm2m.dissect.sifted import Share

    for _, dissector, batches in _dissected(captures, options, _keys(options), warnings):
        yield from Share(dissector, number, options.jobs).batches(batches)


def _can_share(captures: Sequence[Path], options: DecodeOptions, warnings: list[str]) -> bool:
    from atshell_lwm2m.dissect.jobs import can_fork

    if options.live or options.going is not None or not all(path.is_file() for path in captures):
        warnings.append("what is no file can be read but once: one process did it")
        return False
    return can_fork()


def _files(
    captures: Sequence[Path], options: DecodeOptions, keys: Keys | None, warnings: list[str]
) -> Iterator[tuple[Path, Iterator[Message]]]:
    from atshell_lwm2m.capture.fast import datagrams

    for path, dissector, batches in _dissected(captures, options, keys, warnings):
        yield path, dissector.messages(datagrams(batches))


def _dissected(
    captures: Sequence[Path],
    options: DecodeOptions,
    keys: Keys | None,
    warnings: list[str],
    skip: Mapping[bytes, set[bytes]] = MappingProxyType({}),
) -> Iterator[tuple[Path, Dissector, Iterator[list[Headed]]]]:
    from atshell_lwm2m.capture.progress import Progress
    from atshell_lwm2m.capture.reader import batches
    from atshell_lwm2m.capture.segments import Segments
    from atshell_lwm2m.dissect.dissector import Dissector
    from atshell_lwm2m.dtls.front import Dtls

    progress = Progress(captures, options.progress) if options.progress is not None else None
    # One for all files: a handshake may be in the first and what it protects in the next.
    dtls = Dtls(keys)
    for path in captures:
        file = str(path) if len(captures) > 1 else None
        segments = Segments(options.ports, dtls.keyed)
        if progress is not None:
            read = progress.batches(path, warnings.append, dtls.learn, segments, skip)
        else:
            warn, going, live, learn = warnings.append, options.going, options.live, dtls.learn
            read = batches(path, warn, going=going, live=live, secrets=learn, segments=segments, skip=skip)
        told, live = partial(_told, warnings, path), options.going is not None
        yield path, Dissector(options.ports, file, dtls, told, live=live), read


def _told(warnings: list[str], path: Path, what: str) -> None:
    warnings.append(f"{visible(path.name)}: {what}")


class MessageReport:
    """Messages, read once."""

    def __init__(
        self,
        source: Iterable[Message],
        warnings: Sequence[str] = (),
        lines: Callable[[], Iterator[list[str]]] | None = None,
    ) -> None:
        self._source = source
        self._warnings = warnings
        self._lines = lines
        """A faster way to the JSON of all of them."""

    def text(self) -> Iterator[Fragments]:
        from atshell_lwm2m.report.messages import lines
        from atshell_lwm2m.report.views import one_line

        return map(one_line, lines(self._source))

    def json(self) -> Iterator[str]:
        if self._lines is not None:
            return chain.from_iterable(self._lines())
        return (to_json(message).decode() for message in self._source)

    def json_batches(self) -> Iterator[list[str]]:
        """The same, many at once."""
        if self._lines is not None:
            return self._lines()
        return ([line] for line in self.json())

    def records(self) -> Iterator[object]:
        return iter(self._source)

    @property
    def warnings(self) -> Sequence[str]:
        return self._warnings


class LwM2mAnalyzer:
    """Reads captures in one pass and holds no more of them than answers need."""

    def know_objects(self, files: Sequence[Path]) -> None:
        from atshell_lwm2m.codec.registry import extend
        from atshell_lwm2m.objectfile import read_objects

        extend(read_objects(files))

    def decode(self, captures: Sequence[Path], options: DecodeOptions) -> Report:
        warnings: list[str] = []
        if options.view == "messages":
            every = None if options.filter.strip() else partial(json_lines, captures, options, warnings)
            if options.jobs > 1 and every is None:
                warnings.append("a filter is applied by one process")
            return MessageReport(messages(captures, options, warnings), warnings, every)
        from atshell_lwm2m.report import views

        wanted = wanted_by(options)
        found = files(captures, options, warnings)
        if options.view == "details":
            return views.DetailReport(views.pairs(found, wanted), warnings)
        return views.REPORTS[options.view](found, wanted, warnings)

    def export(self, captures: Sequence[Path], options: DecodeOptions, form: Export) -> Exported:
        from atshell_lwm2m.export import exported

        wanted = wanted_by(options)
        for path in captures:
            if form == "pcapng" and (options.live or options.going or (path.exists() and not path.is_file())):
                raise AtshellError(f"{path} can be read but once", "save it to a file first")
        if form != "pcapng":
            return exported.table(self.decode(captures, options), options.view, form)
        warnings: list[str] = []
        return exported.packets(files(captures, options, warnings), wanted, options.view, warnings)

    def decode_payload(
        self,
        data: bytes | str,
        *,
        kind: str | None = None,
        path: str | None = None,
        line: int = 0,
        details: bool = False,
    ) -> Report:
        from atshell_lwm2m import pasted

        message = pasted.decode_hex(data, kind, path) if isinstance(data, str) else pasted.decode(data, kind, path)
        message.frame = line
        if details:
            from atshell_lwm2m.report.views import DetailReport

            return DetailReport([(message, None)])
        return MessageReport([message])

    def decode_lines(self, lines: Iterable[CarriedLine], options: DecodeOptions, *, file: str | None = None) -> Report:
        from atshell_lwm2m import carried
        from atshell_lwm2m.dtls.front import Dtls

        if options.view not in ("messages", "details"):
            hint = "put a capture beside it: atshell correlate"
            raise AtshellError(f"a transcript alone has no {options.view}", hint)
        found = filter(wanted_by(options), carried.messages(lines, options.ports, Dtls(_keys(options)), file))
        if options.view == "messages":
            return MessageReport(found)
        from atshell_lwm2m.report.views import DetailReport

        return DetailReport((message, None) for message in found)

    def table(self, records: Iterable[object], form: Literal["csv", "parquet"]) -> Exported:
        from atshell_lwm2m.export import exported

        return exported.table(MessageReport(one for one in records if isinstance(one, Message)), "messages", form)

    def packets(self, records: Iterable[object]) -> Exported:
        from atshell_lwm2m.export.madeup import pcapng

        warnings: list[str] = []
        return Exported(pcapng((one for one in records if isinstance(one, Message)), warnings), warnings)

    def correlate(
        self,
        transcript: Transcript,
        intents: Sequence[Intent],
        captures: Sequence[Path],
        options: DecodeOptions,
    ) -> Report:
        from atshell_lwm2m.correlate import correlate_captures

        return correlate_captures(transcript, intents, captures, options)
