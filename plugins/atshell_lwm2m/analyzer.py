"""The analyzer of this pack (``atshell.hooks.Analyzer``): captures and pasted payloads to reports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from atshell.hooks import DecodeOptions, Report
from atshell_lwm2m.message import Message, to_json

if TYPE_CHECKING:
    from atshell.session.intent import Intent
    from atshell.styled import Fragments
    from atshell.transcript.file import Transcript


def messages(
    captures: Sequence[Path], options: DecodeOptions = DecodeOptions(), warnings: list[str] | None = None
) -> Iterator[Message]:
    """Every message, capture after capture; ``file`` is set where several are given. Raises AtshellError, before the
    first message, for a file that is not there or is no capture; what stops the reading later goes to ``warnings``."""
    from atshell_lwm2m.capture.reader import check

    for path in captures:
        check(path)
    return _messages(captures, options, [] if warnings is None else warnings)


def _messages(captures: Sequence[Path], options: DecodeOptions, warnings: list[str]) -> Iterator[Message]:
    from atshell_lwm2m.capture.reader import datagrams
    from atshell_lwm2m.dissect.dissector import Dissector

    for path in captures:
        file = str(path) if len(captures) > 1 else None
        yield from Dissector(options.ports, file).messages(datagrams(path, warnings.append))


class MessageReport:
    """Messages, read once."""

    def __init__(self, source: Iterable[Message], warnings: Sequence[str] = ()) -> None:
        self._source = source
        self._warnings = warnings

    def text(self) -> Iterator[Fragments]:
        from atshell_lwm2m.report.messages import lines

        return lines(self._source)

    def json(self) -> Iterator[str]:
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
        return MessageReport(messages(captures, options, warnings), warnings)

    def decode_payload(
        self, data: bytes | str, *, kind: str | None = None, path: str | None = None, line: int = 0
    ) -> Report:
        from atshell_lwm2m import pasted

        message = pasted.decode_hex(data, kind, path) if isinstance(data, str) else pasted.decode(data, kind, path)
        message.frame = line
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
