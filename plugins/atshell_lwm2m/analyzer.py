"""The analyzer of this pack (``atshell.hooks.Analyzer``): captures and pasted payloads to reports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from atshell.errors import AtshellError
from atshell.hooks import DecodeOptions, Export, Exported, Report
from atshell.styled import visible
from atshell_lwm2m.message import Message, to_json

if TYPE_CHECKING:
    from atshell.session.intent import Intent
    from atshell.styled import Fragments
    from atshell.transcript.file import Transcript
    from atshell_lwm2m.capture.frames import CapturedDatagram
    from atshell_lwm2m.dissect.dissector import Dissector
    from atshell_lwm2m.dtls.keys import Keys


def messages(
    captures: Sequence[Path], options: DecodeOptions = DecodeOptions(), warnings: list[str] | None = None
) -> Iterator[Message]:
    """Every message that the filter lets pass, capture after capture; ``file`` is set where several are given. Raises
    AtshellError, before the first message, for a file that is not there or is no capture and for a filter that can't
    be read; what stops the reading later goes to ``warnings``."""
    wanted = wanted_by(options)
    found = files(captures, options, [] if warnings is None else warnings)
    every = chain.from_iterable(one for _, one in found)
    return filter(wanted, every) if options.filter.strip() else every


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
    from atshell_lwm2m.capture.reader import check

    keys = _keys(options)
    for path in captures:
        check(path)
    return _files(captures, options, keys, warnings)


def _keys(options: DecodeOptions) -> Keys | None:
    """Raises AtshellError for what is no key."""
    if not options.psk and not options.keylogs:
        return None
    from atshell_lwm2m.dtls.keys import read_keys

    return read_keys(options.psk, options.keylogs)


def json_lines(captures: Sequence[Path], options: DecodeOptions, warnings: list[str]) -> Iterator[str]:
    """What ``to_json`` makes of every message, faster. Raises as ``messages`` does, when it is read."""
    from atshell_lwm2m.dissect.fast import Lines

    for _, dissector, datagrams in _dissected(captures, options, _keys(options), warnings):
        yield from Lines(dissector).lines(datagrams)


def _files(
    captures: Sequence[Path], options: DecodeOptions, keys: Keys | None, warnings: list[str]
) -> Iterator[tuple[Path, Iterator[Message]]]:
    for path, dissector, datagrams in _dissected(captures, options, keys, warnings):
        yield path, dissector.messages(datagrams)


def _dissected(
    captures: Sequence[Path], options: DecodeOptions, keys: Keys | None, warnings: list[str]
) -> Iterator[tuple[Path, Dissector, Iterator[CapturedDatagram]]]:
    from atshell_lwm2m.capture.progress import Progress
    from atshell_lwm2m.capture.reader import datagrams
    from atshell_lwm2m.dissect.dissector import Dissector
    from atshell_lwm2m.dtls.front import Dtls

    progress = Progress(captures, options.progress) if options.progress is not None else None
    # One for all files: a handshake may be in the first and what it protects in the next.
    dtls = Dtls(keys)
    for path in captures:
        file = str(path) if len(captures) > 1 else None
        read = progress.datagrams(path, warnings.append) if progress else datagrams(path, warnings.append)
        yield path, Dissector(options.ports, file, dtls, partial(_told, warnings, path)), read


def _told(warnings: list[str], path: Path, what: str) -> None:
    warnings.append(f"{visible(path.name)}: {what}")


class MessageReport:
    """Messages, read once."""

    def __init__(
        self,
        source: Iterable[Message],
        warnings: Sequence[str] = (),
        lines: Callable[[], Iterator[str]] | None = None,
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
            return self._lines()
        return (to_json(message).decode() for message in self._source)

    def records(self) -> Iterator[object]:
        return iter(self._source)

    @property
    def warnings(self) -> Sequence[str]:
        return self._warnings


class LwM2mAnalyzer:
    """Reads captures in one pass and holds no more of them than answers need."""

    def decode(self, captures: Sequence[Path], options: DecodeOptions) -> Report:
        warnings: list[str] = []
        if options.view == "messages":
            every = None if options.filter.strip() else partial(json_lines, captures, options, warnings)
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
            if form == "pcapng" and path.exists() and not path.is_file():
                raise AtshellError(f"{path} can be read but once", "save it to a file first")
        if form == "csv":
            return exported.table(self.decode(captures, options), options.view)
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

    def correlate(
        self,
        transcript: Transcript,
        intents: Sequence[Intent],
        captures: Sequence[Path],
        options: DecodeOptions,
    ) -> Report:
        from atshell_lwm2m.correlate import correlate_captures

        return correlate_captures(transcript, intents, captures, options)
