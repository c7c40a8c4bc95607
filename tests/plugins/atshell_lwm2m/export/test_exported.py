from __future__ import annotations

import csv
from pathlib import Path

import pytest

from atshell.errors import AtshellError
from atshell.hooks import DecodeOptions, View
from atshell_lwm2m.analyzer import LwM2mAnalyzer

CAPTURE = Path(__file__).parent.parent / "captures" / "anjay_nosec_lwm2m10.pcap"


@pytest.mark.parametrize(("view", "rows"), [("messages", 164), ("exchanges", 78), ("registrations", 3)])
def test_tables(view: View, rows: int) -> None:
    exported = LwM2mAnalyzer().export([CAPTURE], DecodeOptions(view=view), "csv")
    found = list(csv.DictReader(b"".join(exported.pieces).decode().splitlines()))
    assert len(found) == rows
    assert all(None not in row for row in found)


def test_what_has_no_such_form() -> None:
    analyzer = LwM2mAnalyzer()
    with pytest.raises(AtshellError, match="statistics are several tables"):
        analyzer.export([CAPTURE], DecodeOptions(view="stats"), "csv")
    with pytest.raises(AtshellError, match="pcapng holds packets, not exchanges"):
        analyzer.export([CAPTURE], DecodeOptions(view="exchanges"), "pcapng")
    with pytest.raises(AtshellError, match="no field is called"):
        analyzer.export([CAPTURE], DecodeOptions(filter="x"), "pcapng")
    with pytest.raises(AtshellError, match="can be read but once"):
        analyzer.export([Path("/dev/null")], DecodeOptions(), "pcapng")
