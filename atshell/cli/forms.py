"""In which form ``decode`` writes, and the writing."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Literal, TextIO

from atshell.errors import AtshellError
from atshell.hooks import Batched, Report

Form = Literal["text", "json", "array", "csv", "parquet", "pcapng"]
"""``json`` is an object a line, ``array`` one JSON document."""

_BY_SUFFIX: dict[str, Form] = {
    ".json": "array",
    ".ndjson": "json",
    ".jsonl": "json",
    ".csv": "csv",
    ".parquet": "parquet",
    ".pcapng": "pcapng",
}
_NOT_WRITTEN = {
    ".pcap": "a pcap file can't hold comments: name it .pcapng",
    ".xlsx": "name it .csv",
    ".html": "name it .txt, .csv or .ndjson",
}
_BATCH = 512


def form_of(asked: str | None, output: str | None) -> Form:
    """As ``--format`` says, else as the output's name ends. Raises AtshellError for what is not written."""
    if asked is not None:
        return asked  # type: ignore[return-value]  # argparse knows the choices
    suffix = Path(output).suffix.lower() if output is not None else ""
    if suffix in _NOT_WRITTEN:
        raise AtshellError(f"{output}: {suffix} is not written", _NOT_WRITTEN[suffix])
    return _BY_SUFFIX.get(suffix, "text")


def write_json(reports: Iterable[Report], stream: TextIO, *, array: bool) -> None:
    """An object a line; as an array, with its brackets and commas."""
    if not array:
        for report in reports:
            stream.writelines(report.json_text() if isinstance(report, Batched) else _joined(report.json()))
        return
    lines = (line for report in reports for line in report.json())
    first = next(lines, None)
    stream.write("[")
    if first is not None:
        stream.write(f"\n{first}")
    stream.writelines(f",\n{line}" for line in lines)
    stream.write("\n]\n")


def _joined(lines: Iterator[str]) -> Iterator[str]:
    while batch := list(islice(lines, _BATCH)):
        yield "\n".join([*batch, ""])


def write_bytes(pieces: Iterable[bytes], stream: BinaryIO) -> None:
    stream.writelines(pieces)


@contextmanager
def byte_destination(path: str | None, form: Form) -> Iterator[BinaryIO]:
    """The file that ``-o`` names, else standard output. Raises AtshellError when it can't be written, or when bytes
    would go to a terminal."""
    if path is None or path == "-":
        if form != "csv" and sys.stdout.isatty():
            raise AtshellError(f"a {form} file is nothing for a terminal", "write it to a file with -o, or into a pipe")
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with ExitStack() as stack:
        try:
            file = stack.enter_context(open(path, "wb"))
        except OSError as error:
            raise AtshellError(f"cannot write {path}: {error.strerror}", "name another file with -o") from error
        yield file
