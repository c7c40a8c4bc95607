"""Which view has which form for other programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import msgspec

from atshell.errors import AtshellError
from atshell.hooks import Export, Exported, Report, View
from atshell_lwm2m.message import Message
from atshell_lwm2m.report.views import Files


def table(report: Report, view: View, form: Export) -> Exported:
    """As CSV or Parquet. Raises AtshellError for what is no table."""
    if view == "stats":
        raise AtshellError("statistics are several tables", "write them as text or JSON")
    if form == "parquet":
        from atshell_lwm2m.export.parquet import parquet

        return Exported(parquet(report.records(), _kind(view)), report.warnings)
    from atshell_lwm2m.export.table import csv_lines

    lines = csv_lines(report.records(), _kind(view))
    return Exported((line.encode("utf-8", "replace") for line in lines), report.warnings)


def _kind(view: View) -> type[msgspec.Struct]:
    if view == "exchanges":
        from atshell_lwm2m.report.exchanges import Exchange

        return Exchange
    if view == "registrations":
        from atshell_lwm2m.report.registrations import Life

        return Life
    return Message


def packets(files: Files, wanted: Callable[[Message], bool], view: View, warnings: Sequence[str]) -> Exported:
    """Raises AtshellError for what is no selection of packets."""
    from atshell_lwm2m.export.pcapng import pcapng

    if view not in ("messages", "details"):
        raise AtshellError(f"pcapng holds packets, not {view}", "leave out the view, or name a file as .csv or .json")
    pieces: Iterator[bytes] = pcapng(files, wanted)
    return Exported(pieces, warnings)
