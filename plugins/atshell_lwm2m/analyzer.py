"""The analyzer of this pack (``atshell.hooks.Analyzer``): captures and pasted payloads to reports."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, islice
from pathlib import Path
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
    from atshell_lwm2m.capture.fast import Headed
    from atshell_lwm2m.capture.glance import Skip
    from atshell_lwm2m.dissect.dissector import Dissector
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
    from atshell_lwm2m.capture.glance import Skip
    from atshell_lwm2m.dissect.elsewhere import ReadAgain

    again = options.going is None and all(path.is_file() for path in captures)
    skip = Skip()
    given, told = 0, len(warnings)
    for attempt in range(_ATTEMPTS, -1, -1):
        skipping = skip if attempt and again else None
        try:
            for message in islice(_sifted(captures, options, condition, keys, warnings, skipping), given, None):
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
    skip: Skip | None,
) -> Iterator[Message]:
    from atshell_lwm2m.dissect.sifted import Wanted

    for _, dissector, batches in _dissected(captures, options, keys, warnings, skip):
        yield from Wanted(dissector, condition, skip).messages(batches)


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


def json_text(captures: Sequence[Path], options: DecodeOptions, warnings: list[str]) -> Iterator[str]:
    """What ``to_json`` makes of every message, a line each, faster and many at once. Raises as ``messages`` does, when
    it is read."""
    from atshell_lwm2m.dissect.fast import Lines

    if options.jobs > 1 and _can_share(captures, options, warnings):
        from atshell_lwm2m.dissect.jobs import merged

        yield from merged(partial(_shared, captures, options, warnings), options.jobs)
        return
    for _, dissector, batches in _dissected(captures, options, _keys(options), warnings):
        yield from Lines(dissector).batches(batches)


def _shared(captures: Sequence[Path], options: DecodeOptions, warnings: list[str], number: int) -> Iterator[list[str]]:
    """The share of one process. What is to be shown after all, though its conversation was dropped, has it read again
    from the beginning, with nothing dropped."""
    from atshell_lwm2m.dissect.elsewhere import ReadAgain

    given, told = 0, len(warnings)
    try:
        for places in _share(captures, options, warnings, number, drop=True):
            given += len(places)
            yield places
    except ReadAgain:
        del warnings[told:]
        for places in _share(captures, options, warnings, number, drop=False):
            if given < len(places):
                yield places[given:]
            given = max(given - len(places), 0)


def _share(
    captures: Sequence[Path], options: DecodeOptions, warnings: list[str], number: int, *, drop: bool
) -> Iterator[list[str]]:
    from atshell_lwm2m.dissect.share import Share

    dropped: set[bytes] = set()
    for _, dissector, batches in _dissected(captures, options, _keys(options), warnings, elsewhere=dropped):
        keys = dropped if drop else None
        dropped.clear()
        yield from Share(dissector, number, options.jobs, keys).places(batches)


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
    skip: Skip | None = None,
    elsewhere: Collection[bytes] = (),
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
            read = progress.batches(path, warnings.append, dtls.learn, segments, skip, elsewhere)
        else:
            warn, going, live, learn = warnings.append, options.going, options.live, dtls.learn
            read = batches(
                path, warn, going=going, live=live, secrets=learn, segments=segments, skip=skip, elsewhere=elsewhere
            )
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
        text: Callable[[], Iterator[str]] | None = None,
    ) -> None:
        self._source = source
        self._warnings = warnings
        self._text = text
        """A faster way to the JSON of all of them."""

    def text(self) -> Iterator[Fragments]:
        from atshell_lwm2m.report.messages import lines
        from atshell_lwm2m.report.views import one_line

        return map(one_line, lines(self._source))

    def json(self) -> Iterator[str]:
        if self._text is not None:
            # No other character ends a line: what JSON writes as it is may be one for ``splitlines``.
            return chain.from_iterable(text.split("\n")[:-1] for text in self._text())
        return (to_json(message).decode() for message in self._source)

    def json_text(self) -> Iterator[str]:
        """The same with line feeds, many at once."""
        if self._text is not None:
            return self._text()
        return (f"{line}\n" for line in self.json())

    def records(self) -> Iterator[object]:
        return iter(self._source)

    @property
    def warnings(self) -> Sequence[str]:
        return self._warnings


def _whole(message: Message, data: bytes | str) -> bytes | None:
    """The bytes of a message that nothing was around."""
    if message.code is None or message.transport:
        return None
    from atshell_lwm2m.notation import bytes_of

    return bytes_of(data) if isinstance(data, str) else data


class LwM2mAnalyzer:
    """Reads captures in one pass and holds no more of them than answers need."""

    def know_objects(self, files: Sequence[Path]) -> None:
        from atshell_lwm2m.codec.registry import extend
        from atshell_lwm2m.objectfile import read_objects

        extend(read_objects(files))

    def decode(self, captures: Sequence[Path], options: DecodeOptions) -> Report:
        warnings: list[str] = []
        if options.view == "messages":
            every = None if options.filter.strip() else partial(json_text, captures, options, warnings)
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

            return DetailReport([(message, _whole(message, data))])
        return MessageReport([message])

    def decode_lines(self, lines: Iterable[CarriedLine], options: DecodeOptions, *, file: str | None = None) -> Report:
        from atshell_lwm2m import carried
        from atshell_lwm2m.dtls.front import Dtls

        wanted = wanted_by(options)
        kept = list(lines)
        found = carried.messages(kept, options.ports, Dtls(_keys(options)), file)
        if options.view == "messages":
            return MessageReport(filter(wanted, found))
        from atshell_lwm2m.report import views

        if options.view == "details":
            said = {line.number: line.carried.data for line in kept}
            return views.DetailReport(
                (message, _whole(message, said[message.frame])) for message in filter(wanted, found)
            )
        if options.view != "stats" and all(message.code is None for message in found):
            hint = "put a capture beside it: atshell correlate"
            raise AtshellError(f"a session whose lines carry no CoAP has no {options.view}", hint)
        return views.REPORTS[options.view]([(None, found)], wanted, ())

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
