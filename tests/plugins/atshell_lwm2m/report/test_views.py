from __future__ import annotations

import json
from pathlib import Path

import pytest

from atshell.hooks import DecodeOptions, View
from atshell.styled import to_plain
from atshell_lwm2m.analyzer import LwM2mAnalyzer
from atshell_lwm2m.report.views import one_line

CAPTURES = Path(__file__).parent.parent / "captures"
SCREENS = Path(__file__).parent / "screens"
VIEWS: list[View] = ["messages", "details", "exchanges", "registrations", "stats"]


@pytest.mark.parametrize("screen", sorted(SCREENS.glob("*.txt")), ids=lambda screen: screen.stem)
def test_screens(screen: Path) -> None:
    """As recorded in ``screens``: what a person sees, to the column."""
    name, _, suffix = screen.stem.partition(".")
    view = next(view for view in VIEWS if view == suffix)
    report = LwM2mAnalyzer().decode([CAPTURES / f"{name}.pcap"], DecodeOptions(view=view))
    shown = "".join(to_plain(line).rstrip() + "\n" for line in report.text())
    assert shown == screen.read_text(encoding="utf-8")


@pytest.mark.parametrize("view", VIEWS)
def test_json_is_one_object_a_line_without_nulls(view: View) -> None:
    report = LwM2mAnalyzer().decode([CAPTURES / "anjay_nosec_lwm2m10.pcap"], DecodeOptions(view=view))
    lines = list(report.json())
    assert lines
    for line in lines:
        assert isinstance(json.loads(line), dict)
        assert ":null" not in line


@pytest.mark.parametrize("view", VIEWS)
def test_records_are_as_many_as_lines_of_json(view: View) -> None:
    capture = CAPTURES / "wakaama_bootstrap_v10_tlv.pcap"
    records = list(LwM2mAnalyzer().decode([capture], DecodeOptions(view=view)).records())
    assert len(records) == len(list(LwM2mAnalyzer().decode([capture], DecodeOptions(view=view)).json()))


def test_the_filter_of_each_view() -> None:
    capture = [CAPTURES / "anjay_nosec_lwm2m10.pcap"]

    def count(view: View, text: str) -> int:
        return len(list(LwM2mAnalyzer().decode(capture, DecodeOptions(view=view, filter=text)).json()))

    assert count("messages", "retransmission") == 4
    assert count("details", "retransmission") == 4
    assert count("exchanges", "retransmission") == 2
    assert count("registrations", "frame < 100") == 1
    stats = LwM2mAnalyzer().decode(capture, DecodeOptions(view="stats", filter="op == Notify"))
    assert json.loads(next(stats.json()))["messages"] == 24


def test_a_warning_reaches_the_reader() -> None:
    report = LwM2mAnalyzer().decode([CAPTURES / "cut_mid_record.pcap"], DecodeOptions(view="stats"))
    list(report.text())
    assert [warning[:30] for warning in report.warnings] == ["cut_mid_record.pcap: cut insid"]


def test_nothing_from_outside_begins_a_line() -> None:
    assert one_line([("value", "a\nb"), ("", "c")]) == [("value", "a\\x0ab"), ("", "c")]
